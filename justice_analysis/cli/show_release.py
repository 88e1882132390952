"""How `justice release` shows decisions, findings, rules and the history, in a narrow terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from justice_analysis.disclosure import History, ReleaseReport
    from justice_analysis.disclosure.egress import Finding
    from justice_analysis.disclosure.profiles.words import DescribedRule
    from justice_analysis.disclosure.request.report import ReportLine

WIDEST = 100
SAID = {
    "pass": "pass",
    "review": "for a person to look at",
    "fail": "may not leave",
    "not asked": "over the limit of a request",
}
MOST_FILES = 20
MOST_PLACES = 3


def say(sentence: str, *, indent: int = 0) -> None:
    """Print a sentence, wrapped; words are not broken, so that names can be copied."""
    typer.echo(
        textwrap.fill(
            sentence,
            _width(),
            initial_indent=" " * indent,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def lines(report: ReleaseReport) -> None:
    """Print each output under its run: its status, its name, and why where it does not pass."""
    by_run: dict[str, list[ReportLine]] = defaultdict(list)
    for line in report.lines:
        by_run[f"{line.study}/{line.variant}"].append(line)
    width = max((len(line.status) for line in report.lines), default=0)
    for run, own in by_run.items():
        typer.echo(run)
        for (status, reason), alike in groupby(own, lambda line: (line.status, line.reason)):
            for line in alike:
                typer.echo(f"  {status:<{width}}  {line.id}")
            if reason:
                say(reason, indent=width + 6)
    counted = Counter(line.status for line in report.lines)
    found = ", ".join(f"{counted[one]} {SAID[one]}" for one in SAID if counted[one])
    outputs = "output" if len(report.lines) == 1 else "outputs"
    typer.echo("")
    say(f"{len(report.lines)} {outputs} under {report.profile}: {found}.")


def ranking(report: ReleaseReport) -> None:
    """Print the order in which to ask for outputs, with a line where the request is full."""
    typer.echo("\nIn the order to ask for them:")
    passing = [one for one in report.ranks if one.status == 0]
    for place, one in enumerate(passing, start=1):
        if place == report.most + 1:
            cut = f" a request holds {report.most}: the rest in the next "
            typer.echo(f"  {cut:-^{min(_width(), 80) - 2}}")
        say(f"{place:>3}. {one.run}/{one.id}: {one.why}", indent=2)


def compared(report: ReleaseReport) -> None:
    """Print what the outputs were compared with, and counts that come too close."""
    shown = [pair.sentence for pair in report.pairs if not pair.is_hidden]
    hidden = len(report.pairs) - len(shown)
    said = [*shown, *report.compared.said, *report.compared.not_said]
    if hidden:
        pairs = "pair of counts differs" if hidden == 1 else "pairs of counts differ"
        said.insert(
            0, f"{hidden:,} {pairs} by too few people, and one of each is hidden (in checker/)."
        )
    for sentence in said:
        say(sentence)


def report_for_scripts(report: ReleaseReport) -> dict[str, Any]:
    """Return everything that `lines`, `ranking` and `compared` print, for a script."""
    order = [
        {"place": place, "run": one.run, "output": one.id, "why": one.why}
        for place, one in enumerate((o for o in report.ranks if o.status == 0), start=1)
    ]
    return {
        "profile": report.profile,
        "outputs": [line.as_words for line in report.lines],
        "most_outputs": report.most,
        "order": order,
        "compared": [*report.compared.said],
        "not_compared": [*report.compared.not_said],
        "differencing_pairs": [pair.sentence for pair in report.pairs],
        "folder": report.folder,
        "release_id": report.release_id,
    }


def findings(found: Sequence[Finding], folder: Path) -> None:
    """Print what the gate found, under each file."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        by_file[one.file].append(one)
    for file, own in list(by_file.items())[:MOST_FILES]:
        typer.echo(file)
        for what in dict.fromkeys(one.what for one in own):
            say(_one_rule([one for one in own if one.what == what]), indent=2)
    if len(by_file) > MOST_FILES:
        typer.echo(f"... and {len(by_file) - MOST_FILES:,} more files: see --json")
    looked = sum(path.is_file() for path in folder.rglob("*"))
    files = "file" if looked == 1 else "files"
    if found:
        typer.echo("")
        say(f"{len(by_file):,} of {looked:,} {files} must not leave as found.")
    else:
        say(
            f"Nothing was found in {looked:,} {files}. That is no permission: numbers are judged "
            "only from runs (justice release check)."
        )


def _one_rule(found: Sequence[Finding]) -> str:
    """Say what one rule found in a file: how many, and where the first are."""
    count = sum(one.count for one in found)
    places = [one.place for one in found if one.place]
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    where = f" ({'; '.join(places[:MOST_PLACES])}{more})" if places else ""
    return f"{found[0].what}: {count:,}{where}"


def rules(title: str, described: Iterable[DescribedRule]) -> None:
    """Print every rule of a profile: what it asks, its value, and where that comes from."""
    typer.echo(f"{title}\n{'=' * len(title)}")
    for rule in described:
        say(f"{rule.meaning}: {rule.value}")
        say(f"[{rule.rule}] {rule.status}: {rule.source}", indent=4)
    typer.echo("")
    say(
        "confirmed: read in the source. recalled: commonly quoted, check it. ours: chosen by "
        "whoever wrote the profile."
    )


def history_rows(opened: History) -> list[dict[str, Any]]:
    """Describe each release of a history."""
    withdrawn = {
        entry.release_id: str(entry.content.get("why"))
        for entry in opened.entries
        if entry.what == "withdrawal"
    }
    rows = []
    for entry in opened.entries:
        if entry.what == "release":
            outputs = entry.content["outputs"]
            rows.append(
                {
                    "release": entry.release_id,
                    "date": entry.date,
                    "rules": sorted({str(one["profile"]["name"]) for one in outputs}),
                    "outputs": sorted(f"{o['study']}/{o['variant']}/{o['id']}" for o in outputs),
                    "withdrawn": withdrawn.get(entry.release_id),
                }
            )
    return rows


def history(opened: History) -> None:
    """Print each release: its name, rules, outputs by run, and whether it was withdrawn."""
    rows = history_rows(opened)
    if not rows:
        say(f"{opened.path} holds no release: nothing has left that it knows of.")
        return
    for row in rows:
        typer.echo(f"{row['release']}  under {', '.join(row['rules'])}")
        if row["withdrawn"] is not None:
            say(f"withdrawn: {row['withdrawn']}", indent=2)
        by_run: dict[str, list[str]] = defaultdict(list)
        for name in row["outputs"]:
            run, _, output = name.rpartition("/")
            by_run[run].append(output)
        for run, outputs in by_run.items():
            say(f"{run}: {', '.join(outputs)}", indent=2)


def _width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)
