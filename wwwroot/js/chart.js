// Draws one chart of metrics. It fetches its own points, reduced by the server to its width, and draws gaps as gaps.

import ApexCharts from '../lib/apexcharts/apexcharts.esm.js';

const MOST_LINES = 20;

// Okabe and Ito's colours, readable for colour-blind people, lightened or darkened for contrast; ours and theirs have their own.
const PALETTE = {
  light: ['#0072b2', '#b35100', '#00795a', '#a8467c', '#6b5d00', '#2f7fb0', '#5b5b66', '#7a3fb0'],
  dark: ['#56b4e9', '#e69f00', '#3fc79f', '#e59cc5', '#f0e442', '#9cc9e8', '#a5a5b2', '#c39cf0'],
};

const token = name => {
  // light-dark() only resolves on a real property of an element.
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
};

const isDark = () => {
  const theme = document.documentElement.dataset.theme;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
};

const scaled = (value, steps, base) => {
  let unit = 0, left = Math.abs(value);
  while (left >= base && unit < steps.length - 1) { left /= base; unit++; }
  const shown = left >= 100 || Number.isInteger(left) ? left.toFixed(0) : left >= 10 ? left.toFixed(1) : left.toPrecision(2).replace(/\.?0+$/, '');
  return `${value < 0 ? '−' : ''}${shown}${steps[unit]}`;
};

/** A number as people read it, with its unit. */
export function format(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'no data';
  if (value === 0) return unit.startsWith('per') || unit.endsWith('per second') ? '0/s' : '0';
  const size = Math.abs(value);
  if (unit === 'seconds') return size < 1e-3 ? `${(value * 1e6).toFixed(0)} µs` : size < 1 ? `${+(value * 1e3).toPrecision(3)} ms` : size < 120 ? `${+value.toPrecision(3)} s` : `${+(value / 60).toPrecision(3)} min`;
  if (unit === 'bytes') return scaled(value, [' B', ' KiB', ' MiB', ' GiB', ' TiB'], 1024);
  if (unit === 'bytes per second') return scaled(value, [' B/s', ' KiB/s', ' MiB/s', ' GiB/s'], 1024);
  if (unit === 'ratio') return `${+(value * 100).toPrecision(3)} %`;
  const plain = size < 0.001 ? value.toExponential(1) : size < 1000 ? `${+value.toPrecision(3)}` : scaled(value, ['', ' k', ' M', ' G', ' T'], 1000);
  if (unit === 'per second') return `${plain}/s`;
  if (unit.endsWith('per second')) return `${plain} ${unit.replace(' per second', '')}/s`;
  return unit ? `${plain} ${unit}` : plain;
}

/** The shortest names that tell the lines apart: only labels that differ. */
export function nameLines(lines) {
  const names = [...new Set(lines.flatMap(line => Object.keys(line.labels)))].filter(name => name !== '__name__');
  const differ = names.filter(name => new Set(lines.map(line => line.labels[name] ?? '')).size > 1 && name !== 'instance' && name !== 'source');
  const word = { ours: 'ours', partner: 'theirs' };
  for (const line of lines) {
    const parts = differ.map(name => name === 'side' ? word[line.labels.side] : line.labels[name]).filter(Boolean);
    line.name = parts.length ? parts.join(' · ') : line.metric;
  }
  const seen = new Map();
  for (const line of lines) seen.set(line.name, (seen.get(line.name) ?? 0) + 1);
  for (const line of lines) if (seen.get(line.name) > 1) line.name = `${line.name} · ${line.labels.source ?? line.metric}`;
}

/** Stretches in which no line has a value: they are hatched. */
export function gaps(lines, from, to) {
  const covered = [];
  for (const line of lines) {
    let start = null, last = null;
    for (const [time, value] of line.points) {
      if (value === null) {
        if (start !== null) covered.push([start, last]);
        start = null;
      } else {
        start ??= time;
        last = time;
      }
    }
    if (start !== null) covered.push([start, last]);
  }
  covered.sort((a, b) => a[0] - b[0]);
  // The newest scrape is a moment old by nature, and the oldest need not stand exactly at the edge.
  const steps = lines.flatMap(line => line.points.slice(1, 50).map(([time], at) => time - line.points[at][0])).sort((a, b) => a - b);
  const edge = Math.max(10_000, 2.5 * (steps[steps.length >> 1] ?? 0));
  const found = [];
  let end = from;
  for (const [start, stop] of covered) {
    if (start > end && (end !== from || start - from > edge)) found.push([end, start]);
    end = Math.max(end, stop);
  }
  if (to - end > edge) found.push([end, to]);
  return found;
}

const instant = (text, now) => {
  if (text === 'now') return now;
  const ago = /^now-((?:\d+(?:ms|[ywdhms]))+)$/.exec(text);
  if (ago) {
    const length = { y: 31536e6, w: 6048e5, d: 864e5, h: 36e5, m: 6e4, s: 1e3, ms: 1 };
    return now - [...ago[1].matchAll(/(\d+)(ms|[ywdhms])/g)].reduce((sum, part) => sum + part[1] * length[part[2]], 0);
  }
  return /^\d+$/.test(text) ? +text : Date.parse(text);
};

class Chart {
  #host; #settings; #owner; #apex; #timer; #asked; #hidden = new Set(); #lines = []; #width = 0; #watch; #themes = new AbortController();

  constructor(host, settings, owner) {
    this.#host = host;
    this.#owner = owner;
    const redraw = () => this.#lines.length && this.#draw(true);
    document.addEventListener('portal:theme', redraw, { signal: this.#themes.signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal: this.#themes.signal });
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.#settings.refreshSeconds) this.#load(); }, { signal: this.#themes.signal });
    this.#watch = new ResizeObserver(() => { if (Math.abs(host.clientWidth - this.#width) > 60) this.#load(); });
    this.show(settings);
    this.#watch.observe(host);
  }

  show(settings) {
    this.#settings = settings;
    clearInterval(this.#timer);
    if (settings.refreshSeconds) this.#timer = setInterval(() => { if (!document.hidden) this.#load(); }, settings.refreshSeconds * 1000);
    return this.#load();
  }

  dispose() {
    clearInterval(this.#timer);
    this.#asked?.abort();
    this.#themes.abort();
    this.#watch.disconnect();
    this.#apex?.destroy();
  }

  async #load() {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    const { partner, queries, from, to } = this.#settings;
    this.#width = this.#host.clientWidth;
    const points = Math.max(60, Math.min(2000, Math.round(this.#width)));
    const now = Date.now();
    const range = [instant(from, now), instant(to, now)];
    try {
      const answers = await Promise.all(queries.map(async one => {
        const ask = new URLSearchParams({ query: one.query, from: String(Math.round(range[0])), to: String(Math.round(range[1])), points: String(points) });
        const answer = await fetch(`api/v1/partners/${encodeURIComponent(partner)}/metrics/range?${ask}`, { signal: asked.signal, headers: { accept: 'application/json' } });
        const body = await answer.json().catch(() => null);
        if (!answer.ok || !body) throw new Error(body?.detail ?? `The portal answered ${answer.status}.`);
        return body.series.map(line => ({ ...line, metric: one.name }));
      }));
      const all = answers.flat();
      this.#found = all.length;
      const peak = line => line.points.reduce((most, [, value]) => value !== null && value > most ? value : most, -Infinity);
      this.#lines = all.length > MOST_LINES ? all.map(line => [peak(line), line]).sort((a, b) => b[0] - a[0]).slice(0, MOST_LINES).map(pair => pair[1]) : all;
      this.#range = range;
      if (this.#lines.length === 0) this.#say('No data in this stretch of time.');
      else this.#draw(false);
    } catch (failure) {
      if (failure.name === 'AbortError') return;
      // A live chart that was drawn keeps its picture over a short interruption.
      if (this.#apex && failure instanceof TypeError) return;
      this.#say(failure instanceof TypeError ? 'The portal cannot be reached. The chart comes back by itself.' : failure.message, true);
    }
  }

  #found = 0;
  #range = [0, 0];

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

  #colours(dark) {
    const sides = this.#lines.map(line => line.labels.side);
    const single = side => sides.filter(one => one === side).length === 1;
    const palette = PALETTE[dark ? 'dark' : 'light'];
    const both = new Set(sides).size > 1;
    return this.#lines.map((line, index) => {
      const side = line.labels.side === 'ours' ? '--ours' : line.labels.side === 'partner' ? '--theirs' : null;
      return side && (single(line.labels.side) || both) ? token(side) : palette[index % palette.length];
    });
  }

  #dashes() {
    // Several lines of one side share its colour; their strokes tell them apart.
    const both = new Set(this.#lines.map(line => line.labels.side)).size > 1;
    const counts = {};
    return this.#lines.map((line, index) => {
      const nth = both ? counts[line.labels.side] = (counts[line.labels.side] ?? -1) + 1 : Math.floor(index / PALETTE.light.length);
      return [0, 6, 2, 10][nth % 4];
    });
  }

  #draw(fresh) {
    nameLines(this.#lines);
    const dark = isDark();
    const options = this.#options(dark);
    if (fresh || !this.#apex) {
      this.#apex?.destroy();
      const plot = document.createElement('div');
      const legend = document.createElement('ul');
      legend.className = 'legend';
      this.#host.replaceChildren(plot, legend);
      this.#apex = new ApexCharts(plot, options);
      this.#apex.render();
    } else {
      this.#apex.updateOptions(options, false, false, false);
    }
    this.#legend(options.colors);
  }

  #options(dark) {
    const { unit, height, title } = this.#settings;
    const [from, to] = this.#range;
    const owner = this.#owner;
    const soft = token('--text-soft');
    const single = this.#lines.length === 1;
    return {
      series: this.#lines.map((line, index) => ({ name: line.name, data: this.#hidden.has(line.name) ? [] : line.points, type: single && index === 0 ? 'area' : 'line' })),
      colors: this.#colours(dark),
      chart: {
        type: 'line', height, background: 'transparent', fontFamily: 'inherit', animations: { enabled: false }, toolbar: { show: false },
        parentHeightOffset: 0, zoom: { enabled: true, type: 'x', allowMouseWheelZoom: false },
        events: {
          beforeZoom: (_, { xaxis }) => { owner.invokeMethodAsync('ZoomAsync', Math.round(xaxis.min), Math.round(xaxis.max)); return { xaxis: { min: from, max: to } }; },
          mounted: () => this.#hatch(), updated: () => this.#hatch(),
        },
      },
      theme: { mode: dark ? 'dark' : 'light' },
      stroke: { width: 1.75, curve: 'straight', dashArray: this.#dashes() },
      fill: single ? { type: 'solid', opacity: 0.12 } : { type: 'solid', opacity: 1 },
      markers: { size: 0, hover: { size: 3 } },
      dataLabels: { enabled: false },
      legend: { show: false },
      grid: { borderColor: token('--line'), strokeDashArray: 0, padding: { left: 8, right: 8, top: -8, bottom: 0 } },
      xaxis: {
        type: 'datetime', min: from, max: to, tooltip: { enabled: false }, axisBorder: { color: token('--line-strong') }, axisTicks: { color: token('--line-strong') },
        labels: { datetimeUTC: false, style: { colors: soft, fontSize: '11px' }, datetimeFormatter: { year: 'yyyy', month: 'd MMM', day: 'd MMM', hour: 'HH:mm', minute: 'HH:mm', second: 'HH:mm:ss' } },
      },
      yaxis: { min: lowest => Math.min(0, lowest), forceNiceScale: true, tickAmount: 4, labels: { formatter: value => format(value, unit), style: { colors: soft, fontSize: '11px' }, minWidth: 48, maxWidth: 96 } },
      tooltip: { shared: true, intersect: false, theme: dark ? 'dark' : 'light', x: { format: 'ddd d MMM HH:mm:ss' }, y: { formatter: value => format(value, unit) } },
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

  #pattern;

  #summary() {
    const { title, unit } = this.#settings;
    return `${title}. ${this.#lines.map(line => `${line.name}: ${format(line.points.at(-1)?.[1] ?? null, unit)}`).join('; ')}`;
  }

  #legend(colours) {
    const list = this.#host.querySelector('.legend');
    if (!list) return;
    list.replaceChildren(...this.#lines.map((line, index) => {
      const item = document.createElement('li');
      const button = item.appendChild(document.createElement('button'));
      button.type = 'button';
      button.setAttribute('aria-pressed', String(!this.#hidden.has(line.name)));
      button.append(Object.assign(document.createElement('i'), { style: `background:${colours[index]}` }));
      button.append(Object.assign(document.createElement('span'), { textContent: line.name }));
      button.append(Object.assign(document.createElement('b'), { textContent: format(line.points.at(-1)?.[1] ?? null, this.#settings.unit) }));
      button.onclick = () => { this.#hidden.delete(line.name) || this.#hidden.add(line.name); this.#draw(false); };
      return item;
    }));
    if (this.#found > this.#lines.length) {
      const more = list.appendChild(document.createElement('li'));
      more.className = 'soft';
      more.textContent = `The ${this.#lines.length} highest of ${this.#found} lines; narrow it down with labels.`;
    }
  }
}

/** Puts a chart into an element; the answer has show(settings) and dispose(). */
export function create(host, settings, owner) { return new Chart(host, settings, owner); }
