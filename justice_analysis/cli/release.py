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
History = Annotated[
    Path | None,
    typer.Option(help="The project's release history, if not release-history beside the runs."),
]
Official = Annotated[
    list[Path] | None, typer.Option(help="YAML that describes a published table; repeat it.")
]
Alone = Annotated[
    bool, typer.Option("--alone", help="No other variant of these studies is ever to leave.")
]


@app.command(short_help="Judge the candidate outputs of runs.")
def check(
    runs: RunFolders,
    profile: Profile = "ons-srs",
    history: History = None,
    official: Official = None,
    alone: Alone = False,
) -> None:
    """Judge every candidate output of runs; exit 1 where one may not be released."""
    from justice_analysis import disclosure

    report = disclosure.check(
        runs, profile, history=history, official=official or (), families=_families(runs, alone)
    )
    _print(report)
    raise typer.Exit(1 if report.refused else 0)


@app.command(short_help="Write what may leave, and what the checker needs.")
def bundle(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="Release folder to write.")],
    profile: Profile = "ons-srs",
    history: History = None,
    official: Official = None,
    alone: Alone = False,
) -> None:
    """Write request/ (the only files to leave) and checker/ (which never leaves)."""
    from justice_analysis import disclosure

    report = disclosure.bundle(
        runs,
        out,
        profile,
        history=history,
        official=official or (),
        families=_families(runs, alone),
    )
    _print(report)
    typer.echo(f"\nThe release is at {out}: ask for {out}/request, keep {out}/checker inside.")
    if report.release_id:
        typer.echo(
            f"The history has it as {report.release_id}. If it does not leave: "
            f"justice release withdraw {report.release_id} --why REASON"
        )


@app.command(short_help="Record that a release did not leave.")
def withdraw(
    release_id: Annotated[str, typer.Argument(help="The release, as the history names it.")],
    why: Annotated[str, typer.Option(help="Why it did not leave.")],
    history: Annotated[Path, typer.Option(help="The project's release history.")] = Path(
        "release-history"
    ),
) -> None:
    """Record that a release was not approved: later ones are no longer compared with it."""
    from justice_analysis import disclosure

    disclosure.History.open(history).withdraw(release_id, why)
    typer.echo(f"{release_id} is withdrawn. Its folder may be deleted; the history keeps it.")


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


def _families(runs: list[Path], alone: bool) -> dict[str, list[str]] | None:
    """Take the variants given for all of their studies, where the user says so."""
    if not alone:
        return None
    given: dict[str, list[str]] = {}
    for run in runs:
        given.setdefault(run.resolve().parent.name, []).append(run.resolve().name)
    return given


def _print(report: object) -> None:
    lines = report.lines  # type: ignore[attr-defined]
    show.table(
        ("study", "variant", "output", "status", "reason"),
        [(line.study, line.variant, line.id, line.status, line.reason) for line in lines],
    )
    pairs = report.pairs  # type: ignore[attr-defined]
    compared = report.compared  # type: ignore[attr-defined]
    shown = [pair.sentence for pair in pairs if not pair.is_hidden]
    typer.echo()
    if len(pairs) > len(shown):
        typer.echo(
            f"{len(pairs) - len(shown):,} pairs of counts differ by too few people, and one of "
            "each is hidden: the checker's folder names them."
        )
    for sentence in (*shown, *compared.said, *compared.not_said):
        typer.echo(sentence)
