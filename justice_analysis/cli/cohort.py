"""`justice cohort`: declared cohorts, and one found in a warehouse with its losses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show
from justice_analysis.cli.category import NOT_CHECKED, compared

app = typer.Typer(
    help="Cohorts: definitions, losses, and two compared.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_cohorts(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """List the declared cohorts with their status: backed, assumed or unbacked."""
    from justice_analysis.cohorts import declared

    found = [declared.get(name) for name in declared.names()]
    rows = [(one.name, one.status, one.unit, one.title) for one in found]
    headings = ("cohort", "status", "holds", "title")
    if json:
        show.as_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show.table(headings, rows)


@app.command("show")
def show_cohort(name: str) -> None:
    """Print a cohort: definition, index, exclusions, follow-up, source."""
    from justice_analysis.cohorts import declared
    from justice_analysis.cohorts.declared.words import card_text

    typer.echo(card_text(declared.get(name)))


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="A cohort of justice cohort list.")],
    data: Annotated[Path, typer.Option(help="The warehouse.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Find a cohort in a warehouse and print who was left at each step."""
    from justice_analysis import warehouse
    from justice_analysis.cohorts import declared

    flow = declared.get(name).of(warehouse.open(data)).flow.table()
    if json:
        show.as_json(flow.to_dict("records"))
        return
    show.table(list(flow.columns), flow.itertuples(index=False, name=None))
    typer.echo(NOT_CHECKED)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A cohort of justice cohort list.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    data: Annotated[Path, typer.Option(help="The warehouse.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Count who is in both of two cohorts, and in one alone."""
    compared(first, second, data, of="cohorts", json=json)
