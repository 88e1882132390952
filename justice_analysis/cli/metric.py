"""`justice metric`: definition cards, and a metric as a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from justice_analysis.cli import show
from justice_analysis.errors import OptionError

app = typer.Typer(help="Metrics: cards and results.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_metrics(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """List the metrics and evaluations, with their status."""
    import justice_analysis.evaluation
    import justice_analysis.metrics  # noqa: F401  (registers the cards)
    from justice_analysis.definitions import SUBJECTS, registry

    cards = sorted(registry.cards(), key=lambda card: (SUBJECTS.index(card.subject), card.name))
    rows = [(card.subject, card.name, card.status, card.title) for card in cards]
    headings = ("subject", "metric", "status", "title")
    if json:
        show.as_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show.table(headings, rows)


@app.command("show")
def show_card(name: str) -> None:
    """Print the definition card of a metric or an evaluation."""
    import justice_analysis.evaluation  # noqa: F401  (registers the cards)
    from justice_analysis import metrics

    typer.echo(metrics.get(name).card.text())


@app.command(short_help="Compute a metric on a warehouse, for you to look at.")
def run(
    name: Annotated[str, typer.Argument(help="A metric of justice metric list.")],
    data: Annotated[Path, typer.Option(help="The warehouse.")],
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", help="name=value, as the card names it")
    ] = None,
    output: Annotated[
        str | None, typer.Option(help="One of the result's tables; the main one by default.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Compute a metric on a warehouse, for you to look at: not checked for release."""
    from justice_analysis import metrics, warehouse

    compute = metrics.get(name).compute
    options = _fitted(name, compute, _options(option or []))
    result = compute(warehouse.open(data), **options)
    table = result.output(metrics.get(name).card.title, output).table if output else result.table
    if json:
        show.as_json(table.to_dict("records"))
        return
    show.table(list(table.columns), table.itertuples(index=False, name=None))
    others = [other for other in getattr(result, "outputs", {}) if other != output]
    if len(others) > 1:
        typer.echo(f"\nTables of this result: {', '.join(result.outputs)} (--output).")
    typer.echo("\nNot checked for release. Release a study's outputs with justice release.")


@app.command(short_help="Print a metric as SQL, with its card.")
def sql(
    name: Annotated[str, typer.Argument(help="A metric of justice metric list.")],
    data: Annotated[Path, typer.Option(help="The warehouse.")],
    dialect: Annotated[str, typer.Option(help="duckdb, postgres or mssql")] = "duckdb",
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", help="name=value, as the card names it")
    ] = None,
) -> None:
    """Print every query that a metric asks of a warehouse, with its card as the header."""
    from justice_analysis import metrics, warehouse
    from justice_analysis.metrics.sql import metric_sql

    options = _fitted(name, metrics.get(name).compute, _options(option or []))
    typer.echo(metric_sql(name, warehouse.open(data), dialect=dialect, **options))


@app.command(short_help="Set a metric beside published figures.")
def compare(
    name: Annotated[str, typer.Argument(help="A metric of justice metric list.")],
    data: Annotated[Path, typer.Option(help="The warehouse.")],
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", help="name=value, as the card names it")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Set a metric beside each published figure it comes close to, and say what differs."""
    from justice_analysis.cli import metric_compare

    metric_compare.show_comparisons(name, data, _options(option or []), json=json)


def _fitted(name: str, compute: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    """Options as a metric takes them: one value where it takes several is a list of one.

    A metric that takes any option checks them itself.
    """
    from inspect import Parameter, signature

    taken = signature(compute).parameters
    if any(one.kind is Parameter.VAR_KEYWORD for one in taken.values()):
        return options
    known = {key: one for key, one in taken.items() if one.kind is Parameter.KEYWORD_ONLY}
    if unknown := [option for option in options if option not in known]:
        raise OptionError(f"{name} has no option {', '.join(unknown)}. It has {', '.join(known)}.")
    several = [key for key, one in known.items() if isinstance(one.default, tuple)]
    return {
        key: (value,) if key in several and not isinstance(value, list) else value
        for key, value in options.items()
    }


def _options(pairs: list[str]) -> dict[str, Any]:
    import yaml

    broken = [pair for pair in pairs if "=" not in pair]
    if broken:
        raise OptionError(f"an option is written name=value: {', '.join(broken)} is not.")
    # Dates stay text: the metrics take ISO dates as text.
    try:
        return {
            name: value if "-" in value else yaml.safe_load(value)
            for name, value in (pair.split("=", 1) for pair in pairs)
        }
    except yaml.YAMLError:
        raise OptionError(
            "an option's value must be a word, a number or a list such as [365, 730]."
        ) from None
