"""`justice release`: disclosure control, the release folder, and its verification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from justice_analysis.cli import show, show_release

if TYPE_CHECKING:
    from justice_analysis import disclosure

app = typer.Typer(
    help="Release: from a run to files that a checker passes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

RunFolders = Annotated[list[Path], typer.Argument(help="Run folders: runs/<study>/<variant>.")]
Profile = Annotated[str, typer.Option(help="Rules: see justice release profiles; or a YAML file.")]
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
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
HistoryFolder = Annotated[Path, typer.Option(help="The project's release history.")]
HISTORY = Path("release-history")


@app.command(short_help="Judge outputs; write nothing.")
def check(
    runs: RunFolders,
    profile: Profile = "ons-srs",
    history: History = None,
    official: Official = None,
    alone: Alone = False,
    ranked: Annotated[
        bool, typer.Option("--ranked", help="List the outputs in the order to ask for them.")
    ] = False,
    json: Json = False,
) -> None:
    """Judge every candidate output of runs; exit 1 where one may not be released."""
    from justice_analysis import disclosure

    with show.spinner("Judging"):
        report = disclosure.check(
            runs, profile, history=history, official=official or (), families=_families(runs, alone)
        )
    _show(report, ranked=ranked, json=json)
    raise typer.Exit(1 if report.refused else 0)


@app.command(short_help="Write request/ (to leave) and checker/ (to stay).")
def bundle(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="Release folder to write.")],
    profile: Profile = "ons-srs",
    history: History = None,
    official: Official = None,
    alone: Alone = False,
    context: Annotated[
        Path | None, typer.Option(help="Words that you edited: see justice release context.")
    ] = None,
    json: Json = False,
) -> None:
    """Write request/ (the only files to leave) and checker/ (which never leaves)."""
    from justice_analysis import disclosure

    with show.spinner("Judging and writing"):
        report = disclosure.bundle(
            runs,
            out,
            profile,
            history=history,
            official=official or (),
            families=_families(runs, alone),
            context=context,
        )
    _show(report, json=json)
    if json:
        return
    typer.echo(f"\nThe release is at {out}: ask for {out}/request, keep {out}/checker inside.")
    if report.release_id:
        show_release.say(
            f"The history has it as {report.release_id}. If it does not leave: "
            f"justice release withdraw {report.release_id} --why REASON"
        )


@app.command(short_help="Write the words beside each output, to edit.")
def context(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="Folder to write the words to.")],
    profile: Profile = "ons-srs",
) -> None:
    """Write one short YAML an output: whom it is about, filters, weights, columns.

    They are made from the metric's card. Edit them, then bundle with --context. Files that are
    there already are left as they are.
    """
    from justice_analysis.disclosure.request import context_files

    written = context_files.write(runs, out, profile)
    files = "file was" if len(written) == 1 else "files were"
    show_release.say(
        f"{len(written)} {files} written to {out}. Edit them, then: "
        f"justice release bundle RUN... --out DIR --context {out}"
    )


@app.command(short_help="Find what changed in a release, or must not leave.")
def verify(folder: Annotated[Path, typer.Argument(help="A release, or its request.")]) -> None:
    """Find a changed byte, a stranger's file, and all that must not leave; exit 1 if any."""
    from justice_analysis import disclosure

    problems = disclosure.verify(folder)
    for problem in problems:
        show_release.say(problem)
    if not problems:
        typer.echo("Every file is as it was released, and the gate finds nothing.")
    raise typer.Exit(1 if problems else 0)


@app.command(short_help="Look through any folder before it is sent.")
def scan(
    folder: Annotated[Path, typer.Argument(help="Any folder: what you were about to e-mail.")],
    profile: Profile = "ons-srs",
    json: Json = False,
) -> None:
    """Find rows, keys, names, hidden content and small counts in any folder; exit 1 if any.

    That nothing is found does not mean that it may leave: numbers are judged only from runs.
    """
    from justice_analysis.disclosure import egress, load

    with show.spinner("Looking through the files"):
        found = egress.scan(folder, load(profile))
    if json:
        show.as_json([vars(one) for one in found])
    else:
        show_release.findings(found, folder)
    raise typer.Exit(1 if found else 0)


@app.command(short_help="List the rules of each place, with sources.")
def profiles(
    name: Annotated[str | None, typer.Argument(help="One of them, or a YAML file.")] = None,
    json: Json = False,
) -> None:
    """List the profiles; of one, every rule with its value, status and source."""
    from justice_analysis.disclosure.profiles import profile as known

    if name is None:
        listed = [(each, known.load(each).title) for each in known.names()]
        if json:
            show.as_json([{"profile": each, "title": title} for each, title in listed])
        else:
            show.table(("profile", "title"), listed)
            typer.echo("\nThe rules of one: justice release profiles NAME")
        return
    rules = known.describe(name)
    if json:
        show.as_json([vars(rule) for rule in rules])
    else:
        show_release.rules(known.load(name).title, rules)


@app.command(short_help="List what left, when, and under which rules.")
def history(
    history: HistoryFolder = HISTORY,
    verify: Annotated[bool, typer.Option("--verify", help="Prove that no entry changed.")] = False,
    json: Json = False,
) -> None:
    """List the releases of a project, and those that were withdrawn."""
    from justice_analysis import disclosure

    opened = disclosure.History.open(history)
    opened.verify()
    if json:
        show.as_json(show_release.history_rows(opened))
    else:
        show_release.history(opened)
        if verify and opened.entries:
            typer.echo("\nEvery entry is as it was written, and the chain is whole.")


@app.command(short_help="Record that a release did not leave.")
def withdraw(
    release_id: Annotated[str, typer.Argument(help="The release, as the history names it.")],
    why: Annotated[str, typer.Option(help="Why it did not leave.")],
    history: HistoryFolder = HISTORY,
) -> None:
    """Record that a release was not approved: later ones are no longer compared with it."""
    from justice_analysis import disclosure

    disclosure.History.open(history).withdraw(release_id, why)
    typer.echo(f"{release_id} is withdrawn. Its folder may be deleted; the history keeps it.")


def _families(runs: list[Path], alone: bool) -> dict[str, list[str]] | None:
    """Take the variants given for all of their studies, where the user says so."""
    if not alone:
        return None
    given: dict[str, list[str]] = {}
    for run in runs:
        given.setdefault(run.resolve().parent.name, []).append(run.resolve().name)
    return given


def _show(report: disclosure.ReleaseReport, *, ranked: bool = False, json: bool = False) -> None:
    if json:
        show.as_json(show_release.report_for_scripts(report))
        return
    show_release.lines(report)
    if ranked or report.not_asked:
        show_release.ranking(report)
    show_release.compared(report)
