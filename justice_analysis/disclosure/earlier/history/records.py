"""What the history keeps of an output that left, and the past output made from it again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from justice_analysis.definitions.output import Chart, ColumnRoles, Output
from justice_analysis.disclosure.candidate import DESCRIBED, TUPLES
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.disclosure.profiles.profile import RULES as RULE_NAMES
from justice_analysis.disclosure.profiles.profile import Profile, load
from justice_analysis.disclosure.verdict import Judged
from justice_analysis.errors import DisclosureError, UsageError

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Where outputs come from: a run, as its manifest names it.

    Attributes
    ----------
    datasets
        Names of the datasets behind the run; others hold other people.
    """

    study: str
    variant: str
    fingerprint: str | None
    datasets: tuple[str, ...]
    is_synthetic: bool


def record_of(judged: Judged, source: Source, profile: Profile) -> Record:
    """Describe an output that passed: its true counts, and which of its units stay hidden.

    Raises
    ------
    DisclosureError
        If it did not pass: what was refused is in no history.
    """
    candidate = judged.candidate
    if judged.verdict.status != "pass":
        raise DisclosureError(f"{candidate.id} did not pass: only what leaves is in the history.")
    kept = _counts_alone(candidate.output, profile)
    return {
        "id": candidate.id,
        "sha256": candidate.sha256,
        **{name: _plain(value) for name, value in asdict(source).items()},
        "profile": rules_of(profile),
        "mechanism": profile.mechanism.get(kept.kind),
        "hidden": sorted(hidden_units(judged)),
        "output": {name: _plain(getattr(kept, name)) for name in DESCRIBED},
        "roles": _plain(asdict(kept.roles)),
        "chart": _plain(asdict(kept.chart)) if kept.chart else None,
        "columns": {name: _values(kept.table[name]) for name in kept.table.columns},
    }


def past_of(record: Record, release_id: str) -> Past:
    """Make the past output of a record; what was described later has its default.

    Raises
    ------
    DisclosureError
        If the record describes what this version doesn't know.
    """
    import pandas as pd

    described = {name: _tuple(value, name in TUPLES) for name, value in record["output"].items()}
    roles = {name: _tuple(value) for name, value in record["roles"].items()}
    label = f"{release_id}: {record['study']}/{record['variant']}/{record['id']}"
    try:
        output = Output(
            table=pd.DataFrame(record["columns"]),
            roles=ColumnRoles(**roles),
            chart=Chart(**record["chart"]) if record["chart"] else None,
            **described,
        )
    except (TypeError, UsageError):
        raise DisclosureError(
            f"{label} in the release history describes what this version does not know: use the "
            "version that released it, or a later one."
        ) from None
    return Past(output, frozenset(record["hidden"]), profile_of(record["profile"]), label)


def hidden_units(judged: Judged) -> frozenset[int]:
    """Positions of the rows (of the curves) that a passed output does not show.

    Steps of a selection are hidden by their kind alone, so they are read from what was shown.
    """
    hidden: Any = judged.verdict.evidence.get("hidden", ())
    units = {int(position) for position in hidden}
    output, protected = judged.candidate.output, judged.protected
    aligned = protected is not None and len(protected.table) == len(output.table)
    if aligned and output.kind != "survival" and protected is not None:
        marks = protected.table["shown"].tolist()
        units |= {position for position, mark in enumerate(marks) if mark != "yes"}
    return frozenset(units)


def rules_of(profile: Profile) -> Record:
    """Return every rule of a profile, as it was used."""
    return {name: _plain(getattr(profile, name)) for name in ("name", "title", *RULE_NAMES)}


def profile_of(rules: Mapping[str, Any]) -> Profile:
    """Make the profile of recorded rules; a rule that came later was not obeyed then.

    Raises
    ------
    DisclosureError
        If it names a rule that this version does not know.
    """
    unknown = sorted(set(rules) - {"name", "title", *RULE_NAMES})
    if unknown:
        raise DisclosureError(
            f"a profile in the release history has rules that this version does not know "
            f"({', '.join(unknown)}): use the version that released it."
        )
    loosest = rules_of(load("open"))
    return Profile(**{name: _tuple(value) for name, value in {**loosest, **rules}.items()})


def _counts_alone(output: Output, profile: Profile) -> Output:
    """Keep dimensions, counts and evidence; statistics only where the counts need them."""
    roles = replace(output.roles, estimate=(), lower=(), upper=(), statistic={})
    quantity = (roles.total,) if roles.total else ()
    named = (*output.dimensions, *roles.counts, *quantity, *roles.evidence)
    columns = list(dict.fromkeys(named))
    small = replace(output, table=output.table[columns], roles=roles, shares=())
    return small if _states_the_same(small, output, profile) else output


def _states_the_same(one: Output, other: Output, profile: Profile) -> bool:
    """Whether an attacker reads the same counts from both."""
    rules = RULES.get(other.kind)
    if rules is None:
        return True
    try:
        mine, theirs = rules.stated(one, profile), rules.stated(other, profile)
    except Exception:  # a kind whose counts can't be read without its statistics
        return False
    names = [*theirs.dimensions, *theirs.roles.counts]
    return mine.roles.counts == theirs.roles.counts and bool(
        set(names) <= set(mine.table.columns) and mine.table[names].equals(theirs.table[names])
    )


def _values(column: pd.Series) -> list[Any]:
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    """Return what JSON can hold; missing and odd values by the word that names their cell."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, Collection) and not isinstance(value, (str, bytes)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    return json.loads(json.dumps(value, default=str))


def _tuple(value: Any, always: bool = True) -> Any:
    return tuple(value) if always and isinstance(value, list) else value
