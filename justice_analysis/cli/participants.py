"""`justice participants`: link a programme's participants to people, and review the links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from justice_analysis.cli import show
from justice_analysis.errors import SourceError, UsageError

if TYPE_CHECKING:
    from justice_analysis.linkage.participants import ParticipantLinks

app = typer.Typer(
    help="A programme's participants: link, review, show.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
review = typer.Typer(
    help="Clerical review of a linkage.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(review, name="review")

Folder = Annotated[Path, typer.Argument(help="A participants folder.", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


@app.command(short_help="Link a list of participants to people.")
def link(
    file: Annotated[Path, typer.Argument(help="CSV of the participants.")],
    into: Annotated[Path, typer.Option(help="Participants folder to write.")],
    population: Annotated[
        Path | None, typer.Option(help="People with identifiers, Parquet or CSV.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Warehouse, to count who is found there.")
    ] = None,
    date_format: Annotated[
        str | None, typer.Option(help="Of every date, such as %d/%m/%Y; else recognised.")
    ] = None,
    threshold: Annotated[float, typer.Option(help="Least match probability of a link.")] = 0.9,
    backend: Annotated[str, typer.Option(help="duckdb or spark")] = "duckdb",
    known_ids: Annotated[
        bool,
        typer.Option("--known-ids", help="The list has keys of delivered records, no identifiers."),
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same links.")] = 0,
    truth: Annotated[
        Path | None, typer.Option(help="Who is who, of synthetic lists: precision and recall.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of CSV files.")] = "utf-8",
    minimum_submitted: Annotated[int, typer.Option(min=0, help="People submitted, at least.")] = 60,
    minimum_matched: Annotated[int, typer.Option(min=0, help="People matched, at least.")] = 30,
) -> None:
    """Link a list of participants to people, and write what is found: whole or not at all."""
    from justice_analysis import engine, warehouse
    from justice_analysis.linkage import participants as linking

    refuse_both_or_neither(population, known_ids=known_ids)
    settings = linking.LinkSettings(
        threshold=threshold, minimum_submitted=minimum_submitted, minimum_matched=minimum_matched
    )
    opened = warehouse.open(data) if data else None
    with show.steps("Linking") as say:
        links = linking.link_list(
            file,
            population,
            backend=engine.connect(backend),
            warehouse=opened,
            settings=settings,
            seed=seed,
            truth=truth,
            date_format=date_format,
            encoding=encoding,
            say=say,
        )
        say("writing")
        linking.write_links(links, into, synthetic=bool(opened and opened.is_synthetic))
    _show(links)
    warning = "" if links.review is None else " Its review.csv holds identifiers: keep it inside."
    typer.echo(f"\nThe linkage is in {into}.{warning}")


def refuse_both_or_neither(population: Path | None, *, known_ids: bool) -> None:
    """Refuse a list that has two routes to its people, or none."""
    if known_ids == (population is not None):
        raise UsageError("give --population, or say --known-ids: one of the two.")


@app.command("show", short_help="Show what a linkage found.")
def show_links(folder: Folder, json: Json = False) -> None:
    """Show what a linkage found: steps, match rates, thresholds, minimums."""
    from justice_analysis.linkage import participants as linking

    links = linking.read_links(folder)
    if json:
        show.as_json(
            {
                "name": links.name,
                "refusal": links.refusal,
                "attrition": links.attrition.to_dict("records"),
                "match_rates": links.match_rates.to_dict("records"),
            }
        )
        return
    _show(links)


@review.command("export", short_help="Copy the pairs for review to a reviewer's file.")
def export(folder: Folder, into: Annotated[Path, typer.Option(help="A new file, inside.")]) -> None:
    """Copy the pairs for clerical review, which hold identifiers, to a new file inside."""
    from justice_analysis.linkage import participants as linking

    target = linking.export_review(folder, into)
    typer.echo(
        f"The pairs are in {target}: write match, no match or unsure as each one's decision. "
        "They hold identifiers and must not leave."
    )


@review.command("import", short_help="Read reviewed pairs: precision and recall.")
def import_(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="The file with decisions.")],
    json: Json = False,
) -> None:
    """Read reviewed pairs, and write what they say of the links into the folder."""
    from justice_analysis.linkage import participants as linking

    reviewed = linking.import_review(file, folder)
    record: dict[str, Any] = dict(linking.keep_review(reviewed, folder))
    if json:
        show.as_json(record)
        return
    show.table(
        ("share", "estimate", "lower", "upper"),
        [("precision", *reviewed.precision), ("recall among best pairs", *reviewed.recall)],
    )
    show.table(tuple(reviewed.strata.columns), reviewed.strata.itertuples(index=False, name=None))


def _show(links: ParticipantLinks) -> None:
    """Print the tables of a linkage."""
    if links.attrition.empty:
        raise SourceError("a linkage must have steps, and this one has none. Link again.")
    for table in (links.attrition, links.match_rates, links.thresholds):
        if table is None:
            continue
        rows = [
            [None if value != value else value for value in row]
            for row in table.itertuples(index=False, name=None)
        ]
        show.table(tuple(table.columns), rows)
        typer.echo("")
    if links.refusal:
        typer.echo(f"{links.refusal[0].upper()}{links.refusal[1:]}")
