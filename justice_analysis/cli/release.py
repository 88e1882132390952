"""`justice release`: disclosure control, the release folder, and its verification."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from justice_analysis.cli import show

app = typer.Typer(
    help="Release: check, bundle, verify.", no_args_is_help=True, rich_markup_mode=None
)

RunFolders = Annotated[list[Path], typer.Argument(help="Run folders: runs/<study>/<variant>.")]
Profile = Annotated[str, typer.Option(help="open, ons-srs, or a data owner's YAML file.")]


@app.command(short_help="Judge the candidate outputs of runs.")
def check(runs: RunFolders, profile: Profile = "ons-srs") -> None:
    """Judge every candidate output of runs; exit 1 where one may not be released."""
    from justice_analysis import disclosure

    report = disclosure.check(runs, profile)
    _print(report)
    raise typer.Exit(1 if report.refused else 0)


@app.command(short_help="Write what may leave, and what the checker needs.")
def bundle(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="Release folder to write.")],
    profile: Profile = "ons-srs",
) -> None:
    """Write request/ (the only files to leave) and checker/ (which never leaves)."""
    from justice_analysis import disclosure

    report = disclosure.bundle(runs, out, profile)
    _print(report)
    typer.echo(f"\nThe release is at {out}: ask for {out}/request, keep {out}/checker inside.")
    typer.echo("Earlier releases were not compared with it: look for counts that differ a little.")


@app.command(short_help="Find files of a release that were changed.")
def verify(folder: Path) -> None:
    """Find any file of a release that was changed, added or removed; exit 1 if there is one."""
    from justice_analysis import disclosure

    problems = disclosure.verify(folder)
    for problem in problems:
        typer.echo(problem)
    if not problems:
        typer.echo("Every file is as it was released.")
    raise typer.Exit(1 if problems else 0)


def _print(report: object) -> None:
    lines = report.lines  # type: ignore[attr-defined]
    show.table(
        ("study", "variant", "output", "status", "reason"),
        [(line.study, line.variant, line.id, line.status, line.reason) for line in lines],
    )
