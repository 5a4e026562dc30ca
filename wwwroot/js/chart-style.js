// Colours, strokes and heights of a chart's lines.

// Okabe and Ito's colours, readable for colour-blind people, lightened or darkened for contrast; ours and theirs have their own.
const PALETTE = {
  light: ['#0072b2', '#b35100', '#00795a', '#a8467c', '#6b5d00', '#2f7fb0', '#5b5b66', '#7a3fb0'],
  dark: ['#56b4e9', '#e69f00', '#3fc79f', '#e59cc5', '#f0e442', '#9cc9e8', '#a5a5b2', '#c39cf0'],
};

/** The colour that a custom property of the page means now. */
export const token = name => {
  // light-dark() only resolves on a real property of an element.
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
};

export const isDark = () => {
  const theme = document.documentElement.dataset.theme;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
};

/** One colour per line: that of its side where sides are told apart, else the next of the palette. */
export function strokes(lines, dark) {
  const sides = lines.map(line => line.labels.side);
  const single = side => sides.filter(one => one === side).length === 1;
  const palette = PALETTE[dark ? 'dark' : 'light'];
  const both = new Set(sides).size > 1;
  return lines.map((line, index) => {
    if (line.derived) return token('--text-soft');
    const side = line.labels.side === 'ours' ? '--ours' : line.labels.side === 'partner' ? '--theirs' : null;
    return side && (single(line.labels.side) || both) ? token(side) : palette[index % palette.length];
  });
}

/** Several lines of one side share its colour; their strokes tell them apart. */
export function dashes(lines) {
  const both = new Set(lines.map(line => line.labels.side)).size > 1;
  const counts = {};
  return lines.map((line, index) => {
    const nth = both ? counts[line.labels.side] = (counts[line.labels.side] ?? -1) + 1 : Math.floor(index / PALETTE.light.length);
    return [0, 6, 2, 10][nth % 4];
  });
}

/** Round numbers around what is shown, zero included. */
export function heights(lines, band) {
  let [low, high] = [0, 0];
  const see = value => { if (value !== null) { low = Math.min(low, value); high = Math.max(high, value); } };
  for (const line of lines) line.points.forEach(point => see(point[1]));
  for (const [, value] of band?.points ?? []) if (value !== null) { see(value); see(-value); }
  if (low === high) high = 1;
  const rough = (high - low) / 4;
  const base = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find(one => one * base >= rough * 0.999) * base;
  const [min, max] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  return { min, max, tickAmount: Math.round((max - min) / step) };
}
