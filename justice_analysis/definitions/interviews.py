"""What interviews found, coded into themes, as a study sets it beside its numbers.

Interviews say why and how; they do not say how many. A theme's count is of the people who were
interviewed, who are no sample of anyone else. A quotation may leave only where a named role
cleared it: someone who read it for what could tell who spoke.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.errors import ParameterError, listed

KEYS = ("unit", "people", "method", "conducted", "themes")
THEME_KEYS = ("theme", "said_by", "quotations")
QUOTATION_KEYS = ("words", "speaker", "cleared_by", "cleared_on")
NOTE = "People interviewed are no sample: their number says nothing of how many others agree."


@dataclass(frozen=True)
class Quotation:
    """Words of one person, the role in which the person spoke, and who cleared them and when."""

    words: str
    speaker: str
    cleared_by: str
    cleared_on: str


@dataclass(frozen=True)
class Theme:
    """One theme: people who spoke of it, and words of some of them."""

    theme: str
    said_by: int
    quotations: tuple[Quotation, ...] = ()


@dataclass(frozen=True)
class Interviews:
    """Interviews of one study.

    Attributes
    ----------
    unit
        Who was interviewed, in words: participants, practitioners.
    people
        How many.
    method, conducted
        How they were held and coded, and when.
    """

    unit: str
    people: int
    method: str
    conducted: str
    themes: tuple[Theme, ...]

    def themes_output(self) -> Output:
        """Themes with the people who spoke of them: one row per theme."""
        import pandas as pd

        rows = [(one.theme, self.people, one.said_by) for one in self.themes]
        table = pd.DataFrame(rows, columns=["theme", "people", "said_by"])
        table["estimate"] = table["said_by"] / table["people"]
        roles = ColumnRoles(
            people="people", numerator="said_by", denominator="people", estimate=("estimate",)
        )
        return self._output(
            "estimates", "What people spoke of in interviews", table, ("theme",), roles
        )

    def quotations_output(self) -> Output | None:
        """Cleared quotations: one row each; None where there are none."""
        import pandas as pd

        rows = [
            (one.theme, said.words, said.speaker, f"{said.cleared_by}, {said.cleared_on}")
            for one in self.themes
            for said in one.quotations
        ]
        if not rows:
            return None
        names = ("theme", "quotation", "speaker", "cleared")
        table = pd.DataFrame(rows, columns=list(names)).assign(people=self.people)
        roles = ColumnRoles(people="people")
        return self._output("quotations", "In people's own words", table, names, roles)

    def _output(
        self, kind: str, title: str, table: Any, dimensions: tuple[str, ...], roles: ColumnRoles
    ) -> Output:
        said = repr((self.unit, self.people, self.method, self.conducted))
        return Output(
            kind=kind,
            title=title,
            table=table,
            dimensions=dimensions,
            roles=roles,
            unit=self.unit,
            population=f"{self.unit[:1].upper()}{self.unit[1:]} interviewed",
            population_hash=f"interviews:{hashlib.sha256(said.encode()).hexdigest()[:12]}",
            notes=(self.method, NOTE),
            shares=roles.estimate,
        )


def read_interviews(content: Any) -> Interviews:
    """Read the `interviews` of a parameter file.

    Raises
    ------
    ParameterError
        Naming every missing or wrong value at once; never a quotation's words.
    """
    if problems := _problems(content):
        raise ParameterError(f"interviews: {listed(problems)}")
    themes = tuple(
        Theme(
            str(one["theme"]),
            int(one["said_by"]),
            tuple(
                Quotation(**{key: str(said[key]) for key in QUOTATION_KEYS})
                for said in one.get("quotations") or ()
            ),
        )
        for one in content["themes"]
    )
    unit, method, conducted = (str(content[name]) for name in ("unit", "method", "conducted"))
    return Interviews(unit, int(content["people"]), method, conducted, themes)


def _problems(content: Any) -> list[str]:
    if not isinstance(content, Mapping) or not {*KEYS} <= {*content}:
        return [f"they must give {', '.join(KEYS)}."]
    problems = [f"{key} is not a key here." for key in content if key not in KEYS]
    people, themes = content["people"], content["themes"]
    if not _is_count(people) or not people:
        problems.append("people must be how many were interviewed, a whole number above 0.")
        people = float("inf")
    if not isinstance(themes, list) or not themes:
        return [*problems, "themes must be a list with a theme or more."]
    for number, one in enumerate(themes, start=1):
        problems += [f"theme {number}: {said}" for said in _theme_problems(one, people)]
    names = [one.get("theme") for one in themes if isinstance(one, Mapping)]
    if len({*names}) < len(names):
        problems.append("each theme must stand once.")
    return problems


def _theme_problems(one: Any, people: float) -> list[str]:
    if not isinstance(one, Mapping) or not one.get("theme"):
        return ["it must have the key theme, in words."]
    problems = [f"{key} is not a key here." for key in one if key not in THEME_KEYS]
    if not _is_count(one.get("said_by")) or one["said_by"] > people:
        problems.append("said_by must be a whole number, of the people interviewed.")
    quotations = one.get("quotations") or []
    if not isinstance(quotations, list):
        return [*problems, "quotations must be a list."]
    for number, said in enumerate(quotations, start=1):
        problems += [f"quotation {number} {why}" for why in _quotation_problems(said)]
    return problems


def _quotation_problems(said: Any) -> list[str]:
    if not isinstance(said, Mapping):
        return [f"must give {', '.join(QUOTATION_KEYS)}."]
    missing = [key for key in QUOTATION_KEYS if not said.get(key)]
    if {"cleared_by", "cleared_on"} & {*missing}:
        return ["is not marked as cleared: say cleared_by (a role) and cleared_on (a day)."]
    problems = [f"must have {key}." for key in missing]
    if not _is_day(said["cleared_on"]):
        problems.append('must give cleared_on as a quoted date, such as "2026-01-12".')
    return problems


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_day(value: Any) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False
