// Draws one chart of metrics. It fetches its own points, reduced by the server to its width, and draws gaps as gaps.

import ApexCharts from '../lib/apexcharts/apexcharts.esm.js';
import { Layer, annotations, spoken } from './chart-layer.js';
import { ask, difference, gaps, join, newest, valueAt } from './chart-points.js';
import { saveCsv, savePng } from './chart-save.js';
import { dashes, heights, isDark, strokes, token } from './chart-style.js';
import { format, instant, moment, nameLines } from './chart-words.js';

const MOST_LINES = 20;

/** The charts of the page: a pointer over one shows its instant on all. */
const shown = new Set();

class Chart {
  #host; #settings = {}; #owner; #apex; #timer; #asked; #hidden = new Set(); #lines = []; #band = null; #width = 0; #watch; #themes = new AbortController();
  #layer; #marks = []; #since = null; #found = 0; #added = 0; #range = [0, 0]; #pattern; #colours = [];

  constructor(host, settings, owner) {
    this.#host = host;
    this.#owner = owner;
    shown.add(this);
    const signal = this.#themes.signal;
    const redraw = () => this.#lines.length && this.#draw(true);
    document.addEventListener('portal:theme', redraw, { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal });
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.#settings.refreshSeconds) this.#more(); }, { signal });
    host.addEventListener('pointermove', pointer => { const time = this.#layer?.timeAt(pointer, host) ?? null; shown.forEach(chart => chart.#cross(time)); }, { signal });
    host.addEventListener('pointerleave', () => shown.forEach(chart => chart.#cross(null)), { signal });
    this.#watch = new ResizeObserver(() => { if (Math.abs(host.clientWidth - this.#width) > 60) this.#load(); });
    this.show(settings);
    this.#watch.observe(host);
  }

  show(settings) {
    const picture = ({ refreshSeconds, hidden, ...rest }) => JSON.stringify(rest);
    const same = this.#lines.length > 0 && picture(settings) === picture(this.#settings);
    const before = [...this.#hidden].join('\n');
    this.#settings = settings;
    if (settings.hidden) this.#hidden = new Set(settings.hidden);
    if (same && before !== [...this.#hidden].join('\n')) this.#draw(false);
    clearInterval(this.#timer);
    if (settings.refreshSeconds) this.#timer = setInterval(() => { if (!document.hidden) this.#more(); }, settings.refreshSeconds * 1000);
    return !same ? this.#load() : settings.refreshSeconds ? this.#more() : undefined;
  }

  save(kind) {
    if (!this.#apex) return undefined;
    const { title, unit, zone } = this.#settings;
    if (kind === 'csv') return saveCsv(title, this.#lines);
    const legend = this.#lines.map((line, index) => ({ name: line.name, value: format(line.points.at(-1)?.[1] ?? null, unit), stroke: this.#colours[index] })).filter(line => !this.#hidden.has(line.name));
    return savePng({ title, host: this.#host, area: this.#layer.area, range: this.#range, zone, legend, marks: this.#allMarks, band: this.#host.querySelector('.band path')?.getAttribute('d'), colour: token });
  }

  get #shown() { return this.#lines.filter(line => !this.#hidden.has(line.name)); }

  /** What others did and what was found, and the start that was asked for. */
  get #allMarks() {
    const found = this.#since?.started;
    return found ? [...this.#marks, { kind: 'start', at: found.from ?? found.to, until: found.to, title: 'since then it is different' }] : this.#marks;
  }

  dispose() {
    shown.delete(this);
    clearInterval(this.#timer);
    this.#asked?.abort();
    this.#themes.abort();
    this.#watch.disconnect();
    this.#apex?.destroy();
  }

  #begin() {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    this.#width = this.#host.clientWidth;
    const now = Date.now();
    const { from, to } = this.#settings;
    return [asked.signal, [instant(from, now), instant(to, now)], Math.max(60, Math.min(2000, Math.round(this.#width)))];
  }

  async #load() {
    const [signal, range, points] = this.#begin();
    const { partner, queries } = this.#settings;
    try {
      const answers = await Promise.all(queries.map(one => ask(partner, one, ...range, points, signal)));
      const since = this.#settings.since ? await this.#ask(range, signal) : null;
      this.#added = 0;
      this.#since = since;
      this.#warn(answers);
      await this.#take(answers.flat(), range, false);
    } catch (failure) {
      this.#failed(failure);
    }
  }

  /** Asks only for what is newer than the last point, and looks at everything again when that has grown to a third of the picture. */
  async #more() {
    const all = [...this.#lines.filter(line => !line.derived), ...(this.#band ? [this.#band] : [])];
    const last = newest(all);
    const [signal, range, points] = this.#begin();
    if (all.length === 0 || last < range[0] || this.#added > points / 3 * all.length || this.#found > MOST_LINES) return this.#load();
    const { partner, queries } = this.#settings;
    try {
      const answers = await Promise.all(queries.map(one => {
        const own = all.filter(line => line.asked.query === one.query);
        const start = newest(own) || last;
        return ask(partner, one, start, Math.max(range[1], start + 1), Math.max(4, Math.min(points, Math.round((range[1] - start) / (range[1] - range[0]) * points))), signal);
      }));
      this.#added += join(all, answers.flat(), range[0]);
      return await this.#take(all, range, true);
    } catch (failure) {
      return this.#failed(failure);
    }
  }

  async #take(all, range, same) {
    const { partner, integration, bare } = this.#settings;
    this.#band = all.find(line => line.asked.band) ?? null;
    const drawn = all.filter(line => !line.asked.band);
    if (!same) this.#found = drawn.length;
    const peak = line => line.points.reduce((most, [, value]) => value !== null && value > most ? value : most, -Infinity);
    this.#lines = drawn.length > MOST_LINES ? drawn.map(line => [peak(line), line]).sort((a, b) => b[0] - a[0]).slice(0, MOST_LINES).map(pair => pair[1]) : drawn;
    nameLines(this.#lines);
    const apart = this.#settings.difference ? difference(this.#lines) : null;
    if (apart) this.#lines.push(apart);
    this.#range = range;
    this.#marks = bare ? [] : await annotations(partner, integration, ...range);
    if (this.#lines.length === 0) this.#say('No data in this stretch of time.');
    else this.#draw(false);
  }

  /** A part of the points may be missing, and a gap would not say why. Newer points say nothing about it. */
  #warn(answers) {
    const place = this.#host.nextElementSibling;
    const text = answers.map(one => one.warning).find(Boolean) ?? '';
    if (place && place.textContent !== text) place.textContent = text;
  }

  #failed(failure) {
    if (failure.name === 'AbortError') return;
    // A live chart that was drawn keeps its picture over a short interruption.
    if (this.#apex && failure instanceof TypeError) return;
    this.#say(failure instanceof TypeError ? 'The portal cannot be reached. The chart comes back by itself.' : failure.message, true);
  }

  /** Since when the stretch that is shown is different from before. */
  async #ask(range, signal) {
    const { partner, queries } = this.#settings;
    const found = await Promise.all(queries.filter(one => !one.band).map(async one => {
      const wanted = new URLSearchParams({ query: one.query, from: String(Math.round(range[0])), to: String(Math.round(range[1])) });
      const answer = await fetch(`api/v1/partners/${encodeURIComponent(partner)}/metrics/onset?${wanted}`, { signal, headers: { accept: 'application/json' } });
      return answer.ok ? (await answer.json()).started : null;
    }));
    return { started: found.find(Boolean) ?? null };
  }

  #say(text, failed = false) {
    this.#apex?.destroy();
    this.#apex = undefined;
    const message = document.createElement('div');
    message.className = failed ? 'message failed' : 'message';
    message.style.minHeight = `${this.#settings.height}px`;
    message.setAttribute('role', failed ? 'alert' : 'status');
    const words = message.appendChild(document.createElement('span'));
    words.textContent = text;
    if (failed) {
      const again = message.appendChild(document.createElement('button'));
      again.className = 'btn small';
      again.textContent = 'Try again';
      again.onclick = () => this.#load();
    }
    this.#host.replaceChildren(message);
  }

  #draw(fresh) {
    const dark = isDark();
    this.#colours = strokes(this.#lines, dark);
    const options = this.#options(dark);
    if (fresh || !this.#apex) {
      this.#apex?.destroy();
      const plot = document.createElement('div');
      const legend = document.createElement('ul');
      legend.className = 'legend';
      const since = document.createElement('p');
      since.className = 'since';
      since.setAttribute('role', 'status');
      this.#host.replaceChildren(plot, legend, since);
      this.#layer = new Layer(this.#host);
      this.#apex = new ApexCharts(plot, options);
      this.#apex.render();
    } else {
      this.#apex.updateOptions(options, false, false, false);
    }
    this.#legend(null);
    this.#saySince();
  }

  #place() {
    const plot = this.#apex?.w?.globals;
    if (!plot?.gridWidth) return;
    this.#layer.draw({ left: plot.translateX, top: plot.translateY, width: plot.gridWidth, height: plot.gridHeight }, this.#range, this.#settings.zone,
      this.#allMarks, this.#band?.points, [plot.minYArr[0], plot.maxYArr[0]]);
  }

  #saySince() {
    const { unit, zone } = this.#settings;
    const found = this.#since?.started;
    const growth = found?.method.includes('growth');
    const value = one => one === null || one === undefined ? '' : format(one, growth ? 'per second' : unit);
    this.#host.querySelector('.since').textContent = !this.#since ? '' : !found ? 'Nothing changes clearly in this stretch of time.'
      : `Started ${found.from ? `between ${moment(new Date(found.from), zone)} and` : 'before'} ${moment(new Date(found.to), zone)}`
        + `${value(found.before) && value(found.after) ? `: from ${value(found.before)} to ${value(found.after)}` : ''}; ${found.method.replaceAll('`', '')}.`;
  }

  #cross(time) {
    this.#layer?.cross(time);
    if (this.#apex) this.#legend(time);
  }

  #options(dark) {
    const { unit, height, title } = this.#settings;
    const [from, to] = this.#range;
    const owner = this.#owner;
    const soft = token('--text-soft');
    const single = this.#lines.length === 1 && !this.#band;
    return {
      series: this.#lines.map((line, index) => ({ name: line.name, data: this.#hidden.has(line.name) ? [] : line.points, type: line.derived || (single && index === 0) ? 'area' : 'line' })),
      colors: this.#colours,
      chart: {
        type: 'line', height, background: 'transparent', fontFamily: 'inherit', animations: { enabled: false }, toolbar: { show: false },
        parentHeightOffset: 0, zoom: { enabled: true, type: 'x', allowMouseWheelZoom: false },
        events: {
          beforeZoom: (_, { xaxis }) => { owner.invokeMethodAsync('ZoomAsync', Math.round(xaxis.min), Math.round(xaxis.max)); return { xaxis: { min: from, max: to } }; },
          mounted: () => { this.#hatch(); this.#place(); }, updated: () => { this.#hatch(); this.#place(); },
        },
      },
      theme: { mode: dark ? 'dark' : 'light' },
      stroke: { width: 1.75, curve: 'straight', dashArray: dashes(this.#lines) },
      fill: { type: 'solid', opacity: this.#lines.map(line => line.derived || single ? 0.12 : 1) },
      markers: { size: 0, hover: { size: 3 } },
      dataLabels: { enabled: false },
      legend: { show: false },
      grid: { borderColor: token('--line'), strokeDashArray: 0, padding: { left: 8, right: 8, top: -8, bottom: 8 } },
      xaxis: {
        type: 'datetime', min: from, max: to, tooltip: { enabled: false }, axisBorder: { color: token('--line-strong') }, axisTicks: { show: false },
        labels: { show: false }, crosshairs: { show: false },
      },
      yaxis: { ...heights(this.#shown, this.#band), labels: { formatter: value => format(value, unit), style: { colors: soft, fontSize: '11px' }, minWidth: 48, maxWidth: 96 } },
      tooltip: { shared: true, intersect: false, theme: dark ? 'dark' : 'light', x: { formatter: time => moment(time, this.#settings.zone) }, y: { formatter: value => format(value, unit) } },
      annotations: { xaxis: gaps(this.#lines, from, to).filter(([a, b]) => (b - a) / (to - from) > 0.002).slice(0, 200).map(([x, x2]) => ({ x, x2, fillColor: soft, opacity: 1, borderColor: 'transparent' })) },
      noData: { text: title },
    };
  }

  #hatch() {
    const svg = this.#host.querySelector('svg');
    if (!svg) return;
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', this.#summary());
    const id = this.#pattern ??= `no-data-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
    if (!svg.querySelector(`[id="${id}"]`)) {
      svg.insertAdjacentHTML('afterbegin', `<defs><pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="${token('--nodata-soft')}"/><line x1="0" y1="0" x2="0" y2="8" stroke="${token('--line-strong')}" stroke-width="3"/></pattern></defs>`);
    }
    for (const rect of svg.querySelectorAll('.apexcharts-xaxis-annotations rect')) {
      rect.setAttribute('fill', `url(#${id})`);
      rect.setAttribute('fill-opacity', '0.6');
    }
  }

  #summary() {
    const { title, unit } = this.#settings;
    return `${title}. ${this.#lines.map(line => `${line.name}: ${format(line.points.at(-1)?.[1] ?? null, unit)}`).join('; ')}${this.#marks.length ? `. ${this.#marks.slice(0, 5).map(mark => spoken(mark, this.#settings.zone)).join(' ')}` : ''}`;
  }

  /** The lines with their last values, or those at the instant under the pointer. */
  #legend(time) {
    const list = this.#host.querySelector('.legend');
    if (!list) return;
    const { unit } = this.#settings;
    const value = line => format(time === null ? line.points.at(-1)?.[1] ?? null : valueAt(line.points, time), unit);
    if (list.childElementCount && time !== null) {
      list.querySelectorAll('b').forEach((cell, index) => { if (this.#lines[index]) cell.textContent = value(this.#lines[index]); });
      return;
    }
    list.replaceChildren(...this.#lines.map((line, index) => {
      const item = document.createElement('li');
      const button = item.appendChild(document.createElement('button'));
      button.type = 'button';
      button.setAttribute('aria-pressed', String(!this.#hidden.has(line.name)));
      button.append(Object.assign(document.createElement('i'), { style: `background:${this.#colours[index]}` }));
      button.append(Object.assign(document.createElement('span'), { textContent: line.name }));
      button.append(Object.assign(document.createElement('b'), { textContent: value(line) }));
      button.onclick = () => {
        this.#hidden.delete(line.name) || this.#hidden.add(line.name);
        this.#draw(false);
        if (this.#settings.hidden) this.#owner.invokeMethodAsync('HideAsync', [...this.#hidden]);
      };
      return item;
    }));
    const more = text => { const note = list.appendChild(document.createElement('li')); note.className = 'soft'; note.textContent = text; };
    if (this.#band) more(`shaded: ±${format(this.#band.points.at(-1)?.[1] ?? null, unit)} that scrapes leave open`);
    if (this.#found > MOST_LINES) more(`The ${MOST_LINES} highest of ${this.#found} lines; narrow it down with labels.`);
  }
}

/** Puts a chart into an element; the answer has show(settings), save(kind) and dispose(). */
export function create(host, settings, owner) { return new Chart(host, settings, owner); }
