// The fill-in page of a review. Every typed text is written to this browser's storage at once and stays there until the
// server has confirmed it: 800 ms after the last key, at once when a field is left, again and again while the connection is away.
const quiet = 800, again = 2000, patience = 10000;

export function open(page, review) {
  const prefix = `portal-answer:${review}:`;
  const timers = {}, sending = {}, newest = {};
  const read = key => JSON.parse(localStorage.getItem(prefix + key) ?? 'null');
  const write = (key, draft) => localStorage.setItem(prefix + key, JSON.stringify(draft));
  const formOf = element => element?.closest?.('[data-answer]');
  const mark = (key, unsaved) => document.querySelector(`[data-answer="${key}"]`)?.toggleAttribute('data-unsaved', unsaved);
  const drop = key => { localStorage.removeItem(prefix + key); mark(key, false); };
  const later = (key, wait) => { clearTimeout(timers[key]); timers[key] = setTimeout(() => send(key), wait); };
  const inTime = promise => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error('late')), patience))]);

  async function send(key, recovered = false) {
    clearTimeout(timers[key]);
    const draft = read(key);
    if (!draft || sending[key]) return;
    sending[key] = true;
    try {
      const reply = await inTime(page.invokeMethodAsync('SaveText', key, draft.version, draft.value, draft.comment, draft.evidence, recovered));
      const now = read(key);
      if (reply.saved) newest[key] = reply.version;
      if (reply.saved && now?.at === draft.at) drop(key);
      else if (reply.saved && now) { write(key, { ...now, version: reply.version }); later(key, quiet); }
      else if (reply.again) later(key, again);
    } catch {
      later(key, again);
    } finally {
      sending[key] = false;
    }
  }

  function onInput(event) {
    const form = formOf(event.target);
    if (!form) return;
    const key = form.dataset.answer;
    const text = name => {
      const fields = [...form.querySelectorAll(`[name="${name}"]`)];
      const choice = ['radio', 'checkbox'].includes(fields[0]?.type);
      return choice ? fields.filter(f => f.checked).map(f => f.value).join('\n') : fields[0]?.value ?? null;
    };
    const version = read(key)?.version ?? Math.max(newest[key] ?? 0, Number(form.dataset.version));
    write(key, { version, value: text('value'), comment: text('comment'), evidence: text('evidence'), at: Date.now() + Math.random() });
    mark(key, true);
    later(key, quiet);
  }

  const onLeave = event => { const form = formOf(event.target); if (form) send(form.dataset.answer); };

  function onKey(event) {
    if (event.key === 'Escape' && formOf(event.target)) { event.target.blur(); return; }
    if (event.target.closest?.('input, textarea, select, [contenteditable]') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem('portal-keys') === 'off' || document.querySelector('dialog[open]')) return;
    if (event.key === 'j' || event.key === 'k') page.invokeMethodAsync('Step', event.key === 'j' ? 1 : -1);
    else if (/^[1-4]$/.test(event.key)) page.invokeMethodAsync('ChooseState', Number(event.key));
    else if (/^[ubmt]$/.test(event.key)) document.querySelector(`[aria-keyshortcuts="${event.key}"]`)?.click();
    else if (event.key === 'c') { event.preventDefault(); document.querySelector('[data-answer] textarea')?.focus(); }
  }

  document.addEventListener('input', onInput);
  document.addEventListener('focusout', onLeave);
  document.addEventListener('keydown', onKey);
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) send(name.slice(prefix.length), true);
  // What was typed before this script was there (see early.js).
  for (const form of document.querySelectorAll('[data-answer][data-early]')) onInput({ target: form });

  function addEvidence(key, address) {
    const field = document.querySelector(`[data-answer="${key}"] [name="evidence"]`);
    if (!field) return;
    field.value = [...field.value.split('\n').filter(line => line.trim()), address].join('\n');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    send(key);
  }

  return {
    drop, addEvidence,
    waiting: key => read(key) !== null,
    reveal: id => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }),
    dispose() {
      document.removeEventListener('input', onInput);
      document.removeEventListener('focusout', onLeave);
      document.removeEventListener('keydown', onKey);
      Object.values(timers).forEach(clearTimeout);
    },
  };
}
