"""What the criminal part of a world was to meet, and what it achieves, from its truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from justice_analysis.synthetic.people import DAYS_PER_YEAR

Achieved = tuple[float, float, int, int, int]
Wanted = tuple[str, dict[str, Any], float, Achieved]

_COHORT_ENDS = np.datetime64("2012-01-01")
_RETURNS_END = np.datetime64("2020-01-01")
_CONVICTED_BY = 24  # years of age
_BASE = "2019-06-30"
_OPEN_AT = ("2020-12-31", "2021-06-30", "2022-12-31", "2024-03-31")


def criminal_targets(
    parameters: dict[str, Any], prosecutions: dict[str, np.ndarray], crown: dict[str, np.ndarray]
) -> list[Wanted]:
    """Name, description, planted value and what was achieved, of each target."""
    return _returns(parameters["crime"], prosecutions) + _open_cases(parameters["crime"], crown)


def returning_defendants(
    prosecutions: dict[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Later appearances to December 2019 of each defendant first known in 2011, and first theft.

    Parameters
    ----------
    prosecutions
        Columns of the truth table `prosecution`; the Single Justice Procedure does not count.
    """
    known = ~prosecutions["is_single_justice"].astype(bool)
    person = prosecutions["person_id"][known]
    date = prosecutions["first_hearing_date"][known].astype("datetime64[D]")
    theft = prosecutions["offence_group"][known] == "theft"
    order = np.lexsort((date, person))
    person, date, theft = person[order], date[order], theft[order]
    first = np.diff(person, prepend=-1) != 0
    again = ~first & (date < _RETURNS_END)
    returns = np.bincount((np.cumsum(first) - 1)[again], minlength=int(first.sum()))
    cohort = date[first] < _COHORT_ENDS
    return returns[cohort], theft[first][cohort]


def _share(hits: np.ndarray) -> Achieved:
    n = max(len(hits), 1)
    mean = float(hits.mean()) if len(hits) else float("nan")
    return mean, float(np.sqrt(mean * (1 - mean) / n)), len(hits), int(hits.sum()), len(hits)


def _returns(crime: dict[str, Any], prosecutions: dict[str, np.ndarray]) -> list[Wanted]:
    returns, theft = returning_defendants(prosecutions)
    measured = {
        "returned": ("defendants of 2011 who returned by December 2019", returns > 0),
        "returned_once": ("defendants of 2011 who returned exactly once", returns == 1),
        "returned_six": ("defendants of 2011 who returned six times or more", returns >= 6),
        "returned_theft": ("defendants of 2011, theft first, who returned", returns[theft] > 0),
    }
    return [
        (label, crime[name], crime[name]["value"], _share(hits))
        for name, (label, hits) in measured.items()
    ]


def open_cases(crown: dict[str, np.ndarray], day: str) -> int:
    """Defendants' cases that the Crown Court had received and not completed by the end of a day."""
    received = crown["received_date"].astype("datetime64[D]")
    completed = crown["completed_date"].astype("datetime64[D]")
    on = np.datetime64(day)
    return int(((received <= on) & ~(completed <= on)).sum())


def _open_cases(crime: dict[str, Any], crown: dict[str, np.ndarray]) -> list[Wanted]:
    """Open cases of June 2019 as a share of those open later.

    The shape is planted through the wait, so nothing is planted for these shares themselves.
    """
    published = {day: count for day, count in crime["crown_open"]["value"]}
    base = open_cases(crown, _BASE)
    rows: list[Wanted] = []
    for day in (day for day in _OPEN_AT if day in published):
        described = {**crime["crown_open"], "value": published[_BASE] / published[day]}
        then = max(open_cases(crown, day), 1)
        share = base / then
        error = share * float(np.sqrt(1 / then + 1 / max(base, 1)))
        name = f"open Crown Court cases of {_BASE} as a share of those of {day}"
        rows.append((name, described, float("nan"), (share, error, then, base, then)))
    return rows


def convicted_young(
    parameters: dict[str, Any],
    people: dict[str, np.ndarray],
    prosecutions: dict[str, np.ndarray],
    crown: dict[str, np.ndarray],
    extract: np.datetime64,
) -> list[Wanted]:
    """Convictions by the age of 24 of children in care proceedings, and in private law.

    Children born in 1993 or later, so that all convictions fall in the years of the courts' data.
    The published shares are of children looked after and others, so they are near, not the same.
    """
    birth = people["birth_date"].astype("datetime64[D]")
    limit = birth + np.timedelta64(int(_CONVICTED_BY * DAYS_PER_YEAR), "D")
    convicted = np.zeros(len(birth), dtype=bool)
    position = people["person_id"].argsort()
    for rows, ended in ((prosecutions, "final_date"), (crown, "completed_date")):
        at = position[np.searchsorted(people["person_id"], rows["person_id"], sorter=position)]
        guilty = (rows["verdict"] == "guilty") & (rows[ended].astype("datetime64[D]") < limit[at])
        convicted[at[guilty]] = True
    followed = (birth >= np.datetime64("1993-01-01")) & (limit <= extract)
    of = {
        "looked_after_convicted": ("child", "children in care proceedings convicted by 24"),
        "others_convicted": ("private_child", "children in private law convicted by 24"),
    }
    return [
        (
            label,
            parameters["crime"][name],
            float("nan"),
            _share(convicted[followed & (people["kind"] == kind)]),
        )
        for name, (kind, label) in of.items()
    ]
