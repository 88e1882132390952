"""`justice demo`: everything from nothing, each step done again only where its input changed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show
from justice_analysis.errors import StudyError

SEED = 20070401
PROGRAMME = "steady_steps"
EVALUATIONS = ("justice_data_lab", "programme_transfer", "section_28")
# In smaller worlds disclosure control hides numbers that the prose needs.
FEWEST_PEOPLE = 40_000


def demo(
    out: Annotated[Path, typer.Option(help="Folder for everything that the demo makes.")] = Path(
        "demo"
    ),
    people: Annotated[
        int, typer.Option(min=FEWEST_PEOPLE, help="People in the synthetic world.")
    ] = 50_000,
    iowa: Annotated[
        Path | None, typer.Option(help="Iowa's file of releases, if you have it.")
    ] = None,
    series: Annotated[
        Path | None, typer.Option(help="The quarterly series of criminal justice, if you have it.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Studies side by side.")] = 2,
) -> None:
    """Make a synthetic world, load it, run the studies, release them and build the book."""
    clock = Clock()
    folders = Folders(out)
    with clock.step("synthetic world"):
        _world(folders, people)
    with clock.step("load"):
        warehouses = [
            _load_synthetic(folders),
            _load_open(folders, iowa),
            _load_areas(folders),
            *_load_series(folders, series),
        ]
    with clock.step("participants"):
        _link_participants(folders)
    with clock.step("studies"):
        runs = _run(folders, warehouses, jobs)
    with clock.step("release"):
        releases = _release(folders, runs)
    with clock.step("book"):
        index = _book(folders, releases)
    typer.echo("")
    clock.show()
    typer.echo(f"\nThe book is at {index}")


@dataclass(frozen=True)
class Folders:
    """Where the demo puts things."""

    root: Path

    @property
    def data(self) -> Path:
        """Delivered synthetic files, and their truth."""
        return self.root / "data"

    @property
    def warehouse(self) -> Path:
        """The synthetic warehouse."""
        return self.root / "warehouse"

    @property
    def open_warehouse(self) -> Path:
        """The warehouse of real, open data."""
        return self.root / "warehouse-open"

    @property
    def areas_warehouse(self) -> Path:
        """The warehouse of an open panel of areas, by itself: no paper on people cites it."""
        return self.root / "warehouse-areas"

    @property
    def series_warehouse(self) -> Path:
        """The warehouse of published series, by itself: they are never joined to people."""
        return self.root / "warehouse-series"

    @property
    def participants(self) -> Path:
        """Linked participants of the world's programme."""
        return self.root / "participants" / PROGRAMME

    @property
    def runs(self) -> Path:
        """Run folders."""
        return self.root / "runs"

    @property
    def releases(self) -> Path:
        """Release folders, one per profile."""
        return self.root / "release"

    @property
    def book(self) -> Path:
        """The book."""
        return self.root / "book"


@dataclass
class Clock:
    """Says each step as it starts and keeps how long it took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step under its name."""
        typer.echo(f"{name} ...")
        started = time.perf_counter()
        with show.spinner(name):
            yield
        self.seconds[name] = time.perf_counter() - started

    def show(self) -> None:
        """Print where the time went."""
        total = sum(self.seconds.values())
        rows = [(name, f"{taken:.1f}") for name, taken in self.seconds.items()]
        show.table(("step", "seconds"), [*rows, ("all", f"{total:.1f}")])


def _world(folders: Folders, people: int) -> None:
    """Make the world, unless this very one is there."""
    from justice_analysis import synthetic
    from justice_analysis.studies.runner import package_sha256

    mark = folders.root / "world.txt"
    wanted = f"{people} {SEED} {package_sha256('synthetic')}"
    if mark.is_file() and mark.read_text("utf-8") == wanted and folders.data.is_dir():
        typer.echo("  unchanged")
        return
    shutil.rmtree(folders.data, ignore_errors=True)
    folders.root.mkdir(parents=True, exist_ok=True)
    synthetic.synthesise(people, SEED, folders.data)
    mark.write_text(wanted, "utf-8")


def _load_synthetic(folders: Folders) -> Path:
    from justice_analysis import warehouse
    from justice_analysis.sources.extract import extracts_in, read_extract

    warehouse.load([read_extract(one) for one in extracts_in(folders.data)], folders.warehouse)
    return folders.warehouse


def _load_open(folders: Folders, iowa: Path | None) -> Path:
    """Real open data: Maryland and North Carolina always, Iowa where its file is."""
    from justice_analysis import warehouse
    from justice_analysis.sources.extract import DESCRIPTION_FILE, read_extract
    from justice_analysis.sources.open_data import write_recid, write_rossi

    extracts = []
    for name, write in {"rossi": write_rossi, "recid": write_recid}.items():
        folder = folders.root / "open" / name
        is_written = (folder / DESCRIPTION_FILE).is_file()  # it is written last
        extracts.append(read_extract(folder if is_written else write(folder)))
    if iowa is not None:
        extracts.append(read_extract(iowa, "iowa_releases"))
    else:
        typer.echo("  Iowa's file was not given (--iowa): the paper on Iowa is left out")
    warehouse.load(extracts, folders.open_warehouse)
    return folders.open_warehouse


def _load_areas(folders: Folders) -> Path:
    """Real open data on areas: the panel of North Carolina's counties."""
    from justice_analysis import warehouse
    from justice_analysis.sources.extract import DESCRIPTION_FILE, read_extract
    from justice_analysis.sources.open_data import write_crime4

    counties = folders.root / "open" / "crime4"
    is_written = (counties / DESCRIPTION_FILE).is_file()  # it is written last
    extract = read_extract(counties if is_written else write_crime4(counties))
    warehouse.load([extract], folders.areas_warehouse)
    return folders.areas_warehouse


def _load_series(folders: Folders, series: Path | None) -> list[Path]:
    """Published totals of England and Wales by quarter, where their file is."""
    from justice_analysis import warehouse
    from justice_analysis.sources.extract import read_extract

    if series is None:
        typer.echo("  The quarterly series was not given (--series): its paper is left out")
        return []
    warehouse.load([read_extract(series, "uk_cjs_quarterly")], folders.series_warehouse)
    return [folders.series_warehouse]


def _link_participants(folders: Folders) -> None:
    """Link the list of the programme's participants to the world's people, unless unchanged."""
    from justice_analysis import warehouse
    from justice_analysis.linkage import participants as linking
    from justice_analysis.studies.runner import package_sha256

    identities, opened = folders.data / "identities", warehouse.open(folders.warehouse)
    mark = folders.root / "linked.txt"
    wanted = f"{opened.fingerprint} {package_sha256('linkage')}"
    if mark.is_file() and mark.read_text("utf-8") == wanted and folders.participants.is_dir():
        typer.echo("  unchanged")
        return
    found = linking.link_list(
        identities / "participants" / f"{PROGRAMME}.csv",
        identities / "population.parquet",
        warehouse=opened,
        truth=folders.data / "truth",
    )
    shutil.rmtree(folders.participants, ignore_errors=True)
    linking.write_links(found, folders.participants, synthetic=True)
    mark.write_text(wanted, "utf-8")


def _run(folders: Folders, warehouses: list[Path], jobs: int) -> list[Path]:
    """Default variants, and the variants that need a dataset of their own."""
    from justice_analysis import studies

    project = studies.find_project()
    planned = studies.plan(
        project, warehouses, folders.runs, truth=folders.data / "truth", for_demo=True
    )
    outcomes = studies.run_all(
        planned, workers=jobs, done=lambda o: typer.echo(f"  {o.job} {o.state}")
    )
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if failed:
        raise StudyError("; ".join(outcome.problem for outcome in failed))
    return [outcome.job.folder for outcome in outcomes]


def _release(folders: Folders, runs: list[Path]) -> list[Path]:
    """Bundle the runs under the profile that suits their data, unless nothing changed.

    A request may hold only so many outputs, so evaluations are asked for in one of their own.
    """
    from justice_analysis import studies

    real = [run for run in runs if not studies.is_synthetic(run)]
    evaluations = [run for run in runs if run.parent.name in EVALUATIONS]
    others = [run for run in runs if run not in (*real, *evaluations)]
    parts = {"ons-srs": others, "ons-srs-evaluations": evaluations, "open": real}
    return [_bundle(folders, name, chosen) for name, chosen in parts.items()]


def _bundle(folders: Folders, name: str, chosen: list[Path]) -> Path:
    from justice_analysis import disclosure

    out = folders.releases / name
    mark, wanted = folders.root / f"released-{name}.txt", _digest(chosen)
    if mark.is_file() and mark.read_text("utf-8") == wanted and not disclosure.verify(out):
        typer.echo(f"  {name}: unchanged")
        return out
    history = disclosure.History.open(folders.root / "release-history")
    history.withdraw_remade(out, "the demo made it again")
    variants = {run.parent.name: [run.name] for run in chosen}
    profile = name.removesuffix("-evaluations")
    report = disclosure.bundle(chosen, out, profile, families=variants)
    typer.echo(f"  {name}: {len(report.passed)} outputs passed, {len(report.refused)} not")
    mark.write_text(wanted, "utf-8")
    return out


def _digest(runs: list[Path]) -> str:
    """One hash over the runs' manifests (which hold their outputs' hashes) and the rules."""
    import hashlib

    from justice_analysis.studies.runner import package_sha256

    manifests = [(run / "manifest.json").read_text("utf-8") for run in runs]
    rules = [package_sha256("disclosure"), package_sha256("charts")]
    return hashlib.sha256("\0".join([*manifests, *rules]).encode()).hexdigest()


def _book(folders: Folders, releases: list[Path]) -> Path:
    from justice_analysis import publishing, studies

    project = studies.find_project()
    report = publishing.build_book(
        releases,
        folders.book,
        book_folder=project.root / "book",
        notebooks=project.notebooks,
        parameters=project.parameters,
    )
    return report.index
