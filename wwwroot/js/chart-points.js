// The points of a chart: asked from the portal, joined with newer ones, looked up.

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

/** Asks the portal for the lines of one query; their `warning` says what a reader should know about them. */
export async function ask(partner, query, from, to, points, signal) {
  const wanted = new URLSearchParams({ query: query.query, from: String(Math.round(from)), to: String(Math.round(to)), points: String(points) });
  const answer = await fetch(`api/v1/partners/${encodeURIComponent(partner)}/metrics/range?${wanted}`, { signal, headers: { accept: 'application/json' } });
  const body = await answer.json().catch(() => null);
  if (!answer.ok || !body) throw new Error(Object.values(body?.errors ?? {})[0]?.[0] ?? body?.detail ?? `The portal answered ${answer.status}.`);
  const lines = body.series.map(line => ({ ...line, metric: query.name, asked: query }));
  lines.warning = body.warnings?.[0] ?? '';
  return lines;
}

const key = line => JSON.stringify(line.labels);

const step = points => {
  const steps = points.slice(-40).map(([time], at, all) => at ? time - all[at - 1][0] : NaN).filter(one => one > 0).sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 0;
};

/** The newest instant that any of the lines knows. */
export const newest = lines => lines.reduce((most, line) => Math.max(most, line.points.at(-1)?.[0] ?? 0), 0);

/** Joins newer points to the lines that are shown, and forgets what is older than the left edge. Says how many came. */
export function join(lines, newer, from) {
  const known = new Map(lines.map(line => [key(line), line]));
  let came = 0;
  for (const line of newer) {
    const old = known.get(key(line));
    if (!old) {
      lines.push(line);
      came += line.points.length;
      continue;
    }
    const last = old.points.at(-1)?.[0] ?? 0;
    const fresh = line.points.filter(([time]) => time > last);
    // What was not there for a while is a gap, not a straight line.
    if (fresh.length && fresh[0][0] - last > Math.max(10_000, 2.5 * step(old.points))) old.points.push([last + 1, null]);
    old.points.push(...fresh);
    came += fresh.length;
  }
  for (const line of lines) {
    const first = line.points.findIndex(([time]) => time >= from);
    if (first > 1) line.points.splice(0, first - 1);
  }
  return came;
}

/** Where the last point at or before an instant stands; -1 before the first. */
export function before(points, time) {
  let [low, high] = [-1, points.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (points[middle][0] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The value that a line has at an instant, or null. */
export function valueAt(points, time) {
  const at = before(points, time);
  if (at < 0) return null;
  return at === points.length - 1 && time - points[at][0] > Math.max(10_000, 2.5 * step(points)) ? null : points[at][1];
}

const between = (points, time) => {
  const at = before(points, time);
  if (at < 0 || points[at][1] === null) return null;
  if (at === points.length - 1) return points[at][0] === time ? points[at][1] : null;
  const [[start, a], [end, b]] = [points[at], points[at + 1]];
  return b === null ? null : a + (b - a) * (time - start) / (end - start);
};

/** What our side has more than theirs, at the instants of our first line; null where one side has no value. */
export function difference(lines) {
  const [ours, theirs] = ['ours', 'partner'].map(side => lines.filter(line => line.labels.side === side));
  if (!ours.length || !theirs.length) return null;
  const sum = (side, time) => side.reduce((total, line) => { const value = between(line.points, time); return value === null ? total : (total ?? 0) + value; }, null);
  const points = ours[0].points.map(([time]) => { const [a, b] = [sum(ours, time), sum(theirs, time)]; return [time, a === null || b === null ? null : a - b]; });
  return points.some(([, value]) => value !== null) ? { labels: {}, metric: 'ours − theirs', name: 'ours − theirs', points, derived: true, asked: ours[0].asked } : null;
}
