// Keeps a chart as a file: its picture as PNG, its points as CSV.

import { ticks } from './chart-words.js';

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

/** The picture as it is shown, with its title, its time axis and its legend. */
export async function savePng(title, host, area, [from, to], zone, legend, colour) {
  const svg = host.querySelector('.apexcharts-svg').cloneNode(true);
  svg.querySelectorAll('foreignObject').forEach(one => one.remove());
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const [width, height] = [host.clientWidth, host.querySelector('.apexcharts-svg').clientHeight];
  svg.setAttribute('width', width);
  svg.setAttribute('height', height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const [head, foot, scale] = [36, 16 + 18 * Math.ceil(legend.length / 2), 2];
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
  pen.fillStyle = colour('--text-soft');
  pen.textAlign = 'center';
  for (const tick of ticks(from, to, Math.max(2, area.width / 80), zone)) pen.fillText(tick.text, area.left + (tick.time - from) / (to - from) * area.width, head + area.top + area.height + 15);
  pen.textAlign = 'left';
  legend.forEach(({ name, value, stroke }, index) => {
    const [x, y] = [12 + index % 2 * width / 2, head + height + 14 + 18 * Math.floor(index / 2)];
    pen.fillStyle = stroke;
    pen.fillRect(x, y - 5, 12, 3);
    pen.fillStyle = colour('--text');
    pen.fillText(`${name}  ${value}`, x + 18, y, width / 2 - 40);
  });
  offer(canvas.toDataURL('image/png'), named(title, 'png'));
}
