// How charts write numbers, lines and times.

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
  const place = ['partner', 'integration', 'instance', 'job', 'source', 'side', 'le'];
  const differ = lines.length === 1 ? names.filter(name => !place.includes(name)) : names.filter(name => new Set(lines.map(line => line.labels[name] ?? '')).size > 1 && name !== 'instance' && name !== 'source');
  const word = { ours: 'ours', partner: 'theirs' };
  for (const line of lines) {
    const parts = differ.map(name => name === 'side' ? word[line.labels.side] : line.labels[name]).filter(Boolean);
    line.name = parts.length ? parts.join(' · ') : line.metric;
  }
  const seen = new Map();
  for (const line of lines) seen.set(line.name, (seen.get(line.name) ?? 0) + 1);
  for (const line of lines) if (seen.get(line.name) > 1) line.name = `${line.name} · ${line.labels.source ?? line.metric}`;
}

/** An end of a stretch of time, as the address says it, in milliseconds since 1970. */
export const instant = (text, now) => {
  if (text === 'now') return now;
  const ago = /^now-((?:\d+(?:ms|[ywdhms]))+)$/.exec(text);
  if (ago) {
    const length = { y: 31536e6, w: 6048e5, d: 864e5, h: 36e5, m: 6e4, s: 1e3, ms: 1 };
    return now - [...ago[1].matchAll(/(\d+)(ms|[ywdhms])/g)].reduce((sum, part) => sum + part[1] * length[part[2]], 0);
  }
  return /^\d+$/.test(text) ? +text : Date.parse(text);
};

const formats = new Map();
const parts = (zone, options) => {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23', timeZone: zone || undefined }));
  return formats.get(key);
};

/** An instant with its day and second, in a zone; '' is the browser's own. */
export const moment = (time, zone) => parts(zone, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(time);

const offset = (time, zone) => {
  if (zone === 'UTC') return 0;
  const at = Object.fromEntries(parts(zone, { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(time).map(part => [part.type, part.value]));
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) - Math.floor(time / 1000) * 1000;
};

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000].map(seconds => seconds * 1000);

/** Where the time axis is labelled: at round times of the zone. */
export function ticks(from, to, most, zone) {
  const step = STEPS.find(one => (to - from) / one <= most) ?? STEPS.at(-1) * Math.ceil((to - from) / most / STEPS.at(-1));
  const found = [];
  for (let local = Math.ceil((from + offset(from, zone)) / step) * step; found.length < 100; local += step) {
    const time = local - offset(local - offset(local, zone), zone);
    if (time > to) break;
    const day = local % 864e5 === 0;
    if (time >= from) found.push({ time, day, text: parts(zone, day ? { day: 'numeric', month: 'short' } : step < 60_000 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { hour: '2-digit', minute: '2-digit' }).format(time) });
  }
  return found;
}
