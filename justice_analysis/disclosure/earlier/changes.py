"""What changed in an output since it was last asked for, told from what went into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.earlier.history import Entry, History
from justice_analysis.disclosure.earlier.history.records import rules_of
from justice_analysis.disclosure.kinds.model_rows import KEPT_INSIDE
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.runs import Run

DEFINITION = {
    "card": "the metric",
    "unit": "what is counted",
    "population": "the population",
    "dimensions": "the groups",
    "kind": "the kind of output",
    "title": "the title",
}
SHORT = 40


def change_words(history: History, run: Run, candidate: Candidate, profile: Profile) -> str:
    """Say whether an output is new, unchanged or updated, and what of it differs.

    Numbers are not compared: that a count has moved, or has not, says more of it than its
    rounded value.
    """
    last = _last(history, run, candidate.id)
    if last is None:
        return "new: it has not been asked for before"
    entry, record = last
    since = f"release {entry.release_id}"
    differ = list(_differences(record, run, candidate, profile))
    if differ:
        return f"updated since {since}: {'; '.join(differ)}"
    if record["sha256"] != candidate.sha256:
        return f"updated since {since}: how it is computed or described"
    return f"unchanged since {since}: same data, parameters, definition and rules"


def is_repeated(history: History, run: Run, candidate: Candidate, profile: Profile) -> bool:
    """Whether the very same output left in the last release that held it."""
    last = _last(history, run, candidate.id)
    return (
        last is not None
        and last[1]["sha256"] == candidate.sha256
        and not list(_differences(last[1], run, candidate, profile))
    )


def _last(history: History, run: Run, output: str) -> tuple[Entry, Mapping[str, Any]] | None:
    asked = (run.manifest["study"], run.manifest["variant"], output)
    for entry in reversed(history.releases):
        for record in entry.content["outputs"]:
            if (record["study"], record["variant"], record["id"]) == asked:
                return entry, record
    return None


def _differences(
    record: Mapping[str, Any], run: Run, candidate: Candidate, profile: Profile
) -> Iterator[str]:
    output, before = candidate.output, record["output"]
    inside = KEPT_INSIDE if output.kind == "model" else ()
    options = {name: value for name, value in output.options.items() if name not in inside}
    earlier = {name: value for name, value in before["options"].items() if name not in inside}
    changed = [name for name in {**earlier, **options} if options.get(name) != earlier.get(name)]
    if changed:
        told = [_option(name, options.get(name), earlier.get(name)) for name in sorted(changed)]
        yield f"parameters ({', '.join(told)})"
    if record["fingerprint"] != run.manifest["warehouse"].get("fingerprint"):
        yield "the data (another extract, or loaded again)"
    now = {name: _as_json(getattr(output, name)) for name in DEFINITION}
    differ = [words for name, words in DEFINITION.items() if now[name] != before[name]]
    if differ:
        yield f"the definition ({', '.join(differ)})"
    if record["profile"] != rules_of(profile):
        yield "the disclosure rules"


def _option(name: str, now: object, before: object) -> str:
    scalar = (str, int, float, type(None))
    plain = all(isinstance(one, scalar) and len(str(one)) <= SHORT for one in (now, before))
    said = name.replace("_", " ")
    return f"{said} is {_told(now)}, was {_told(before)}" if plain else said


def _told(value: object) -> str:
    return "none" if value is None else str(value)


def _as_json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
