"""`justice data`: datasets, their contracts, synthetic worlds, checking and loading."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show

app = typer.Typer(
    help="Datasets: describe, synthesise, check, load.", no_args_is_help=True, rich_markup_mode=None
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
Dataset = Annotated[str | None, typer.Option(help="The dataset, if the folder does not say.")]
AdapterFile = Annotated[
    Path | None, typer.Option("--adapter", help="YAML that brings other names to the contract.")
]


@app.command("list")
def list_datasets(json: Json = False) -> None:
    """List the datasets that have a contract."""
    from justice_analysis import contracts

    loaded = [contracts.load(name) for name in contracts.names()]
    rows = [(c.name, c.nature, c.jurisdiction, len(c.tables), c.title) for c in loaded]
    headings = ("dataset", "nature", "jurisdiction", "tables", "title")
    if json:
        show.as_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show.table(headings, rows)


@app.command()
def describe(dataset: str, json: Json = False) -> None:
    """Print one dataset's contract as a dictionary."""
    from dataclasses import asdict

    from justice_analysis import contracts
    from justice_analysis.contracts import describe as words

    contract = contracts.load(dataset)
    if json:
        show.as_json([asdict(row) for row in words.dictionary_rows(contract)])
    else:
        typer.echo(words.plain_text(contract))


@app.command()
def synthesise(
    people: Annotated[int, typer.Option(min=500, help="People in the world.")],
    out: Annotated[Path, typer.Option(help="Folder to write; must not hold another world.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 1,
    format: Annotated[str, typer.Option(help="parquet or csv")] = "parquet",
    clean: Annotated[bool, typer.Option("--clean", help="Leave the planted mess out.")] = False,
) -> None:
    """Write the synthetic world, delivered in each dataset's layout, truth beside it."""
    from justice_analysis import synthetic

    with show.spinner(f"Making a synthetic world of {people:,} people"):
        report = synthetic.synthesise(people, seed, out, format=format, clean=clean)
    show.table(
        ("dataset", "table", "rows"),
        [(name, t, rows) for name, tables in report.rows.items() for t, rows in tables.items()],
    )
    typer.echo(
        f"\n{report.people:,} people, {report.mothers:,} mothers, {report.sets:,} sets of "
        f"proceedings in {report.seconds:.1f} s. Synthetic data: the truth is in {out}/truth."
    )


@app.command()
def check(
    folder: Path, dataset: Dataset = None, adapter: AdapterFile = None, json: Json = False
) -> None:
    """Hold an extract against its contract; exit 1 where it fails."""
    from justice_analysis.sources import report as reports
    from justice_analysis.sources.extract import look_at_extract

    found = reports.check_extract(look_at_extract(folder, dataset, adapter))
    typer.echo(reports.to_json(found) if json else reports.render(found))
    raise typer.Exit(0 if found.passed else 1)


@app.command()
def load(
    folders: list[Path],
    into: Annotated[Path, typer.Option(help="Warehouse folder; made if it does not exist.")],
    dataset: Dataset = None,
    adapter: AdapterFile = None,
    extract_date: Annotated[
        str | None, typer.Option(help="Day the extract was made, YYYY-MM-DD, if it does not say.")
    ] = None,
) -> None:
    """Load extracts into a warehouse, which appears whole or not at all."""
    from justice_analysis import warehouse
    from justice_analysis.sources.extract import read_extract

    extracts = [
        read_extract(folder, dataset, adapter, extract_date=extract_date) for folder in folders
    ]
    with show.steps("Loading") as say:
        loaded = warehouse.load(extracts, into, progress=say)
    typer.echo(str(loaded.ledger))
    state = "unchanged" if loaded.is_unchanged else "written"
    typer.echo(f"\nThe warehouse at {into} is {state} (generation {loaded.fingerprint[:12]}).")
