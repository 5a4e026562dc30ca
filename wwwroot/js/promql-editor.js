// Completes PromQL while it is typed: metrics, labels, values, functions, durations. The list follows the combobox pattern, so
// keyboard and screen reader work; without this script the field is a plain one.

const MOST = 40;
const AGGREGATES = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'quantile', 'stddev', 'stdvar', 'group', 'count_values'];
const WORDS = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool', 'and', 'or', 'unless', 'offset'];
const DURATIONS = ['30s', '1m', '5m', '15m', '1h', '6h', '1d'];

/** What is being typed at the end of a text: its kind, its beginning, and for labels the metric and label they belong to. */
export function context(text) {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, quoted => ' '.repeat(quoted.length));
  const open = /["'](?:[^"'\\]|\\.)*$/.exec(plain);
  const outside = open ? plain.slice(0, open.index) : plain;
  const brace = outside.lastIndexOf('{');
  const inside = brace > outside.lastIndexOf('}');
  const metric = inside ? /([a-zA-Z_:][\w:]*)\s*$/.exec(outside.slice(0, brace))?.[1] ?? '' : '';
  if (open) {
    const label = inside ? /([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*$/.exec(outside)?.[1] : null;
    return label ? { kind: 'value', typed: text.slice(open.index + 1), metric, label } : { kind: 'none', typed: '' };
  }
  if (outside.lastIndexOf('[') > outside.lastIndexOf(']')) return { kind: 'duration', typed: /[\w]*$/.exec(text)[0] };
  const typed = /[a-zA-Z_:][\w:]*$/.exec(text)?.[0] ?? '';
  const before = outside.slice(0, outside.length - typed.length);
  if (inside) return /[{,]\s*$/.test(before) ? { kind: 'label', typed, metric } : { kind: 'none', typed: '' };
  if (/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*$/.test(before)) return { kind: 'label', typed, metric: '' };
  return typed ? { kind: 'name', typed } : { kind: 'none', typed: '' };
}

/** The offers that fit what is typed: those that begin with it, then those that hold it. */
export function fitting(offers, typed) {
  const low = typed.toLowerCase();
  const rank = offer => { const at = offer.text.toLowerCase().indexOf(low); return at < 0 ? 2 : at === 0 ? 0 : 1; };
  return offers.map(offer => [rank(offer), offer]).filter(([one]) => one < 2).sort((a, b) => a[0] - b[0]).map(([, offer]) => offer)
    .filter(offer => offer.text !== typed).slice(0, MOST);
}

class Editor {
  #field; #list; #settings; #kept = new Map(); #offers = []; #at = 0; #round = 0; #ends = new AbortController();

  constructor(field, list, settings) {
    [this.#field, this.#list, this.#settings] = [field, list, settings];
    const signal = this.#ends.signal;
    field.addEventListener('input', () => this.#offer(), { signal });
    field.addEventListener('keydown', key => this.#key(key), { signal });
    field.addEventListener('blur', () => setTimeout(() => this.#close(), 150), { signal });
    list.addEventListener('mousedown', click => {
      const item = click.target.closest('[role=option]');
      if (item) { click.preventDefault(); this.#take(+item.dataset.at); }
    }, { signal });
  }

  dispose() { this.#ends.abort(); }

  /** The portal gave the field another text. */
  set(text) { if (this.#field.value !== text) this.#field.value = text; this.#close(); }

  async #keep(url, read) {
    if (!this.#kept.has(url)) {
      this.#kept.set(url, fetch(url, { headers: { accept: 'application/json' } }).then(answer => answer.ok ? answer.json() : null).then(body => body ? read(body) : []).catch(() => { this.#kept.delete(url); return []; }));
    }
    return this.#kept.get(url);
  }

  async #known(at) {
    const { partner, functions } = this.#settings;
    const match = () => new URLSearchParams({ 'match[]': `${at.metric}{partner=${JSON.stringify(partner)}}`, start: String(Date.now() / 1000 - 86400) });
    switch (at.kind) {
      case 'duration': return DURATIONS.map(text => ({ text, note: '' }));
      case 'label': return this.#keep(`prometheus/api/v1/labels?${match()}`, body => body.data.filter(name => name !== '__name__').map(text => ({ text, note: 'label' })));
      case 'value': return this.#keep(`prometheus/api/v1/label/${at.label}/values?${match()}`, body => body.data.map(text => ({ text: text.replace(/["\\]/g, '\\$&'), note: at.label })));
      case 'name': {
        const metrics = await this.#keep(`api/v1/partners/${encodeURIComponent(partner)}/metrics`, body => body.items.map(one => ({ text: one.type === 'histogram' ? `${one.name}_bucket` : one.name, note: one.help || one.type })));
        return [...metrics, ...functions.map(one => ({ text: one, note: 'function', call: true })), ...AGGREGATES.map(text => ({ text, note: 'aggregation', call: true })), ...WORDS.map(text => ({ text, note: 'word' }))];
      }
      default: return [];
    }
  }

  async #offer() {
    const round = ++this.#round;
    const at = context(this.#field.value.slice(0, this.#field.selectionStart));
    const known = await this.#known(at);
    if (round !== this.#round) return;
    this.#offers = fitting(known, at.typed);
    this.#at = 0;
    if (this.#offers.length === 0 || at.kind === 'none') { this.#close(); return; }
    this.#list.replaceChildren(...this.#offers.map((offer, index) => {
      const item = document.createElement('li');
      item.setAttribute('role', 'option');
      item.id = `${this.#list.id}-${index}`;
      item.dataset.at = index;
      item.append(Object.assign(document.createElement('span'), { textContent: offer.text, className: 'mono' }), Object.assign(document.createElement('small'), { textContent: offer.note }));
      return item;
    }));
    this.#list.hidden = false;
    this.#field.setAttribute('aria-expanded', 'true');
    this.#mark();
  }

  #mark() {
    [...this.#list.children].forEach((item, index) => {
      item.setAttribute('aria-selected', String(index === this.#at));
      if (index === this.#at) item.scrollIntoView({ block: 'nearest' });
    });
    this.#field.setAttribute('aria-activedescendant', `${this.#list.id}-${this.#at}`);
  }

  #close() {
    this.#round++;
    this.#offers = [];
    this.#list.hidden = true;
    this.#field.setAttribute('aria-expanded', 'false');
    this.#field.removeAttribute('aria-activedescendant');
  }

  #key(key) {
    if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) {
      key.preventDefault();
      this.#close();
      this.#field.dispatchEvent(new Event('change', { bubbles: true }));
      this.#field.form.requestSubmit();
    } else if (key.key === ' ' && key.ctrlKey) {
      key.preventDefault();
      this.#offer();
    } else if (this.#offers.length && (key.key === 'ArrowDown' || key.key === 'ArrowUp')) {
      key.preventDefault();
      this.#at = (this.#at + (key.key === 'ArrowDown' ? 1 : -1) + this.#offers.length) % this.#offers.length;
      this.#mark();
    } else if (this.#offers.length && (key.key === 'Enter' || key.key === 'Tab')) {
      key.preventDefault();
      this.#take(this.#at);
    } else if (this.#offers.length && key.key === 'Escape') {
      key.preventDefault();
      key.stopPropagation();
      this.#close();
    }
  }

  #take(index) {
    const offer = this.#offers[index];
    const [field, end] = [this.#field, this.#field.selectionStart];
    const { typed, kind } = context(field.value.slice(0, end));
    const rest = field.value.slice(end);
    const close = kind === 'value' ? (/^["']/.test(rest) ? '' : '"') : offer.call && !rest.startsWith('(') ? '(' : '';
    field.setRangeText(offer.text + close, end - typed.length, end, 'end');
    this.#close();
    field.focus();
  }
}

/** Completes in a field, with a list beneath it; the answer has set(text) and dispose(). */
export function attach(field, list, settings) { return new Editor(field, list, settings); }
