"""A browser's page that notes all it asks for and all it complains of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Watched:
    """A page with all it asked for and all it complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def left_the_folder(self) -> list[str]:
        """Requests for anything that is not a local file."""
        return [url for url in self.requests if not url.startswith("file:")]

    def forget(self) -> None:
        """Begin anew, on the same page."""
        self.requests.clear()
        self.complaints.clear()


def watch(context: Any) -> Watched:
    """Open a page in a context and listen to it, and to whatever else asks from there."""
    watched = Watched(context.new_page())
    context.on("request", lambda request: watched.requests.append(request.url))
    context.on("response", lambda response: _answered(watched, response))
    page = watched.page
    page.on("console", lambda message: _said(watched, message))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("requestfailed", lambda request: _failed(watched, request))
    return watched


def _said(watched: Watched, message: Any) -> None:
    if message.type in ("error", "warning"):
        watched.complaints.append(message.text)


def _answered(watched: Watched, response: Any) -> None:
    if response.status >= 400:
        watched.complaints.append(f"{response.status} {response.url}")


def _failed(watched: Watched, request: Any) -> None:
    # A file that is downloaded is a page that was not opened.
    if not request.is_navigation_request():
        watched.complaints.append(f"failed: {request.url}")
