"""A server of this machine for a built book, below a path as an office's server would have it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Below(SimpleHTTPRequestHandler):
    """Serves the folder below a path, and nothing anywhere else; keeps quiet."""

    below = "/"

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.below):
            return str(Path(self.directory) / "nothing is here")
        return super().translate_path("/" + path.removeprefix(self.below))

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(book: Path, below: str = "/") -> Iterator[str]:
    """Serve a book on this machine; gives the address of its root, which ends in a slash."""
    handler = type("Handler", (_Below,), {"below": below})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(book)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{below}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
