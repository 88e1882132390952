"""How `justice book` shows builds, traces and checks, in a narrow terminal."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from justice_analysis.publishing import BookReport
    from justice_analysis.publishing.checks.book import BookCheck
    from justice_analysis.publishing.traces.file import Use
    from justice_analysis.publishing.traces.report import PageTrace

WIDEST = 100
MEGABYTE, KILOBYTE = 1_000_000, 1_000


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def say(sentence: str, *, indent: int = 0) -> None:
    """Print a sentence, wrapped; words are not broken, so that names can be copied."""
    typer.echo(_wrapped(sentence, _width(), indent))


def _wrapped(sentence: str, width: int, indent: int) -> str:
    return textwrap.fill(
        sentence,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def counted(number: int, one: str) -> str:
    """A count with its word: 1 page, 2 pages."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


# Build ------------------------------------------------------------------------------------------


def built(report: BookReport) -> None:
    """Print what a book holds, and where it is."""
    for title, names in (
        ("Papers on real data", report.papers),
        ("Protocol papers, on synthetic data", report.protocol_papers),
        ("Outputs that were not released; their pages say so", report.unreleased),
    ):
        if names:
            typer.echo(f"{title}: {len(names)}")
            for name in names:
                typer.echo(f"  {name}")
    if not report.papers and not report.protocol_papers:
        say("No release was given (--from), so the book holds no paper.")
    typer.echo(f"\nThe book has {report.pages:,} pages, made in {report.seconds:.1f} s.")
    typer.echo(f"Open {report.index}")


# Trace ------------------------------------------------------------------------------------------


def traced(found: PageTrace) -> None:
    """Print where everything on a page came from, one release after another."""
    typer.echo(found.page)
    if found.title:
        say(found.title)
    for (study, variant, release, day), rows in groupby(found.rows, lambda row: _source(row[0])):
        typer.echo("")
        on = f", {day}" if day else ""
        say(f"From release {release}{on}: {study}/{variant}")
        _rows(list(rows))
    for text in found.untraced:
        say(f"untraced: “{text}” stands on the page and comes from no release.", indent=2)
    typer.echo("")
    say(_summary(found))


def _source(use: Use) -> tuple[str, str, str, str]:
    return use.study, use.variant, use.release, use.released


def _rows(rows: Sequence[tuple[Use, str]]) -> None:
    """Kind, what, file and state; what is long goes on beneath itself."""
    files = [use.file.rpartition("/")[2] for use, _ in rows]
    kind, file, state = 6, max(map(len, (*files, "file"))), 5
    what = max(_width() - kind - file - state - 8, 20)
    line = f"  {{:<{kind}}}  {{:<{what}}}  {{:<{file}}}  {{}}"
    typer.echo(line.format("kind", "what", "file", "state").rstrip())
    typer.echo(line.format("-" * kind, "-" * what, "-" * file, "-" * state))
    for (use, why), name in zip(rows, files, strict=True):
        lines = [*textwrap.wrap(use.text, what), *_pieces(use.reference, what)]
        cells = zip_longest(lines, [name], ["stale" if why else "fresh"], fillvalue="")
        for at, (said, place, mark) in enumerate(cells):
            typer.echo(line.format("" if at else use.kind, said, place, mark).rstrip())
        if why:
            say(f"stale: {why}.", indent=kind + 4)


def _pieces(name: str, width: int) -> list[str]:
    """A long name on several lines, parted where its words are."""
    lines = [""]
    for word in re.split(r"(?<=[/_,=\[ ])", name):
        if lines[-1] and len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += word
    return lines


def _summary(found: PageTrace) -> str:
    kinds = Counter(use.kind for use, _ in found.rows)
    parts = [counted(count, kind) for kind, count in kinds.items()]
    total = ", ".join(parts) or "Nothing released"
    if found.holds:
        return f"{total}: all traced, and fresh."
    wrong = [f"{found.stale_count} stale"] if found.stale_count else []
    wrong += [f"{len(found.untraced)} untraced"] if found.untraced else []
    return f"{total}: {' and '.join(wrong)}. Build the book again from its releases."


# Check ------------------------------------------------------------------------------------------


def checked(check: BookCheck) -> None:
    """Print the problems of a book page by page, and what was looked at."""
    problems = sorted(check.problems, key=lambda one: (one.page, one.line or 0))
    for page, own in groupby(problems, lambda one: one.page):
        typer.echo(page or "the book")
        for one in own:
            where = f"line {one.line}: " if one.line else ""
            say(f"{one.what}: {where}{one.said}", indent=2)
        typer.echo("")
    looked_at = ("pages", "links", "pictures", "tables", "numbers", "citations")
    seen = [counted(check.counts[name], name.removesuffix("s")) for name in looked_at]
    say(f"{', '.join(seen)}.")
    say(
        f"The book has {check.bytes / MEGABYTE:.1f} MB; its first page, with all it loads, "
        f"{check.first_page_bytes / KILOBYTE:.0f} kB."
    )
    if problems:
        kinds = Counter(one.what for one in problems)
        listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        say(f"{counted(len(problems), 'problem')}: {listed}.")
    else:
        typer.echo("No problem was found.")
