"""`justice book`: build the book from releases, check it, trace it, keep editions, open it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from justice_analysis.cli import show, show_book
from justice_analysis.errors import UsageError

app = typer.Typer(
    help="The book: build, check, trace, edition, open.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

BUILT = Path("demo/book")
From = Annotated[
    list[Path] | None,
    typer.Option("--from", help="Release folder; may be given more than once."),
]
Book = Annotated[Path, typer.Option("--book", help="Folder of the built book.")]
Json = Annotated[bool, typer.Option("--json", help="For a script.")]


@app.command(short_help="Build the book; only what changed is built again.")
def build(
    release: From = None,
    out: Annotated[Path, typer.Option(help="Folder of the book.")] = BUILT,
    json: Json = False,
) -> None:
    """Build the book from released outputs only.

    A book that stands there stays as it is until the new one is whole.
    """
    from justice_analysis import publishing

    with show.steps("Building the book") as step:
        report = publishing.build_book(release or [], out, **_project(), progress=step)
    if json:
        show.as_json(vars(report))
    else:
        show_book.built(report)


@app.command(short_help="Find what a reader would stumble over.")
def check(book: Book = BUILT, release: From = None, json: Json = False) -> None:
    """Check a built book; exit 1 if anything is wrong.

    Links and parts, requests to the network, numbers and their releases, alternative text, tables,
    references, files of each paper, marks of synthetic data, size.
    """
    from justice_analysis.publishing.checks.book import check_book

    with show.spinner("Checking the book"):
        found = check_book(book, release)
    if json:
        problems = [vars(one) for one in found.problems]
        show.as_json({**vars(found), "problems": problems})
    else:
        show_book.checked(found)
    raise typer.Exit(1 if found.problems else 0)


@app.command(short_help="Say which release each figure, table and number came from.")
def trace(
    paper: Annotated[str, typer.Argument(help="Its page, study/variant, or how its title begins.")],
    book: Book = BUILT,
    release: From = None,
    json: Json = False,
) -> None:
    """Trace everything released on a page; exit 1 if any of it is stale or untraced."""
    from justice_analysis.publishing.traces.report import trace_page

    found = trace_page(book, paper, release)
    if json:
        rows = [{**vars(use), "stale": why or None} for use, why in found.rows]
        show.as_json({**vars(found), "rows": rows, "holds": found.holds})
    else:
        show_book.traced(found)
    raise typer.Exit(0 if found.holds else 1)


@app.command(short_help="Write down the figures of the book as published.")
def edition(
    name: Annotated[str, typer.Argument(help="Year and month, such as 2026-11.")],
    release: From = None,
    book: Book = BUILT,
    date: Annotated[str | None, typer.Option(help="Day of it; today unless said.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write it again: it was never published.")
    ] = False,
) -> None:
    """Write an edition from releases; by default those that the book was built from.

    From then on the book is built only if each of these figures is the same or explained.
    """
    from justice_analysis.publishing.book import read_papers
    from justice_analysis.publishing.editions import edition as editions
    from justice_analysis.publishing.editions.changes import compare
    from justice_analysis.publishing.traces.file import read_traces

    project = _project()
    day = _day(date)
    with show.spinner("Reading papers"):
        papers = read_papers(release or read_traces(book).releases, **project)
    known = editions.read_editions(project["book_folder"])
    compare(papers, editions.without(known, name) if replace else known)
    made = editions.edition_of(papers, name=name, date=day)
    file = editions.write_edition(made, project["book_folder"], replace=replace)
    figures = sum(len(paper.numbers) for paper in made.papers.values())
    show_book.say(
        f"{show_book.counted(len(made.papers), 'paper')} with "
        f"{show_book.counted(figures, 'figure')} and "
        f"{show_book.counted(len(made.protocols), 'protocol paper')} written to {file}"
    )


@app.command("open")
def open_book(folder: Annotated[Path, typer.Argument()] = BUILT) -> None:
    """Open the built book in a browser."""
    from justice_analysis import publishing

    typer.echo(f"Opened {publishing.open_book(folder)}")


def _project() -> dict[str, Any]:
    """Where prose and parameters of this project are."""
    from justice_analysis import studies

    project = studies.find_project()
    return {
        "book_folder": project.root / "book",
        "notebooks": project.notebooks,
        "parameters": project.parameters,
    }


def _day(said: str | None) -> str:
    if said is None:
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(said).isoformat()
    except ValueError:
        raise UsageError("--date must be a day, such as 2026-11-23.") from None
