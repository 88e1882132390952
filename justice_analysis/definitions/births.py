"""Live births as a versioned reference table: the denominators of rates of entry.

No official counts of births come with this package: a study gives its own file. The format is a
CSV file with the columns

`place,period,live_births,source,version`

one row per place and period. `place` is a place of the warehouse (`area:007`) or `all`; `period` a
calendar year (`2016`) or a financial year (`2016/17`), the same kind throughout; `source` names the
publication and `version` its release, each the same on every row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from justice_analysis.errors import SourceError, listed

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("place", "period", "live_births", "source", "version")
EVERYWHERE = "all"
FORMS = {"year": r"\d{4}", "financial_year": r"\d{4}/\d{2}"}


@dataclass(frozen=True)
class LiveBirths:
    """Live births by place and period.

    Attributes
    ----------
    source, version
        The publication and its release.
    period
        `year` or `financial_year`.
    rows
        One row per place and period: `place`, `period` (in the words of
        `metrics.estimates.periods`: "in 2016", "2016/17") and `live_births`.
    """

    source: str
    version: str
    period: str
    rows: pd.DataFrame

    @property
    def name(self) -> str:
        """The source and version, as outputs name it."""
        return f"{self.source}, {self.version}"

    def by_period(self, *, by_place: bool) -> pd.DataFrame:
        """Births by period, and by place where asked for, with `all` summed over both.

        Without places the rows of `all` count; where there are none, the sum of the places.
        """
        import pandas as pd

        of_places = self.rows[self.rows["place"] != EVERYWHERE]
        if by_place:
            chosen, keys = of_places, ["period", "place"]
        else:
            whole = self.rows[self.rows["place"] == EVERYWHERE]
            chosen, keys = (of_places if whole.empty else whole), ["period"]
        margins = [keys, *[[key] for key in keys if len(keys) > 1], []]
        parts = [_summed(chosen, kept, keys) for kept in margins]
        return pd.concat(parts, ignore_index=True)

    @property
    def places(self) -> tuple[str, ...]:
        """Places that have births of their own, without `all`."""
        return tuple(sorted(set(self.rows["place"]) - {EVERYWHERE}))

    @property
    def covers_everywhere(self) -> bool:
        """Whether births are given for everywhere at once."""
        return EVERYWHERE in set(self.rows["place"])


def _summed(rows: pd.DataFrame, kept: list[str], keys: list[str]) -> pd.DataFrame:
    import pandas as pd

    if not kept:
        return pd.DataFrame(
            [{**dict.fromkeys(keys, "all"), "live_births": int(rows["live_births"].sum())}]
        )
    found = rows.groupby(kept, as_index=False)["live_births"].sum()
    return found.assign(**{key: "all" for key in keys if key not in kept})


def read_births(path: str | Path) -> LiveBirths:
    """Read and check a file of live births; see this module for the format.

    Raises
    ------
    SourceError
        If the file is not there, or with everything that is wrong with it at once.
    """
    import pandas as pd

    try:
        rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    except (OSError, ValueError):
        raise SourceError(
            "births must name a CSV file with the columns "
            + ", ".join(COLUMNS)
            + ": no such file could be read."
        ) from None
    if problems := _problems(rows):
        raise SourceError(listed([f"births: {problem}" for problem in problems]))
    period = _form(rows["period"])
    assert period is not None
    words = "in " + rows["period"] if period == "year" else rows["period"]
    return LiveBirths(
        source=rows["source"].iloc[0],
        version=rows["version"].iloc[0],
        period=period,
        rows=pd.DataFrame(
            {
                "place": rows["place"].astype(str),
                "period": words.astype(str),
                "live_births": rows["live_births"].astype("int64"),
            }
        ),
    )


def _problems(rows: pd.DataFrame) -> list[str]:
    if list(rows.columns) != list(COLUMNS):
        return [f"columns must be {', '.join(COLUMNS)}, in this order."]
    if rows.empty:
        return ["there must be a row for each place and period: there is none."]
    problems = []
    if wrong := int((~rows["live_births"].str.fullmatch(r"\d{1,9}")).sum()):
        problems.append(f"live_births must be whole and not negative: {wrong:,} rows are not.")
    elif none := int((rows["live_births"].astype("int64") == 0).sum()):
        problems.append(f"live_births must be above 0: {none:,} rows are 0. Leave those out.")
    if empty := int((rows["place"] == "").sum()):
        problems.append(f"place must be given: {empty:,} rows have none.")
    if _form(rows["period"]) is None:
        problems.append("period must be a year (YYYY) or a financial year (YYYY/YY) throughout.")
    problems += [
        f"{name} must be given, and the same on every row."
        for name in ("source", "version")
        if rows[name].nunique() != 1 or not rows[name].iloc[0].strip()
    ]
    if twice := int(rows.duplicated(["place", "period"]).sum()):
        problems.append(f"each place and period must have one row: {twice:,} stand twice.")
    return problems


def _form(periods: pd.Series[str]) -> str | None:
    """The kind of period that all of them are; none if they differ or are no period."""
    return next(
        (
            name
            for name, form in FORMS.items()
            if all(re.fullmatch(form, text) and _follows(text) for text in periods)
        ),
        None,
    )


def _follows(text: str) -> bool:
    """Whether the second year of a financial year is the one after the first."""
    first, _, second = text.partition("/")
    return not second or (int(first) + 1) % 100 == int(second)
