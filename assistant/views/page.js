let opener = null;
const close = () => { props.value = ''; opener?.focus(); };
document.addEventListener('click', event => {
  const clicked = event.target.closest('.opens');
  if (clicked) { opener = clicked; trigger('click', { opens: clicked.value }); }
  if (event.target.closest('.closes')) close();
  const asks = event.target.closest('.asks');
  if (asks) trigger('submit', { asks: asks.value });
  const exports = event.target.closest('.exports');
  if (exports) trigger('download', { exports: exports.value, base: location.origin + location.pathname });
  if (event.target.closest('#again, #box .stop-button')) document.querySelector('#box textarea').focus();
});
document.addEventListener('keydown', event => { if (event.key === 'Escape' && props.value) close(); });
watch('value', () => {
  element.querySelector('.article')?.focus({ preventScroll: true });
  element.querySelector('mark.quoted')?.scrollIntoView({ block: 'center' });
});
let asked = 0;
const days = () => document.querySelectorAll('.day input[type=text]').forEach(field => { field.type = 'date'; });
new MutationObserver(() => {
  // Gradio names each message by its whole HTML, which a screen reader would read out.
  document.querySelectorAll('#chat [data-testid][aria-label]').forEach(said => said.removeAttribute('aria-label'));
  days();
  const questions = document.querySelectorAll('#chat .asked');
  if (questions.length > asked) questions[questions.length - 1].scrollIntoView();
  asked = questions.length;
}).observe(document.body, { childList: true, subtree: true });
