"""`justice release`: disclosure control, the release folder, and its verification."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Release: check, bundle, verify.", no_args_is_help=True, rich_markup_mode=None
)

RunFolders = Annotated[list[Path], typer.Argument(help="Run folders: runs/<study>/<variant>.")]
Profile = Annotated[str, typer.Option(help="open, ons-srs, or a data owner's YAML file.")]


@app.command()
def check(runs: RunFolders, profile: Profile = "ons-srs") -> None:
    """Judge every candidate output of runs; exit 1 where one may not be released."""
    from justice_analysis import disclosure

    report = disclosure.check(runs, profile)
    typer.echo(report.text())
    raise typer.Exit(0 if report.passed else 1)


@app.command()
def bundle(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="Release folder; must not exist yet.")],
    profile: Profile = "ons-srs",
) -> None:
    """Write request/ (the only files to leave) and checker/ (which never leaves)."""
    from justice_analysis import disclosure

    typer.echo(disclosure.bundle(runs, out, profile).text())


@app.command()
def verify(folder: Path) -> None:
    """Find any file of a release that was changed, added or removed."""
    from justice_analysis import disclosure

    typer.echo(disclosure.verify(folder).text())
