"""A number in a sentence that repeats one of another output: what that output shows of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.verdict import Judged

SAME = 1e-9
Row = Mapping[Any, Any]


def repeated(text: Output, row: Row, others: Sequence[Judged]) -> dict[str, float] | None:
    """Find what another output shows of a number that a text repeats.

    Parameters
    ----------
    row
        One row of the text, true values.
    others
        The other outputs, decided on.

    Returns
    -------
    dict or None
        The text's estimate and bounds as they are shown there; None where the number is hidden,
        where the output may not leave, or where no row of it holds this number and these people.
        Of several rows with the same number all must be shown, and shown alike.
    """
    of = text.options["of"]
    assert isinstance(of, Mapping)
    found = [
        said
        for other in others
        if other.candidate.id == of[row["name"]]
        and other.candidate.output.population_hash == text.population_hash
        for said in _shown(text, row, other)
    ]
    if not found or any(said is None or said != found[0] for said in found):
        return None
    return found[0]


def _shown(text: Output, row: Row, other: Judged) -> list[dict[str, float] | None]:
    output = other.candidate.output
    true = unit_rows(output)
    if other.protected is None or len(other.protected.table) != len(true):
        return [None]
    shown = other.protected.table.to_dict("records")
    value, people = float(row[text.roles.estimate[0]]), float(row[text.roles.people])
    return [
        _said(text, output, n, shown[position])
        for position, there in enumerate(true.to_dict("records"))
        for n, name in enumerate(_columns(output))
        if math.isclose(float(there[name]), value, rel_tol=SAME)
        and float(there[output.roles.people]) == people
    ]


def _columns(output: Output) -> tuple[str, ...]:
    """Columns that a sentence may repeat: estimates first, so that bounds stand at their place."""
    estimates = output.roles.estimate
    if output.kind == "comparison":  # the interval is that of the difference
        estimates = ("difference", *(name for name in estimates if name != "difference"))
    return (*estimates, *output.roles.counts)


def _said(text: Output, output: Output, n: int, shown: Row) -> dict[str, float] | None:
    name = _columns(output)[n]
    if shown["shown"] != "yes" or name not in shown or not _is_number(shown[name]):
        return None
    said = {text.roles.estimate[0]: float(shown[name])}
    for own, theirs in (
        (text.roles.lower, output.roles.lower),
        (text.roles.upper, output.roles.upper),
    ):
        if own and n < len(theirs) and _is_number(shown.get(theirs[n])):
            said[own[0]] = float(shown[theirs[n]])
    return said


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False
