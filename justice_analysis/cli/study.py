"""`justice study`: list, run and see the state of studies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show
from justice_analysis.errors import StudyError, UsageError

app = typer.Typer(help="Studies: list, run, status.", no_args_is_help=True, rich_markup_mode=None)

Data = Annotated[list[Path], typer.Option("--data", help="Warehouse; may be given more than once.")]
Runs = Annotated[Path, typer.Option(help="Folder of run folders.")]


@app.command("list")
def list_studies() -> None:
    """List the studies and their variants."""
    from justice_analysis import studies

    project = studies.find_project()
    show.table(
        ("study", "variants"),
        [(name, ", ".join(project.variants(name))) for name in project.studies()],
    )


@app.command()
def run(
    data: Data,
    study: Annotated[str | None, typer.Argument(help="The study; or --all.")] = None,
    variant: Annotated[str | None, typer.Option(help="One variant; all of them if none.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every study that the data can serve.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Studies side by side.")] = 1,
    runs: Runs = Path("runs"),
    truth: Annotated[
        Path | None, typer.Option(help="Truth of a synthetic world, for studies that compare.")
    ] = None,
    participants: Annotated[
        Path | None,
        typer.Option(help="Folder of linked participants, if not beside the warehouse."),
    ] = None,
) -> None:
    """Run studies; those whose inputs have not changed are skipped."""
    from justice_analysis import studies

    if (study is None) == (not every):
        raise UsageError("name a study, or say --all: one of the two.")
    planned = studies.plan(
        studies.find_project(),
        data,
        runs,
        study=study,
        variant=variant,
        truth=truth,
        participants=participants,
    )
    outcomes = studies.run_all(planned, workers=jobs, done=_say, progress=len(planned) == 1)
    failed = sum(outcome.state == "failed" for outcome in outcomes)
    if failed:
        raise StudyError(f"{failed} of {len(outcomes)} runs failed; see above.")


def _say(outcome: object) -> None:
    state, job = outcome.state, outcome.job  # type: ignore[attr-defined]
    took = f" in {outcome.seconds:.1f} s" if state == "ran" else ""  # type: ignore[attr-defined]
    said = f": {outcome.problem}" if state == "failed" else ""  # type: ignore[attr-defined]
    typer.echo(f"{job} {state}{took}{said}")


@app.command()
def status(data: Data, runs: Runs = Path("runs")) -> None:
    """Say which runs are complete, stale, failed or not run."""
    from justice_analysis import studies

    planned = studies.plan(studies.find_project(), data, runs)
    show.table(
        ("study", "variant", "state"),
        [(job.study, job.variant, studies.status(job)) for job in planned],
    )
