"""People as numbers: what balance is judged on, and what the chance of taking part is fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.cohorts import COVARIATES, AnalysisFrame

if TYPE_CHECKING:
    import pandas as pd

NOT_KNOWN, OTHER = "not known", "other"
UNASSESSED, ALIKE = "not assessed", 0.95
FEWEST = 10
"""A value of a category that fewer people of a side have is joined with others."""
WORDS = {
    "stay_days": "Days in custody up to the index",
    "age": "Age, years",
    "is_female": "Sex: female",
    "age_at_first_conviction": "Age at first conviction, years",
    "convictions_ever": "Convictions before",
    "conviction_days_2y": "Days with a conviction, two years before",
    "court_cases_ever": "Criminal proceedings before",
    "custody_spells_ever": "Spells of custody before",
    "custody_days_ever": "Days in custody before",
    "sentence_type": "Index",
    "release_quarter": "Quarter",
    "assessed": "OASys",
    "oasys_days": "OASys: days since the last answer",
    "custody_length": "Time in custody up to the index",
    "ethnicity": "Ethnic group",
    "region": "Region of court",
}


@dataclass(frozen=True, eq=False)
class Characteristics:
    """People by their characteristics, one row per person, in the order of the frame.

    Attributes
    ----------
    table
        One column per characteristic, by its name in words: a quantity (its mean where it is not
        known), or 1 and 0. Whether a quantity is known is a characteristic of its own.
    model
        The columns of `table`, and the logarithm of 1 more than each count: the chance of
        taking part need not change by as much from one to two as from ten to eleven.
    known
        For each quantity whether it is known; of the other columns everything is.
    """

    table: pd.DataFrame
    model: pd.DataFrame
    known: Mapping[str, np.ndarray]

    def of(self, rows: np.ndarray) -> Characteristics:
        """The same of some rows."""
        known = {name: values[rows] for name, values in self.known.items()}

        table, model = (one.loc[rows].reset_index(drop=True) for one in (self.table, self.model))
        return Characteristics(table, model, known)


def characteristics(
    frame: AnalysisFrame,
    treated: np.ndarray,
    *,
    quantities: Sequence[str],
    categories: Sequence[str],
) -> Characteristics:
    """Make numbers of people: missing is a state, told by a column of its own.

    Parameters
    ----------
    frame
        With the columns of `quantities`, and the codes of `categories`.
    treated
        Whether each person is a participant, shape (n,).

    Returns
    -------
    Characteristics
        A category has a column for each value that at least `FEWEST` people of both sides have;
        the others are one, "other". What fewer of a side have, or have not, is left out of the
        model, which might not be fitted with it; balance still judges it.
    """
    import pandas as pd

    table: dict[str, np.ndarray] = {}
    curves: dict[str, np.ndarray] = {}
    known: dict[str, np.ndarray] = {}
    commonest: set[str] = set()
    for name in quantities:
        values = frame.table[name].to_numpy(dtype=float)
        is_known = ~np.isnan(values)
        words = words_of(name)
        if is_known.any():
            filled = np.where(is_known, values, values[is_known].mean())
            table[words] = filled
            known[words] = is_known
            if _is_count(name):
                curves[f"log of {words}"] = np.log1p(np.maximum(filled, 0))
        if not is_known.all():
            table[f"{words}: {NOT_KNOWN}"] = (~is_known).astype(float)
    for name in categories:
        states = _joined(frame.table[name].to_numpy(), frame.codes[name], treated)
        for value, has in states.items():
            table[f"{WORDS.get(name, name)}: {value}"] = has.astype(float)
        most = max(states, key=lambda value: states[value].sum())
        commonest.add(f"{WORDS.get(name, name)}: {most}")
    shown = pd.DataFrame(table)
    model = pd.concat([shown, pd.DataFrame(curves)], axis=1)
    # The commonest value is what the others are held against; the rare ones stand with it.
    exact = _says_unassessed(frame, quantities)
    kept = [c for c in model if c not in commonest | exact and _is_usable(model[c], treated)]
    return Characteristics(shown, model[kept], known)


def like_participants(
    frame: AnalysisFrame,
    treated: np.ndarray,
    *,
    quantities: Sequence[str],
    categories: Sequence[str],
) -> np.ndarray:
    """Who shares each state with some participant: shape (n,), every participant does.

    A state is a value of a category, and whether a quantity is known. Nobody else can stand
    beside a participant, and with them the chance of taking part has no finite slope: of a
    programme for long sentences, those held for a few days; of one that begins with an
    assessment, those never assessed.
    """
    states = [frame.table[name].to_numpy() for name in categories]
    states += [frame.table[name].isna().to_numpy() for name in quantities]
    alike = np.ones(len(treated), dtype=bool)
    for state in states:
        alike &= np.isin(state, np.unique(state[treated]))
    return alike


def _joined(codes: np.ndarray, values: Sequence[str], treated: np.ndarray) -> dict[str, np.ndarray]:
    """Who has each value of a category; values that few of a side have are one, "other"."""
    found = {value: codes == number for number, value in enumerate(values)}
    rare = [
        value
        for value, has in found.items()
        if min((has & treated).sum(), (has & ~treated).sum()) < FEWEST
    ]
    kept = {value: has for value, has in found.items() if value not in rare}
    if rare:
        kept[OTHER] = np.isin(codes, [values.index(value) for value in rare])
    return kept


def _says_unassessed(frame: AnalysisFrame, quantities: Sequence[str]) -> set[str]:
    """Columns that say of one OASys answer what the stratum says of all: nobody was assessed."""
    if "assessed" not in frame.codes or UNASSESSED not in frame.codes["assessed"]:
        return set()
    number = frame.codes["assessed"].index(UNASSESSED)
    unassessed = frame.table["assessed"].to_numpy() == number
    return {
        f"{words_of(name)}: {NOT_KNOWN}"
        for name in quantities
        if name.startswith("oasys_")
        and (frame.table[name].isna().to_numpy() == unassessed).mean() >= ALIKE
    }


def _is_usable(column: pd.Series, treated: np.ndarray) -> bool:
    """Whether enough of both sides have what a column tells, and enough have not.

    One that all or none of a side have has no finite slope, and with few so may several together.
    """
    values = column.to_numpy()
    if not np.isin(values, (0.0, 1.0)).all():
        return True
    sides = (values[treated], values[~treated])
    return min(min(side.sum(), len(side) - side.sum()) for side in sides) >= FEWEST


def words_of(name: str) -> str:
    """A covariate as a row of a table says it."""
    if name in WORDS:
        return WORDS[name]
    meaning = COVARIATES[name].meaning.removesuffix(".")
    if name.startswith("oasys_"):
        said = meaning.removeprefix("OASys, ").removesuffix(": the last answer before the index")
        return f"OASys: {said}"
    return meaning.removesuffix(" ever before the index") + " before"


def _is_count(name: str) -> bool:
    """Whether it may run to many, so that its logarithm says more than it does."""
    return name in ("stay_days", "oasys_days") or COVARIATES[name].is_count
