"""Someone at the page, in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Dialog, Locator, expect

expect.set_options(timeout=20_000)  # a machine that does other work too is no failure of the page


@dataclass
class Visitor:
    """Someone at the page; `amiss` is every dialog, error and request elsewhere since they came."""

    context: BrowserContext
    url: str
    amiss: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.amiss.append(str(error)))
        self.page.on("console", lambda said: self.amiss.append(said.text) if said.type == "error" else None)
        self.context.on("request", lambda request: self._check(request.url))
        self.page.goto(self.url)
        expect(self.box).to_be_focused(timeout=60_000)  # nothing else takes a busy machine as long

    def _dismiss(self, dialog: Dialog) -> None:
        self.amiss.append(dialog.message)
        dialog.dismiss()

    def _check(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:")):
            self.amiss.append(address)

    @property
    def box(self) -> Locator:
        return self.page.locator("#box textarea")

    @property
    def told(self) -> Locator:
        return self.page.locator(".told")

    def ask(self, question: str) -> Locator:
        """Types a question; what is shown for it when it is answered."""
        number = self.page.locator(".asked").count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.page.locator(".asked")).to_have_count(number + 1)
        expect(self.told.nth(number)).to_have_class(re.compile("answer|refusal|failure"))
        expect(self.page.locator("#box .submit-button")).to_be_visible()
        return self.told.nth(number)

    def begin(self) -> None:
        """Begins a new conversation, as if none had been kept."""
        self.page.keyboard.press("Escape")
        if self.asked.count():
            self.page.locator("#again").click()
            expect(self.asked).to_have_count(0)
        expect(self.page.locator("#side .article")).to_have_count(0)
        self.page.evaluate("localStorage.clear()")
        self.amiss.clear()

    @property
    def asked(self) -> Locator:
        return self.page.locator(".asked")

    @property
    def quoted(self) -> Locator:
        """A citation's words in its article; in stretches, where it credits someone."""
        return self.page.locator("#side mark.quoted")

    def collection(self) -> None:
        """Goes to the collection."""
        self.page.get_by_role("tab", name="Collection").click()
        expect(self.page.locator("#listing .span")).to_be_visible()

    def barriers(self) -> list[str]:
        """What axe-core finds that keeps people out: rule and elements."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {[node['target'] for node in one['nodes']]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]


Visit = Callable[..., Visitor]
