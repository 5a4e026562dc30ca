// Keeps a chart as a file: its picture as PNG, its points as CSV.

import { spoken } from './chart-layer.js';
import { ticks } from './chart-words.js';

const MOST_SENTENCES = 12;
const COLOURS = { event: '--accent', start: '--degraded', alert: '--outage', 'source down': '--nodata' };

const offer = (url, name) => {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
};

const named = (title, ending) => `${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'chart'}.${ending}`;

const cell = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : /^[=+\-@]/.test(text) ? `'${text}` : text;

/** The points as a table: one row per instant, one column per line, empty where a line has none. */
export function csv(lines) {
  const rows = new Map();
  lines.forEach((line, column) => line.points.forEach(([time, value]) => {
    if (!rows.has(time)) rows.set(time, new Array(lines.length).fill(''));
    if (value !== null) rows.get(time)[column] = String(value);
  }));
  const body = [...rows].sort((a, b) => a[0] - b[0]).map(([time, values]) => [new Date(time).toISOString(), ...values].join(','));
  return [['time', ...lines.map(line => cell(line.name))].join(','), ...body].join('\r\n') + '\r\n';
}

export function saveCsv(title, lines) {
  const url = URL.createObjectURL(new Blob([csv(lines)], { type: 'text/csv' }));
  offer(url, named(title, 'csv'));
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The picture as it is shown, with its title, its time axis, its marks and what they say, and its legend. */
export async function savePng({ title, host, area, range: [from, to], zone, legend, marks, band, colour }) {
  const svg = host.querySelector('.apexcharts-svg').cloneNode(true);
  svg.querySelectorAll('foreignObject').forEach(one => one.remove());
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const [width, height] = [host.clientWidth, host.querySelector('.apexcharts-svg').clientHeight];
  svg.setAttribute('width', width);
  svg.setAttribute('height', height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const placed = marks.map(mark => ({ mark, start: Date.parse(mark.at), end: mark.lasts ? to : Date.parse(mark.until ?? mark.at) })).filter(one => one.end >= from && one.start <= to);
  const told = placed.slice(0, MOST_SENTENCES);
  const [head, scale] = [36, 2];
  const names = 8 + 18 * Math.ceil(legend.length / 2);
  const foot = names + 8 + 18 * (told.length + (placed.length > told.length ? 1 : 0));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * scale, (head + height + foot) * scale];
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  pen.fillStyle = colour('--surface');
  pen.fillRect(0, 0, width, head + height + foot);
  pen.drawImage(image, 0, head, width, height);
  pen.fillStyle = colour('--text');
  pen.font = '600 14px system-ui, sans-serif';
  pen.fillText(title, 12, 23, width - 24);
  pen.font = '11px system-ui, sans-serif';
  const x = time => area.left + (Math.min(Math.max(time, from), to) - from) / (to - from) * area.width;
  const top = head + area.top;
  if (band) {
    pen.save();
    pen.translate(area.left, top);
    pen.fillStyle = colour('--accent');
    pen.globalAlpha = 0.14;
    pen.fill(new Path2D(band));
    pen.restore();
  }
  for (const one of placed) drawMark(pen, one.mark.kind, x(one.start), x(one.end), top, area.height, colour);
  pen.fillStyle = colour('--text-soft');
  pen.textAlign = 'center';
  for (const tick of ticks(from, to, Math.max(2, area.width / 80), zone)) pen.fillText(tick.text, x(tick.time), top + area.height + 15);
  pen.textAlign = 'left';
  legend.forEach(({ name, value, stroke }, index) => {
    const [left, y] = [12 + index % 2 * width / 2, head + height + 14 + 18 * Math.floor(index / 2)];
    pen.fillStyle = stroke;
    pen.fillRect(left, y - 5, 12, 3);
    pen.fillStyle = colour('--text');
    pen.fillText(`${name}  ${value}`, left + 18, y, width / 2 - 40);
  });
  told.forEach(({ mark }, index) => {
    const y = head + height + names + 14 + 18 * index;
    pen.fillStyle = colour(COLOURS[mark.kind] ?? '--accent');
    pen.fillRect(14, y - 8, 8, 8);
    pen.fillStyle = colour('--text');
    pen.fillText(fitting(pen, spoken(mark, zone), width - 42), 30, y);
  });
  if (placed.length > told.length) pen.fillText(`and ${placed.length - told.length} more marks`, 30, head + height + names + 14 + 18 * told.length);
  offer(canvas.toDataURL('image/png'), named(title, 'png'));
}

/** A sentence cut to a width at a word. */
function fitting(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  const words = text.split(' ');
  while (words.length > 1 && pen.measureText(`${words.join(' ')} …`).width > width) words.pop();
  return `${words.join(' ')} …`;
}

/** A mark as the layer over the plot draws it: a line for a change, a stretch for a start and an alert, a strip below for a silence. */
function drawMark(pen, kind, from, to, top, height, colour) {
  const wide = Math.max(to - from, 3);
  pen.save();
  pen.fillStyle = pen.strokeStyle = colour(COLOURS[kind] ?? '--accent');
  if (kind === 'event') {
    pen.setLineDash([4, 3]);
    pen.beginPath();
    pen.moveTo(from, top);
    pen.lineTo(from, top + height);
    pen.stroke();
  } else if (kind === 'source down') {
    pen.fillRect(from, top + height - 5, wide, 5);
  } else {
    pen.globalAlpha = kind === 'start' ? 0.28 : 0.08;
    pen.fillRect(from, top, wide, height);
    pen.globalAlpha = 1;
    if (kind === 'alert') pen.fillRect(from, top, wide, 3);
    else pen.fillRect(from, top, 1, height);
  }
  const middle = kind === 'event' ? from : from + wide / 2;
  pen.beginPath();
  if (kind === 'start') pen.arc(middle, top, 5, 0, 2 * Math.PI);
  else if (kind === 'event') { pen.moveTo(middle, top - 6); pen.lineTo(middle + 6, top); pen.lineTo(middle, top + 6); pen.lineTo(middle - 6, top); }
  else pen.rect(middle - 5, (kind === 'source down' ? top + height : top) - 5, 10, 10);
  pen.fill();
  pen.restore();
}
