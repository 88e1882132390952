"""Released objects: the only things that publishing may draw, print or say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from justice_analysis.definitions.output import Chart, Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.counted.denominators import option_of
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.model_rows import KEPT_INSIDE
from justice_analysis.disclosure.profiles.profile import Profile, load
from justice_analysis.disclosure.verdict import Judged
from justice_analysis.disclosure.wording import phrase
from justice_analysis.errors import DisclosureError, listed

if TYPE_CHECKING:
    from pathlib import Path

_MADE_HERE = object()


@dataclass(frozen=True)
class Released:
    """An output that may leave: only this module can make one.

    Attributes
    ----------
    table
        Dimension columns, then one statistic a column; a hidden cell is missing and the row's
        `shown` says "suppressed".
    texts
        For kind text: the fragment for each name that may be shown.
    context
        What a reader needs beside the numbers: unit, population, controls, notes, profile.
    """

    id: str
    kind: str
    title: str
    table: pd.DataFrame
    chart: Chart | None
    synthetic: bool
    context: Mapping[str, object]
    texts: Mapping[str, str] = field(default_factory=dict)
    _made_by: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._made_by is not _MADE_HERE:
            raise DisclosureError("a released object is made by disclosure.release alone.")


def release(candidate: Candidate, profile: Profile | str | Path) -> Released:
    """Make the released object of one candidate, judged by itself.

    Outputs that leave together must be judged together: use `bundle`.

    Raises
    ------
    DisclosureError
        If the candidate doesn't pass; the message says why, without values.
    """
    return from_judged(judge([candidate], load(profile))[0], load(profile))


def from_judged(judged: Judged, profile: Profile) -> Released:
    """Make the released object of a decision; refuse anything but a pass."""
    candidate, verdict, protected = judged.candidate, judged.verdict, judged.protected
    if verdict.status != "pass" or protected is None:
        why = listed(verdict.reasons) if verdict.reasons else "it did not pass."
        raise DisclosureError(f"{candidate.id} may not be released ({verdict.status}): {why}")
    output, table = candidate.output, protected.table.copy()
    texts: dict[str, str] = {}
    if output.kind == "text":
        texts = _texts(output, table)
        table.insert(1, "text", table["name"].map(texts).fillna(""))
        kept = ["name", "text", *output.roles.statistics, "shown"]
        table = table[kept]
    return Released(
        id=candidate.id,
        kind=output.kind,
        title=output.title,
        table=table,
        chart=output.chart,
        synthetic=candidate.synthetic,
        context=MappingProxyType(_context(output, verdict.controls, profile)),
        texts=MappingProxyType(texts),
        _made_by=_MADE_HERE,
    )


def _texts(output: Output, table: pd.DataFrame) -> dict[str, str]:
    formats = output.options["formats"]
    assert isinstance(formats, Mapping)
    roles = output.roles
    columns = [names[0] if names else None for names in (roles.estimate, roles.lower, roles.upper)]
    texts = {}
    for _, row in table[table["shown"] == "yes"].iterrows():
        numbers = [float(row[name]) if name and pd.notna(row[name]) else None for name in columns]
        if numbers[0] is not None:
            per = option_of(output, "per", str(row["name"]))
            texts[str(row["name"])] = phrase(
                formats[row["name"]],
                numbers[0],
                *numbers[1:],
                per=float(per) if isinstance(per, (int, float)) else 1,
                noun=str(option_of(output, "nouns", str(row["name"])) or ""),
            )
    return texts


def _context(output: Output, controls: tuple[str, ...], profile: Profile) -> dict[str, object]:
    return {
        "subtitle": output.subtitle,
        "unit": output.unit,
        "population": output.population,
        "card": output.card,
        "shares": list(output.shares),
        "options": _options(output),
        "controls": list(controls),
        "notes": list(output.notes),
        "profile": profile.name,
    }


def _options(output: Output) -> dict[str, object]:
    """Options to read the numbers by; exact sizes of a model stay inside."""
    inside = KEPT_INSIDE if output.kind == "model" else ()
    return {name: value for name, value in output.options.items() if name not in inside}
