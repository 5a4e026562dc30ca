// A runbook while somebody follows it: steps can be ticked, and the ticks outlive a reload in this browser for half a day.
const prefix = 'portal-ticks:';
const kept = 12 * 3600 * 1000;

/** Lets the steps inside an element be ticked and remembers them under a name. */
export function show(root, name) {
  forgetOld();
  if (window.matchMedia('(min-width: 1100px)').matches) root.querySelector('.contents')?.setAttribute('open', '');
  const steps = [...root.querySelectorAll('input.step')];
  if (steps.length === 0) return;
  const remembered = read(name);
  const written = steps.map(step => step.checked);

  const tell = () => {
    const done = steps.filter(step => step.checked).length;
    root.querySelector('[data-said]').textContent = `${done} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} done`;
    root.querySelector('[data-bar]').style.width = `${(100 * done) / steps.length}%`;
    root.querySelector('[data-again]').hidden = steps.every((step, i) => step.checked === written[i]);
  };
  const keep = () => {
    localStorage.setItem(prefix + name, JSON.stringify({ at: Date.now(), ticks: steps.map(step => step.checked) }));
    tell();
  };

  steps.forEach((step, i) => {
    step.disabled = false;
    if (remembered?.ticks.length === steps.length) step.checked = remembered.ticks[i];
    step.addEventListener('change', keep);
  });
  root.querySelector('[data-again]').addEventListener('click', () => {
    steps.forEach((step, i) => { step.checked = written[i]; });
    localStorage.removeItem(prefix + name);
    tell();
  });
  tell();
}

function read(name) {
  try {
    const found = JSON.parse(localStorage.getItem(prefix + name));
    return Array.isArray(found?.ticks) ? found : null;
  } catch {
    return null;
  }
}

function forgetOld() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && !(Date.now() - (read(key.slice(prefix.length))?.at ?? 0) < kept)) localStorage.removeItem(key);
  }
}
