"""What the page says of itself: its head, its welcome, and the dialogs that its script opens and fills."""

from assistant.views.articles import ICON

HEAD = f"""
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:">
{ICON}
"""
"""The policy is a second wall behind the escaping: the page asks nothing of any other machine."""

GRAPH = (
    '<div class="graph-head"><button class="closes" type="button">Close</button>'
    '<h2 class="headline">Who credits whom</h2>'
    '<div class="notes">An arrow leads from a report to those that credit or copy it. Click a point to read its quote.'
    "</div></div>"
)

WELCOME = (
    '<div class="welcome"><div class="invitation">Ask what the articles say.</div>'
    "Every sentence of an answer cites the passage it rests on, the outlet that printed it, and the source it credits."
    "</div>"
)

CONVERSATIONS = '<button class="quiet conversing" type="button" aria-haspopup="dialog">Conversations</button>'

FAULTS = {
    "wrong-answer": "The answer is wrong",
    "should-have-refused": "The articles do not say this",
    "should-have-answered": "The articles do answer this",
    "wrong-passage": "The passage does not say this",
    "wrong-source": "The source credited is wrong",
}
"""What a reader can find wrong; the page's script shows those that fit an answer, a refusal or a citation."""

_RADIOS = "".join(
    f'<label data-fault="{fault}"><input type="radio" name="fault" value="{fault}" required> {says}</label>'
    for fault, says in FAULTS.items()
)

DIALOGS = f"""
<dialog id="kept" aria-labelledby="kept-head">
  <h2 id="kept-head">Conversations</h2>
  <p class="hint">Kept by this browser alone.</p>
  <ul></ul>
  <p class="none">None yet.</p>
  <div class="doing">
    <span class="saving">Save this one as <button class="exports" type="button" value="all/markdown">Markdown</button>
    <button class="exports" type="button" value="all/html">HTML</button>
    <button class="exports" type="button" value="all/json">JSON</button></span>
    <button class="quiet dismisses" type="button">Close</button>
  </div>
</dialog>
<dialog id="fault" aria-labelledby="fault-head">
  <form method="dialog">
    <h2 id="fault-head">What is wrong?</h2>
    <div class="choices">{_RADIOS}</div>
    <label>What would be right? <span class="hint">(makes it a test case)</span>
    <textarea name="right" rows="2" maxlength="500"></textarea></label>
    <div class="doing"><button class="quiet dismisses" type="button">Cancel</button>
    <button class="sends" type="submit">Send</button></div>
  </form>
</dialog>
<dialog id="removal" aria-labelledby="removal-head">
  <form method="dialog">
    <h2 id="removal-head">Remove this article?</h2>
    <p class="what"></p>
    <p class="hint">Every revision goes, for good. Answers keep their quotes of it, and can no longer open it.</p>
    <div class="doing"><button class="quiet dismisses" type="button">Keep it</button>
    <button class="sends" type="submit">Remove</button></div>
  </form>
</dialog>
<div id="hint" role="status"></div>
"""
