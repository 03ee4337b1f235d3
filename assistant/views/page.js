// What a reader does becomes an event for the server; conversations are kept in this browser alone.
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const box = () => one('#box textarea');

// -- articles and the graph, beside the conversation --------------------------------------------------------------
let opener = null;
const close = () => {
  if (props.value) props.value = '';
  else trigger('collapse');
  opener?.focus();
};
watch('value', () => {
  one('.article', element)?.focus({ preventScroll: true });
  one('mark.quoted', element)?.scrollIntoView({ block: 'center' });
});

// -- what is pressed ----------------------------------------------------------------------------------------------
const said = text => {
  const hint = one('#hint');
  hint.textContent = text;
  hint.classList.add('shown');
  setTimeout(() => hint.classList.remove('shown'), 2000);
};
const copy = async text => {
  try { await navigator.clipboard.writeText(text); said('Copied'); }
  catch { said('The browser does not let the page copy'); }
};
const citation = card => `${one('.cites', card).value} ${one('.permalink', card).href}`;
const answer = told => {
  const text = all('.short, .said:not(:has(p)), .said p, .reason', told).map(part => {
    const plain = part.cloneNode(true);
    all('.sign', plain).forEach(sign => sign.remove());
    return plain.textContent;
  });
  const cards = all('.card', told).map(card => `[${one('.number', card).textContent}] ${citation(card)}`);
  return [...text, ...cards].join('\n\n');
};
const pressed = {
  opens: button => { opener = button; trigger('click', { opens: button.value }); },
  closes: close,
  asks: button => trigger('submit', { asks: button.value }),
  retries: button => trigger('retry', { retries: button.value }),
  edits: button => edit(button),
  graphs: button => { opener = button; trigger('expand', { graphs: button.value }); },
  exports: button => trigger('download', { exports: button.value, base: location.origin + location.pathname }),
  copies: button => copy(answer(button.closest('.told'))),
  cites: button => copy(citation(button.closest('.card'))),
  faults: button => find(button),
  removes: button => ask_removal(button),
  conversing: () => { list(); one('#kept').showModal(); },
  dismisses: button => button.closest('dialog').close(),
  resumes: button => { resume(button.value); one('#kept').close(); },
  renames: button => rename(button),
  forgets: button => forget(button),
};
document.addEventListener('click', event => {
  const button = event.target.closest('button');
  const doing = button && Object.keys(pressed).find(name => button.classList.contains(name));
  if (doing) pressed[doing](button);
  if (event.target.closest('#again')) begin();
  if (event.target.closest('#again, #box .stop-button')) box().focus();
  if (event.target.closest('#box .submit-button')) document.body.classList.remove('editing');
});
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && event.target === box()) document.body.classList.remove('editing');
  if (event.key !== 'Escape' || one('dialog[open]')) return;
  if (document.body.classList.contains('editing')) stop_editing();
  else if (one('#side .article, #side #graph')) close();
});

// -- editing a question -------------------------------------------------------------------------------------------
const edit = button => {
  trigger('edit', { edits: button.value });
  document.body.classList.add('editing');
  box().focus();
};
const stop_editing = () => { document.body.classList.remove('editing'); trigger('undo'); };

// -- faults and removal -------------------------------------------------------------------------------------------
const find = button => {
  const dialog = one('#fault'), form = one('form', dialog);
  const refused = button.closest('.told').classList.contains('refusal');
  const fit = button.value.includes('/') ? ['wrong-passage', 'wrong-source']
    : refused ? ['should-have-answered'] : ['wrong-answer', 'should-have-refused'];
  all('[data-fault]', form).forEach(label => { label.hidden = !fit.includes(label.dataset.fault); });
  form.reset();
  one(`[value=${fit[0]}]`, form).checked = true;
  form.onsubmit = () => trigger('like', { about: button.value, ...Object.fromEntries(new FormData(form)) });
  dialog.showModal();
};
const ask_removal = button => {
  const dialog = one('#removal');
  one('.what', dialog).textContent = one('.headline', button.closest('.article')).textContent;
  one('form', dialog).onsubmit = () => trigger('delete', { article: button.value });
  dialog.showModal();
};

// -- conversations, kept by this browser --------------------------------------------------------------------------
const PLACE = `whence${location.pathname}`, MOST = 100;
const kept = () => {
  try { return JSON.parse(localStorage.getItem(PLACE)) ?? {}; } catch { return {}; }
};
const newest = held => Object.entries(held).sort(([, a], [, b]) => b.at - a.at);
const keep = held => {
  for (let entries = newest(held).slice(0, MOST); ; entries = entries.slice(0, -1)) {
    try { return localStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(entries))); }
    catch { if (entries.length < 2) return said('This browser has no room to keep the conversation'); }
  }
};
let current = sessionStorage.getItem(PLACE);
const begin = (name = null) => {
  current = name ?? crypto.getRandomValues(new Uint32Array(4)).join('-');
  sessionStorage.setItem(PLACE, current);
};
const resume = name => {
  begin(name);
  trigger('select', { answers: kept()[name].answers });
};
const hold = ({ after, answer }) => {
  if (!answer) return;
  const held = kept(), before = held[current] ?? { name: answer.question.slice(0, 120), answers: [] };
  held[current] = { ...before, at: Date.now(), answers: [...before.answers.slice(0, after), answer] };
  keep(held);
};
const button = (name, text, value) =>
  Object.assign(document.createElement('button'), { type: 'button', className: name, textContent: text, value });
const list = () => {
  const held = newest(kept());
  one('#kept .none').hidden = held.length > 0;
  one('#kept ul').replaceChildren(...held.map(([key, { name, answers, at }]) => {
    const row = document.createElement('li'), when = document.createElement('span');
    if (key === current) row.className = 'current';
    when.className = 'hint';
    when.textContent = `${answers.length} ${answers.length === 1 ? 'answer' : 'answers'} · ${new Date(at).toLocaleDateString()}`;
    row.append(button('resumes', name, key), when, button('renames', 'Rename', key), button('forgets', 'Delete', key));
    return row;
  }));
};
const rename = pencil => {
  const row = pencil.closest('li'), field = document.createElement('input');
  field.value = one('.resumes', row).textContent;
  field.setAttribute('aria-label', 'Name of the conversation');
  const done = () => {
    const held = kept();
    held[pencil.value].name = field.value.trim() || held[pencil.value].name;
    keep(held);
    list();
  };
  field.onblur = done;
  field.onkeydown = event => {
    if (event.key === 'Enter') field.blur();
    if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); field.onblur = null; list(); }
  };
  one('.resumes', row).replaceWith(field);
  field.select();
};
const forget = bin => {
  if (!bin.classList.contains('sure')) {
    bin.classList.add('sure');
    bin.textContent = 'Delete for good?';
    return;
  }
  const held = kept();
  delete held[bin.value];
  keep(held);
  list();
  if (bin.value === current) { one('#again').click(); }
};
const save = ({ name, media, text }) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: media }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
document.addEventListener('post', ({ detail }) => {
  if (detail.kept) hold(detail.kept);
  if (detail.file) save(detail.file);
  if (detail.said) said(detail.said);
});
if (current && kept()[current]) resume(current);
else begin();

// -- what Gradio draws, made ours ---------------------------------------------------------------------------------
let asked = 0;
const drawn = new WeakSet();
new MutationObserver(() => {
  // Gradio names each message by its whole HTML, which a screen reader would read out.
  all('#chat [data-testid][aria-label]').forEach(message => message.removeAttribute('aria-label'));
  all('#shelf .empty[aria-label]').forEach(empty => empty.setAttribute('role', 'img'));  // while a figure loads
  all('.day input[type=text]').forEach(field => { field.type = 'date'; });
  all('#graph .js-plotly-plot').filter(plot => plot.on && !drawn.has(plot)).forEach(plot => {
    drawn.add(plot);
    plot.on('plotly_click', ({ points: [point] }) => {
      if (point.customdata) trigger('click', { opens: point.customdata });
    });
  });
  const questions = all('#chat .asked');
  if (questions.length > asked) questions.at(-1).closest('.question').scrollIntoView();
  asked = questions.length;
}).observe(document.body, { childList: true, subtree: true });
