"""Curves of groups and of everyone: what the people at risk in one tell of another."""

from __future__ import annotations

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import is_total
from justice_analysis.disclosure.kinds.curves import CurveRows, Roles, curves_of, roles_of
from justice_analysis.disclosure.kinds.tables import worth
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.rounding import range_behind, to_base


def further_to_hide(output: Output, hidden: set[int], profile: Profile) -> set[int]:
    """Hide curves until people at risk in a hidden or ended one can't be had from the others.

    The people at risk of a total less those of the other groups bound the group that is hidden
    or has ended. Between two times shown a curve is only known to lie between their numbers.
    """
    curves = curves_of(output, profile)
    roles = roles_of(output)
    assert roles is not None
    hidden = set(hidden)
    for line in _lines(curves, roles):
        total, parts = line
        while total not in hidden and not _line_is_safe(curves, roles, line, hidden, profile):
            open_parts = [number for number in parts if number not in hidden]
            smallest = min(
                open_parts or [total], key=lambda number: curves[number].rows[roles.at_risk].iloc[0]
            )
            hidden.add(smallest)
    return hidden


def _lines(curves: list[CurveRows], roles: Roles) -> list[tuple[int, list[int]]]:
    """Totals with their parts: curves alike in all but the summed dimension."""
    lines = []
    for number, curve in enumerate(curves):
        for name in (n for n in roles.groups if is_total(curve.group[n])):
            parts = [
                other
                for other, part in enumerate(curves)
                if not is_total(part.group[name])
                and all(part.group[n] == curve.group[n] for n in roles.groups if n != name)
            ]
            if parts:
                lines.append((number, parts))
    return lines


def _line_is_safe(
    curves: list[CurveRows],
    roles: Roles,
    line: tuple[int, list[int]],
    hidden: set[int],
    profile: Profile,
) -> bool:
    total, parts = line
    times = curves[total].rows[roles.time].to_numpy()
    for step in curves[total].steps:
        time = times[step.position]
        true = {number: _at(curves[number], roles, time) for number in parts}
        known = {
            number: _known(curves[number], roles, time, number in hidden, profile)
            for number in parts
        }
        all_low, all_high = _known(curves[total], roles, time, False, profile)
        gap = _at(curves[total], roles, time) - sum(true.values())
        for number in (n for n in parts if 0 < true[n] < profile.minimum_count):
            others = [known[other] for other in parts if other != number]
            high = all_high - gap - sum(low for low, _ in others)
            low = all_low - gap - sum(high for _, high in others)
            if low > 0 or high < profile.minimum_count:
                return False
    return True


def _at(curve: CurveRows, roles: Roles, time: float) -> int:
    """People at risk just before a time."""
    later = curve.rows.loc[curve.rows[roles.time] >= time, roles.at_risk]
    return int(later.iloc[0]) if len(later) else 0


def _known(
    curve: CurveRows, roles: Roles, time: float, is_hidden: bool, profile: Profile
) -> tuple[float, float]:
    """Range in which an attacker knows the people at risk of a curve at a time."""
    if is_hidden:
        return 0, float("inf")
    low, high = 0.0, float("inf")
    base = worth("survival", profile)
    for step in curve.steps:
        row = curve.rows.iloc[step.position]
        least, most = range_behind(to_base(row[roles.at_risk], base), base)
        if row[roles.time] <= time:
            high = min(high, most)
        if row[roles.time] >= time:
            low = max(low, least)
    return low, high
