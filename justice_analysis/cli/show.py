"""How the command line shows tables, numbers and progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings, numbers to the right, nothing cut off."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max([len(h), *(len(r[i]) for r in texts)]) for i, h in enumerate(headings)]
    right = [bool(texts) and all(_is_number(r[i]) for r in texts) for i in range(len(headings))]
    for line in [list(headings), ["-" * width for width in widths], *texts]:
        cells = [
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(line, widths, right, strict=True)
        ]
        typer.echo("  ".join(cells).rstrip())


def as_json(value: Any) -> None:
    """Print a value for a script to read."""
    typer.echo(json.dumps(value, indent=2, default=str))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:.4f}" if isinstance(cell, float) else str(cell)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").replace("-", "").isdigit() or text == ""


@contextmanager
def steps(words: str) -> Iterator[Callable[[str], None]]:
    """Show which step of long work is under way; silent where nobody watches."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: None
        return
    with console.status(words) as status:
        yield lambda step: status.update(f"{words}: {step}")


@contextmanager
def spinner(words: str) -> Iterator[None]:
    """Show that long work goes on; silent where nobody watches."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield
