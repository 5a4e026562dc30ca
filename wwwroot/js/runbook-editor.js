// Writing a runbook. The text stays in this browser's text field and storage; the server gets it for the preview and on save.
const prefix = 'portal-runbook:';

/** Watches the editor's fields. What was typed and not saved comes back after a reload, a lost connection, a closed laptop. */
export function edit(root, page, name, version) {
  const key = prefix + name;
  const text = root.querySelector('textarea[name="text"]');
  const fields = [...root.querySelectorAll('[data-keep]')];
  const preview = root.querySelector('[data-preview]');
  let waiting = 0;
  let showing = false;
  let again = false;

  const draft = read(key);
  if (draft && fields.some(f => draft.fields[f.name] !== undefined && draft.fields[f.name] !== f.value)) {
    for (const field of fields) if (draft.fields[field.name] !== undefined) field.value = draft.fields[field.name];
    page.invokeMethodAsync('Restored', new Date(draft.at).toISOString(), draft.version);
  } else {
    localStorage.removeItem(key);
  }

  const keep = () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: draft?.version ?? version, fields: Object.fromEntries(fields.map(f => [f.name, f.value])) }));
  const render = async () => {
    if (showing) { again = true; return; }
    showing = true;
    try {
      await page.invokeMethodAsync('Preview', stream(text.value));
    } catch {
      // The connection is away; the next keystroke after it is back shows the preview again.
    }
    showing = false;
    if (again) { again = false; render(); }
  };
  const typed = () => { keep(); clearTimeout(waiting); waiting = setTimeout(render, 250); };
  const follow = () => {
    const most = text.scrollHeight - text.clientHeight;
    if (most > 0) preview.scrollTop = (text.scrollTop / most) * (preview.scrollHeight - preview.clientHeight);
  };
  const keys = event => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') { event.preventDefault(); page.invokeMethodAsync('SaveNow'); }
  };

  // Somebody may have typed before this was loaded.
  if (!draft && fields.some(f => f.value !== f.defaultValue)) keep();
  root.addEventListener('input', typed);
  text.addEventListener('scroll', follow, { passive: true });
  root.addEventListener('keydown', keys);
  render();

  return {
    text: () => new TextEncoder().encode(text.value),
    field: field => fields.find(f => f.name === field)?.value ?? '',
    replace(value) { text.value = value; typed(); },
    insert(before, after) {
      const [from, to] = [text.selectionStart, text.selectionEnd];
      text.setRangeText(before + text.value.slice(from, to) + after, from, to, 'end');
      text.focus();
      typed();
    },
    forget() { clearTimeout(waiting); localStorage.removeItem(key); },
    dispose() { clearTimeout(waiting); root.removeEventListener('input', typed); root.removeEventListener('keydown', keys); },
  };
}

const stream = value => DotNet.createJSStreamReference(new TextEncoder().encode(value));

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found?.fields ? found : null;
  } catch {
    return null;
  }
}
