"""`justice data`: datasets, their contracts, synthetic worlds, checking and loading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show
from justice_analysis.errors import UsageError

app = typer.Typer(
    help="Datasets: describe, synthesise, check, load.", no_args_is_help=True, rich_markup_mode=None
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
Folder = Annotated[Path | None, typer.Argument(help="Folder or zip file of an extract.")]
DatabaseAddress = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="postgres (as PGHOST, PGSERVICE and so on say), or an address without password.",
    ),
]
Dataset = Annotated[
    str | None, typer.Option(help="Dataset, or path of a contract, if the folder does not say.")
]
AdapterFile = Annotated[
    Path | None, typer.Option("--adapter", help="YAML that brings other names to the contract.")
]


@app.command("list")
def list_datasets(json: Json = False) -> None:
    """List the datasets that have a contract, and what joins them."""
    from justice_analysis.cli import catalogue

    if json:
        show.as_json(catalogue.records())
    else:
        catalogue.show_list()


@app.command(short_help="Print one dataset, or common_model.")
def describe(
    dataset: Annotated[str, typer.Argument(help="A dataset, or the path of a contract.")],
    table: Annotated[str | None, typer.Option(help="One table alone.")] = None,
    json: Json = False,
) -> None:
    """Print one dataset, or common_model: grain, keys, breaks, joins, columns, codes."""
    from dataclasses import asdict

    from justice_analysis import contracts
    from justice_analysis.contracts import describe as words
    from justice_analysis.sources.own_mapping import losses_of

    # Whoever writes a mapping looks up where it leads.
    is_common = dataset == contracts.common_model().name
    contract = contracts.common_model() if is_common else contracts.load(dataset)
    if json:
        only = contract.table(table).name if table else None
        rows = words.dictionary_rows(contract)
        show.as_json([asdict(row) for row in rows if only in (None, row.table)])
        return
    others = [] if is_common else [contracts.load(name) for name in contracts.names()]
    typer.echo(
        words.plain_text(contract, others, table=table, losses=losses_of(contract.name)), nl=False
    )


@app.command(short_help="Write a synthetic world as each dataset delivers it.")
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


@app.command(short_help="Look at unknown files; draft an adapter.")
def profile(
    folder: Annotated[Path, typer.Argument(help="Folder of the files.")],
    dataset: Annotated[
        str | None, typer.Option(help="Dataset that the files may be of: drafts an adapter.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the adapter's draft to this file.")
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=1000, help="Look at so many rows of each file at most.")
    ] = None,
    threshold: Annotated[
        int, typer.Option(min=10, help="Rows that must share a value before it is shown.")
    ] = 10,
    json: Json = False,
) -> None:
    """Look at unknown files: columns, gaps, dates, codes, keys; draft an adapter."""
    from justice_analysis import contracts
    from justice_analysis.sources import profile as profiles

    if out is not None and dataset is None:
        raise UsageError("an adapter is drafted for a dataset: name it with --dataset.")
    if out is not None and out.exists():
        raise UsageError(f"{out.name} is there already. Name a new file for the draft.")
    with show.spinner("Looking at the files"):
        found = profiles.profile_folder(folder, dataset, rows=rows, threshold=threshold)
    typer.echo(profiles.to_json(found) if json else profiles.render(found))
    if dataset is None:
        return
    draft = profiles.draft_adapter(found, contracts.load(dataset))
    if out is not None:
        out.write_text(draft, encoding="utf-8")
        typer.echo(f"A draft of an adapter is in {out}.", err=json)
    elif not json:
        typer.echo(draft)


@app.command(short_help="Hold extracts against their contracts.")
def check(
    folder: Folder = None,
    dataset: Dataset = None,
    adapter: AdapterFile = None,
    database: DatabaseAddress = None,
    schema: Annotated[str | None, typer.Option(help="Schema of the database.")] = None,
    json: Json = False,
) -> None:
    """Hold an extract, or each extract of a folder, against its contract; exit 1 if one fails."""
    from justice_analysis.sources import report as reports
    from justice_analysis.sources.extract import look_at_extract

    given, schemas = [folder] if folder else [], [schema] if schema else []
    with _places(given, database, schemas, dataset, adapter) as places:
        if json and len(places) != 1:
            raise UsageError("with --json one extract is checked at a time.")
        passed = []
        for place in places:
            found = reports.check_extract(look_at_extract(place, dataset, adapter))
            typer.echo(reports.to_json(found) if json else reports.render(found))
            passed.append(found.passed)
    raise typer.Exit(0 if all(passed) else 1)


@app.command(short_help="Load extracts into a warehouse.")
def load(
    into: Annotated[Path, typer.Option(help="Warehouse folder; made if it does not exist.")],
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders or zip files.")] = None,
    dataset: Dataset = None,
    adapter: AdapterFile = None,
    database: DatabaseAddress = None,
    schema: Annotated[
        list[str] | None, typer.Option(help="Schema of the database; may be given again.")
    ] = None,
    extract_date: Annotated[
        str | None, typer.Option(help="Day the extract was made, YYYY-MM-DD, if it does not say.")
    ] = None,
) -> None:
    """Load extracts, or all extracts of a folder, into a warehouse: whole or not at all."""
    from justice_analysis import warehouse
    from justice_analysis.publishing.quality.report import write_quality_report
    from justice_analysis.sources.extract import read_extract

    if any(folder.is_dir() and into.resolve() == folder.resolve() for folder in folders or []):
        raise UsageError(f"{into} holds what is to be loaded. Name another folder with --into.")
    with (
        show.steps("Loading") as say,
        _places(folders or [], database, schema or [], dataset, adapter, say) as places,
    ):
        extracts = [
            read_extract(place, dataset, adapter, extract_date=extract_date) for place in places
        ]
        loaded = warehouse.load(extracts, into, progress=say)
    typer.echo(str(loaded.ledger))
    state = "unchanged" if loaded.is_unchanged else "written"
    typer.echo(f"\nThe warehouse at {into} is {state} (generation {loaded.fingerprint[:12]}).")
    typer.echo(f"Its quality report is {write_quality_report(loaded)}.")


@app.command(short_help="Say how good the data of a warehouse are.")
def quality(
    folder: Annotated[Path, typer.Argument(help="Folder of a warehouse.", metavar="WAREHOUSE")],
    threshold: Annotated[
        int, typer.Option(min=1, help="Counts below it are shown as fewer in the report.")
    ] = 10,
    json: Json = False,
) -> None:
    """Say how good the data of a warehouse are, and write the report again."""
    from justice_analysis import warehouse
    from justice_analysis.cli import catalogue
    from justice_analysis.publishing.quality.report import write_quality_report

    opened = warehouse.open(folder)
    path = write_quality_report(opened, threshold=threshold)
    if json:
        show.as_json({"report": str(path), "datasets": catalogue.quality_records(opened)})
    else:
        catalogue.show_quality(opened)
        typer.echo(f"\nThe report is {path}.")


@contextmanager
def _places(
    folders: list[Path],
    database: str | None,
    schemas: list[str],
    dataset: str | None,
    adapter: Path | None,
    say: Callable[[str], None] | None = None,
) -> Iterator[list[Path]]:
    """Give the folders of the extracts; those in a database are copied while they are needed."""
    from justice_analysis.sources.extract import extracts_in

    given = [extract for folder in folders for extract in extracts_in(folder)]
    if database is None:
        if schemas or not folders:
            raise UsageError("give the folder of an extract, or --database with --schema.")
        yield given
        return
    from justice_analysis.sources.database import read_address, staged

    with ExitStack() as stack:
        addresses = [read_address(database, schema) for schema in schemas or [""]]
        copies = [
            stack.enter_context(staged(address, dataset, adapter, progress=say))
            for address in addresses
        ]
        yield [*given, *copies]
