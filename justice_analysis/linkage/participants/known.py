"""Participants whose records are known already: no identifiers, and nothing to link."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import SourceError
from justice_analysis.linkage.participants import normal
from justice_analysis.linkage.participants.alike import sha256_of
from justice_analysis.linkage.participants.dates import DateColumn, read_dates
from justice_analysis.linkage.participants.headers import find_columns
from justice_analysis.linkage.participants.links import PEOPLE, ParticipantLinks
from justice_analysis.linkage.participants.minimums import refusal
from justice_analysis.linkage.participants.rates import NOT_RECORDED, attrition, match_rates
from justice_analysis.linkage.participants.reading import numbered, read_csv
from justice_analysis.linkage.participants.settings import LinkSettings

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("source_table", "source_key", "index_date")
USABLE_RULE = "an index date, a source_table and a source_key"
DISTINCT_RULE = "rows with the same source_table and source_key are one person: the earliest stays"


def known_people(
    file: Path | str,
    *,
    backend: BaseBackend | None = None,
    date_format: str | None = None,
    settings: LinkSettings | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
) -> ParticipantLinks:
    """Read participants by the keys of their delivered records.

    Parameters
    ----------
    file
        CSV with `source_table`, `source_key` and an index or intervention date; gender where
        known.
    backend, date_format, encoding
        As in `read_participants`.
    settings
        For the minimums.
    name
        Of the list; by default its file's name without the ending.

    Returns
    -------
    ParticipantLinks
        Match probability 1; no model and no review. Ages are not known.

    Raises
    ------
    SourceError
        If the file is broken, a column is missing, or the date's format is unclear.
    """
    path = Path(file)
    used = settings or LinkSettings()
    header, rows = read_csv(path, encoding)
    columns = find_columns(header, file=path.name, needed=NEEDED, optional=["gender"])
    listed = numbered(backend or engine.connect(), header, rows, columns)
    dated, dates = read_dates(listed, ["index_date"], file=path.name, format=date_format)
    usable = dated.filter(*(dated[each].notnull() for each in NEEDED))
    first = engine.first_per_group(
        usable, by=["source_table", "source_key"], order_by=["index_date", "participant"]
    )
    people = engine.materialise(_as_people(first), step="participants by known keys")
    counts = {
        "submitted": len(rows),
        "usable": engine.count_rows(usable),
        "distinct": engine.count_rows(people),
        "matched": engine.count_rows(people),
    }
    if not counts["usable"]:
        raise SourceError(f"{path.name}: a row at least must have {USABLE_RULE}, and none has.")
    return ParticipantLinks(
        name=name or path.stem,
        people=_in_memory(people),
        attrition=_steps(counts),
        match_rates=match_rates(people.mutate(is_matched=ibis.literal(True)), fields=()),
        record=_record(path, counts, dates, columns, used),
    )


def _as_people(first: ir.Table) -> ir.Table:
    gender = normal.gender(first.gender) if "gender" in first.columns else ibis.null("string")
    return first.select(
        "participant",
        "source_table",
        "source_key",
        "index_date",
        match_probability=ibis.literal(1.0),
        match_weight=ibis.null("float64"),
        gender=gender.cast("string"),
        age_at_index=ibis.null("int64"),
        age_band=ibis.literal(NOT_RECORDED),
    )


def _in_memory(people: ir.Table) -> pd.DataFrame:
    rows = engine.execute(people.select(*PEOPLE).order_by("participant"), step="people known")
    return rows.reset_index(drop=True)


def _steps(counts: Mapping[str, int]) -> pd.DataFrame:
    names = {"submitted": "submitted", "usable": "usable", "distinct": "distinct people"}
    return attrition([(words, counts[step]) for step, words in names.items()])


def _record(
    path: Path,
    counts: Mapping[str, int],
    dates: tuple[DateColumn, ...],
    columns: Mapping[str, str],
    used: LinkSettings,
) -> dict[str, Any]:
    return {
        "route": "known keys of delivered records",
        "settings": used.as_record(),
        "participants": {
            "name": path.name,
            "sha256": sha256_of(path),
            "rows": counts["submitted"],
            "dates": [vars(each) for each in dates],
            "index_date_column": columns["index_date"],
        },
        "rules": {"usable": USABLE_RULE, "distinct": DISTINCT_RULE},
        "counts": dict(counts),
        "refusal": refusal(counts["submitted"], counts["matched"], used),
    }
