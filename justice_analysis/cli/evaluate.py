"""`justice evaluate`: from a list of participants to a finished report, with one command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from justice_analysis.cli import show, show_release
from justice_analysis.cli.participants import refuse_both_or_neither

if TYPE_CHECKING:
    from justice_analysis.linkage.participants import ParticipantLinks
    from justice_analysis.studies import Project
    from justice_analysis.warehouse import Warehouse

STUDY = "justice_data_lab"
OF_NAME = re.compile(r"[^a-z0-9]+")


def evaluate(
    file: Annotated[
        Path, typer.Argument(help="CSV of the participants, or a folder of them linked.")
    ],
    data: Annotated[Path, typer.Option(help="Warehouse.")],
    out: Annotated[Path, typer.Option(help="Folder for the links, the run and the release.")],
    population: Annotated[
        Path | None, typer.Option(help="People with identifiers, Parquet or CSV.")
    ] = None,
    known_ids: Annotated[
        bool,
        typer.Option("--known-ids", help="The list has keys of delivered records, no identifiers."),
    ] = False,
    programme: Annotated[
        str | None, typer.Option(help="Name of the programme, for the report; the file's if none.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--parameters", help="Parameter file; the study's own if none.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Rules: see justice release profiles.")] = "ons-srs",
    truth: Annotated[
        Path | None, typer.Option(help="Truth of a synthetic world, to stand beside.")
    ] = None,
    date_format: Annotated[
        str | None, typer.Option(help="Of every date, such as %d/%m/%Y; else recognised.")
    ] = None,
    threshold: Annotated[float, typer.Option(help="Least match probability of a link.")] = 0.9,
    seed: Annotated[int, typer.Option(help="Of the linkage.")] = 0,
) -> None:
    """Evaluate a programme: link its participants, compare them, judge and lay out the report.

    The list has surname, forename, birth_date, gender, postcode and intervention_date.
    """
    from justice_analysis import studies, warehouse

    opened = warehouse.open(data)
    name = OF_NAME.sub("_", file.stem.lower()).strip("_") or "programme"
    links = _links(
        file,
        out / "participants" / name,
        opened,
        population=population,
        known_ids=known_ids,
        date_format=date_format,
        threshold=threshold,
        seed=seed,
    )
    show.table(tuple(links.attrition.columns), links.attrition.itertuples(index=False, name=None))
    links.require_enough()
    said = programme or name.replace("_", " ")
    project = studies.one_variant(
        studies.find_project(),
        STUDY,
        name,
        into=out / "study",
        title=f"Did people who took part in {said} reoffend less?",
        values={"participants": name, "programme": said},
        parameters=settings,
    )
    job = studies.Job(
        project, STUDY, name, data, out / "runs", truth, (out / "participants").resolve()
    )
    outcome = studies.run_one(job, progress=True)
    typer.echo(f"{job} {outcome.state}.\n")
    _report(job.folder, project, out, profile)


def _links(
    file: Path,
    folder: Path,
    opened: Warehouse,
    *,
    population: Path | None,
    known_ids: bool,
    date_format: str | None,
    threshold: float,
    seed: int,
) -> ParticipantLinks:
    """Link the list, or read the links that there are."""
    import shutil

    from justice_analysis.linkage import participants as linking

    if file.is_dir():
        links = linking.with_found(linking.read_links(file), opened)
        if file.resolve() != folder.resolve():
            shutil.copytree(file, folder, dirs_exist_ok=True)
        return links
    refuse_both_or_neither(population, known_ids=known_ids)
    with show.steps("Linking") as say:
        links = linking.link_list(
            file,
            population,
            warehouse=opened,
            settings=linking.LinkSettings(threshold=threshold),
            seed=seed,
            date_format=date_format,
            say=say,
        )
        linking.write_links(links, folder, synthetic=opened.is_synthetic)
    return links


def _report(run: Path, project: Project, out: Path, profile: str) -> None:
    """Judge the run, lay out what may leave, and write the report from that alone."""
    from justice_analysis import disclosure, publishing, studies

    release, history = out / "release", out / "release-history"
    opened = disclosure.History.open(history)
    opened.withdraw_remade(release, "the evaluation was run again")
    with show.spinner("Judging and writing"):
        report = disclosure.bundle(
            [run], release, profile, history=history, families={STUDY: [run.name]}
        )
    show_release.lines(report)
    with show.spinner("Writing the report"):
        book = publishing.build_book(
            [release],
            out / "report",
            book_folder=studies.find_project().root / "book",
            notebooks=project.notebooks,
            parameters=project.parameters,
        )
    typer.echo(f"\nThe report: {book.index}")
    typer.echo(f"What may be asked to leave: {release / 'request'}. Keep all else in {out} inside.")
