"""`justice category`: definitions of categories, and two compared on one warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show

app = typer.Typer(
    help="Categories: definitions, and two compared.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NOT_CHECKED = "\nNot checked for release. Release a study's outputs with justice release."


@app.command("list")
def list_categories(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """List the categories with their status: backed, assumed or unbacked."""
    from justice_analysis.cohorts import categories

    found = [categories.get(name).category for name in categories.names()]
    rows = [(one.name, one.word, one.status, one.unit, one.version) for one in found]
    headings = ("category", "word", "status", "counts", "version")
    if json:
        show.as_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show.table(headings, rows)


@app.command("show")
def show_category(name: str) -> None:
    """Print a category: definition, codes, what does not count, source."""
    from justice_analysis.cohorts import categories

    typer.echo(categories.get(name).category.text())


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A category of justice category list.")],
    second: Annotated[str, typer.Argument(help="Another of the same unit.")],
    data: Annotated[Path, typer.Option(help="The warehouse.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Count who is in both of two categories, and in one alone."""
    compared(first, second, data, of="categories", json=json)


def compared(first: str, second: str, data: Path, *, of: str, json: bool) -> None:
    """Print the members that two definitions share, and those of each alone."""
    from justice_analysis import metrics, warehouse

    compute = metrics.get("definition_overlap").compute
    result = compute(warehouse.open(data), first=first, second=second, of=of)
    if json:
        show.as_json(result.table.to_dict("records"))
        return
    show.table(list(result.table.columns), result.table.itertuples(index=False, name=None))
    for note in result.output("").notes:
        typer.echo(f"\n{note}")
    typer.echo(NOT_CHECKED)
