// What lies over a plot: the labels of the time axis, marks, the band of what is to be expected, and the line under the pointer.

import { moment, ticks } from './chart-words.js';

const MOST_HANDLES = 30;
const asked = new Map();

/** The marks of a partner in a stretch of time; charts of one page share one question. */
export function annotations(partner, integration, from, to) {
  const quarter = 5000;
  const url = `api/v1/partners/${encodeURIComponent(partner)}/annotations?${new URLSearchParams({ from: String(Math.floor(from / quarter) * quarter), to: String(Math.ceil(to / quarter) * quarter), ...(integration ? { integration } : {}) })}`;
  if (!asked.has(url)) {
    if (asked.size > 20) asked.clear();
    asked.set(url, fetch(url, { headers: { accept: 'application/json' } }).then(answer => answer.ok ? answer.json() : { items: [] }).then(body => body.items).catch(() => { asked.delete(url); return []; }));
  }
  return asked.get(url);
}

const element = (parent, name, className, style = {}) => {
  const one = parent.appendChild(document.createElement(name));
  one.className = className;
  Object.assign(one.style, style);
  return one;
};

const KINDS = { event: 'Change', start: 'Started', alert: 'Alert', 'source down': 'No answer' };

/** The sentence of a mark. */
export const spoken = (mark, zone) => {
  const until = mark.until && mark.until !== mark.at ? ` to ${moment(new Date(mark.until), zone)}` : mark.lasts ? ', lasts' : '';
  return `${KINDS[mark.kind] ?? mark.kind}: ${mark.title}. ${moment(new Date(mark.at), zone)}${until}.${mark.detail ? ` ${mark.detail}` : ''}`;
};

export class Layer {
  #root; #cross; #area = { left: 0, top: 0, width: 1, height: 1 }; #range = [0, 1];

  constructor(plot) {
    this.#root = element(plot, 'div', 'layer');
  }

  get area() { return this.#area; }

  /** Draws everything anew: where the plot stands, what it shows, and the marks. */
  draw({ left, top, width, height }, [from, to], zone, marks, band, [low, high]) {
    this.#area = { left, top, width, height };
    this.#range = [from, to];
    this.#root.replaceChildren();
    const x = time => (Math.min(Math.max(time, from), to) - from) / (to - from) * width;
    const plot = element(this.#root, 'div', 'over', { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    if (band?.length) this.#band(plot, band, x, value => (high - value) / (high - low) * height, width, height);
    let handles = 0;
    for (const mark of marks) {
      const kind = mark.kind.replace(' ', '-');
      const [start, end] = [Date.parse(mark.at), mark.lasts ? to : Date.parse(mark.until ?? mark.at)];
      if (end < from || start > to) continue;
      const wide = Math.max(x(end) - x(start), mark.kind === 'event' ? 0 : 3);
      element(plot, 'div', `mark ${kind}`, { left: `${x(start)}px`, width: `${wide}px` });
      if (handles++ >= MOST_HANDLES) continue;
      const handle = element(plot, mark.url ? 'a' : 'button', `handle ${kind}`, { left: `${Math.min(x(start) + (mark.kind === 'event' ? 0 : wide / 2), width)}px` });
      if (mark.url) handle.href = mark.url;
      else handle.type = 'button';
      handle.title = spoken(mark, zone);
      handle.setAttribute('aria-label', handle.title);
    }
    for (const tick of ticks(from, to, Math.max(2, width / 80), zone)) {
      const at = x(tick.time);
      element(plot, 'i', 'tick', { left: `${at}px` });
      if (at < 18 || at > width - 18) continue;
      element(plot, 'span', tick.day ? 'when day' : 'when', { left: `${at}px` }).textContent = tick.text;
    }
    this.#cross = element(plot, 'div', 'cross', { display: 'none' });
  }

  #band(plot, band, x, y, width, height) {
    plot.insertAdjacentHTML('beforeend', `<svg class="band" width="${width}" height="${height}" aria-hidden="true"><path/></svg>`);
    const runs = [[]];
    for (const [time, value] of band) value === null ? runs.push([]) : runs.at(-1).push([time, value]);
    const edge = (points, sign) => points.map(([time, value]) => `${x(time).toFixed(1)} ${y(sign * value).toFixed(1)}`).join('L');
    plot.querySelector('.band path').setAttribute('d', runs.filter(run => run.length > 1).map(run => `M${edge(run, 1)}L${edge([...run].reverse(), -1)}Z`).join(''));
  }

  /** The instant under a pointer, or null beside the plot. */
  timeAt(pointer, host) {
    const at = pointer.clientX - host.getBoundingClientRect().left - this.#area.left;
    const [from, to] = this.#range;
    return at < 0 || at > this.#area.width ? null : from + at / this.#area.width * (to - from);
  }

  /** Shows an instant, or nothing for null. */
  cross(time) {
    if (!this.#cross) return;
    const [from, to] = this.#range;
    const inside = time !== null && time >= from && time <= to;
    this.#cross.style.display = inside ? 'block' : 'none';
    if (inside) this.#cross.style.left = `${(time - from) / (to - from) * this.#area.width}px`;
  }
}
