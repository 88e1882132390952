"""Someone who reads the book: with a mouse, with a finger, or with the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.browser.watching import Watched

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
MOST_STOPS = 400
IS_FOCUSED = "(one) => one === document.activeElement"


@dataclass
class Reader:
    """Reads the book that stands at an address.

    Attributes
    ----------
    root
        Address of the book's folder, which ends in a slash.
    by
        "mouse", "touch" or "keyboard".
    """

    watched: Watched
    root: str
    by: str

    @property
    def page(self) -> Any:
        return self.watched.page

    @property
    def here(self) -> str:
        """Name of the page that is open."""
        return self.page.url.removeprefix(self.root).partition(".html")[0]

    def open(self, name: str) -> None:
        self.page.goto(f"{self.root}{name}.html")

    def reach(self, target: Any) -> None:
        """Move focus to an element by Tab alone."""
        for _ in range(MOST_STOPS):
            if target.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def skip_to_the_text(self) -> None:
        """As a reader by keyboard does first: the link that leads past the contents."""
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")

    def press(self, target: Any) -> None:
        """Press a link or button, by whatever she reads with."""
        if self.by == "keyboard":
            self.reach(target)
            self.page.keyboard.press("Enter")
        elif self.by == "touch":
            target.tap()
        else:
            target.click()

    def follow(self, target: Any) -> str:
        """Press a link and wait for its page; gives the page's name."""
        leads_to = target.evaluate("one => one.href")
        self.press(target)
        self.page.wait_for_url(leads_to)
        self.page.wait_for_load_state()
        return self.here

    def type(self, field: Any, words: str) -> None:
        """Write into a field and send it."""
        if self.by == "keyboard":
            self.reach(field)
        else:
            self.press(field)
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
