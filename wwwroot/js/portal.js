// What the pages need from the browser itself: theme, keys, drafts that outlive a lost connection, focus after navigation.

const page = document.documentElement;

/** Sets the theme and remembers it for the next page load, so that nothing flashes. */
export function setTheme(theme) {
  page.dataset.theme = theme;
  document.cookie = `portal-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new CustomEvent('portal:theme'));
}

export const theme = () => page.dataset.theme ?? 'system';

/** Calls back into the page on Ctrl+K, ? and g-then-letter; single keys stay quiet while somebody types or switched them off. */
export function listenForKeys(shell) {
  let goes = 0;
  const onKey = event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      shell.invokeMethodAsync('OpenPalette');
      return;
    }
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem('portal-keys') === 'off' || document.querySelector('dialog[open]')) return;
    if (event.key === '?') { event.preventDefault(); shell.invokeMethodAsync('OpenHelp'); return; }
    if (event.key === '/') {
      const search = document.querySelector('input[type="search"]');
      if (search) { event.preventDefault(); search.focus(); }
      return;
    }
    if (event.key === 'g') { goes = Date.now(); return; }
    if (Date.now() - goes < 1200 && /^[a-z]$/.test(event.key)) { goes = 0; shell.invokeMethodAsync('GoTo', event.key); }
  };
  document.addEventListener('keydown', onKey);
  window.portalKeysListen = true;
  if (window.portalPaletteWanted) { window.portalPaletteWanted = false; shell.invokeMethodAsync('OpenPalette'); }
  return { dispose: () => document.removeEventListener('keydown', onKey) };
}

export function showDialog(element) {
  if (!element.open) element.showModal();
  const first = element.querySelector('input[type="text"]');
  if (first) { first.value = ''; first.focus(); }
}
export function closeDialog(element) { if (element.open) element.close(); }
export function scrollIntoView(id) { document.getElementById(id)?.scrollIntoView({ block: 'nearest' }); }
export async function copy(text) { await navigator.clipboard.writeText(text); }

/** Keeps single-key shortcuts on or off for this browser. */
export const keys = value => { if (value !== undefined) localStorage.setItem('portal-keys', value ? 'on' : 'off'); return localStorage.getItem('portal-keys') !== 'off'; };

/** The zone of this browser, for times shown to this person. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Lets a page ask before unsent text is left behind. */
export function guardUnsent(on) { window.onbeforeunload = on ? event => { event.preventDefault(); return ''; } : null; }
