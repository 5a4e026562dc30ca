// Text that was typed but not saved survives a lost connection, a reload, a closed laptop.
// Every form with data-draft="key" is mirrored to this browser's storage; the page clears it once the server has it.
(() => {
  const prefix = 'portal-draft:';
  const nameOf = field => field.name || field.id;
  const key = form => prefix + location.pathname + ':' + form.dataset.draft;
  const read = form => JSON.parse(localStorage.getItem(key(form)) ?? '{}');

  document.addEventListener('input', event => {
    const form = event.target.closest?.('[data-draft]');
    if (!form || !nameOf(event.target) || event.target.type === 'password' || event.target.type === 'file') return;
    const kept = read(form);
    kept[nameOf(event.target)] = event.target.type === 'checkbox' ? event.target.checked : event.target.value;
    localStorage.setItem(key(form), JSON.stringify(kept));
  }, true);

  const restore = form => {
    if (form.dataset.draftRestored) return;
    form.dataset.draftRestored = 'yes';
    const kept = read(form);
    let changed = 0;
    for (const field of form.querySelectorAll('input, textarea, select')) {
      const value = kept[nameOf(field)];
      if (value === undefined) continue;
      const now = field.type === 'checkbox' ? field.checked : field.value;
      if (now === value) continue;
      if (field.type === 'checkbox') field.checked = value; else field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
      changed++;
    }
    if (changed) form.dispatchEvent(new CustomEvent('portal:draft-restored', { bubbles: true }));
  };

  new MutationObserver(() => document.querySelectorAll('[data-draft]:not([data-draft-restored])').forEach(restore))
    .observe(document, { childList: true, subtree: true });

  window.portalDrafts = {
    clear(name) {
      const end = ':' + name;
      for (const k of Object.keys(localStorage)) if (k.startsWith(prefix) && k.endsWith(end)) localStorage.removeItem(k);
    },
  };
})();
