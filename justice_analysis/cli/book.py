"""`justice book`: build the book from releases, and open it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show

app = typer.Typer(help="The book: build, open.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def build(
    release: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Release folder; may be given more than once."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the book.")] = Path("demo/book"),
) -> None:
    """Build the book from released outputs only."""
    from justice_analysis import publishing, studies

    project = studies.find_project()
    with show.spinner("Building the book"):
        report = publishing.build_book(
            release or [],
            out,
            book_folder=project.root / "book",
            notebooks=project.notebooks,
            parameters=project.parameters,
        )
    typer.echo(f"The book has {report.pages} pages. Open {report.index}")


@app.command("open")
def open_book(folder: Annotated[Path, typer.Argument()] = Path("demo/book")) -> None:
    """Open the built book in a browser."""
    from justice_analysis import publishing

    typer.echo(f"Opened {publishing.open_book(folder)}")
