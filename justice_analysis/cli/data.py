"""`justice data`: datasets, their contracts, synthetic worlds, checking and loading."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from justice_analysis.cli import show

app = typer.Typer(
    help="Datasets: describe, synthesise, check, load.", no_args_is_help=True, rich_markup_mode=None
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
Dataset = Annotated[Optional[str], typer.Option(help="The dataset, if the folder does not say.")]
AdapterFile = Annotated[
    Optional[Path], typer.Option("--adapter", help="YAML that brings other names to the contract.")
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
    from justice_analysis import contracts
    from justice_analysis.contracts import describe as words

    contract = contracts.load(dataset)
    if json:
        show.as_json([row._asdict() for row in words.dictionary_rows(contract)])
    else:
        typer.echo(words.text(contract))


@app.command()
def synthesise(
    people: Annotated[int, typer.Option(min=200, help="People in the world.")],
    out: Annotated[Path, typer.Option(help="Folder to write; must not hold another world.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 1,
    format: Annotated[str, typer.Option(help="parquet or csv")] = "parquet",
    clean: Annotated[bool, typer.Option("--clean", help="Leave the planted mess out.")] = False,
) -> None:
    """Write the synthetic world, delivered in each dataset's layout, truth beside it."""
    from justice_analysis import synthetic

    with show.spinner(f"Making a synthetic world of {people:,} people"):
        report = synthetic.synthesise(people, seed, out, format=format, clean=clean)
    typer.echo(report.text())


@app.command()
def check(
    folder: Path, dataset: Dataset = None, adapter: AdapterFile = None, json: Json = False
) -> None:
    """Hold an extract against its contract; exit 1 where it fails."""
    from justice_analysis import sources

    report = sources.check_extract(sources.read_extract(folder, dataset=dataset, adapter=adapter))
    if json:
        show.as_json(report.as_dict())
    else:
        typer.echo(report.text())
    raise typer.Exit(0 if report.passed else 1)


@app.command()
def load(
    folders: list[Path],
    into: Annotated[Path, typer.Option(help="Warehouse folder; made if it does not exist.")],
    dataset: Dataset = None,
    adapter: AdapterFile = None,
) -> None:
    """Load extracts into a warehouse, which appears whole or not at all."""
    from justice_analysis import sources, warehouse

    with show.spinner("Loading"):
        extracts = [
            sources.read_extract(folder, dataset=dataset, adapter=adapter) for folder in folders
        ]
        loaded = warehouse.load(extracts, into)
    typer.echo(loaded.ledger.text())
    typer.echo(f"\nThe warehouse is at {into} (generation {loaded.fingerprint[:12]}).")
