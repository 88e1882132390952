"""What the two criminal court datasets share: defendants in cases, and their charges.

A delivered case is a case, a defendant in it a party, an offence of a defendant a matter. The
offences come from the offence table; for a defendant without a row there, the principal offence
of the case summary stands for all. The two are never added together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import (
    BREACH,
    DISPOSALS,
    ETHNICITY_GROUP_OF,
    OFFENCE_GROUPS,
    OFFICER_ETHNICITIES,
    OFFICER_ETHNICITY_GROUP_OF,
    PLEAS,
    REMAND_STATUSES,
    SELF_DEFINED_ETHNICITIES,
    VERDICTS,
)
from justice_analysis.sources.cleaning_rules import Rule
from justice_analysis.sources.mappings.criminal_cleaning import (
    age_rules,
    birth_rules,
    exchanged,
    known_code,
    order_rules,
    placeholder_rules,
    possible_age,
    possible_birth,
    read_code,
    real_date,
    variant_rules,
)

NOT_STATED = "NS"
SEXES: Mapping[str, str] = {"F": "female", "M": "male"}


def _same(names: Mapping[str, str]) -> dict[str, str]:
    """Codes that the common model writes as they are delivered."""
    return {name: name for name in names}


OFFENCE_CODES: Mapping[str, Mapping[str, str]] = {
    "offence_group": _same(OFFENCE_GROUPS),
    "plea": _same(PLEAS),
    "verdict": _same(VERDICTS),
    "disposal": _same(DISPOSALS),
}


@dataclass(frozen=True)
class Layout:
    """How one system's delivered tables say what both have.

    Attributes
    ----------
    system
        Prefix of ids.
    summary, offences
        Names of the delivered tables.
    columns
        Our name of each column of the case summary that the two deliver under another name, or
        that only one of them has: `charged`, `received`, `main_hearing`, `completed`,
        `officer`. One that is left out is missing in every row.
    area
        Column of `courts` that names the area of a court, and our kind of place; None if the
        courts' areas are not delivered.
    """

    system: str
    summary: str
    offences: str
    columns: Mapping[str, str]
    area: str | None = None

    def dates(self) -> tuple[str, ...]:
        """The delivered columns of the case summary that hold dates."""
        ours = ("charged", "received", "main_hearing", "completed")
        named = [self.columns[name] for name in ours if name in self.columns]
        return ("offence_date", "first_hearing_date", *named)

    def codes(self) -> dict[str, Mapping[str, str]]:
        """The delivered columns of the case summary that hold codes of both systems."""
        return {
            **OFFENCE_CODES,
            "gender": SEXES,
            "remand_status": _same(REMAND_STATUSES),
            "ethnicity_self_defined": {**SELF_DEFINED_ETHNICITIES, NOT_STATED: "Not stated"},
            self.columns["officer"]: OFFICER_ETHNICITIES,
        }


def clean_defendants(rows: ir.Table, layout: Layout) -> tuple[ir.Table, list[Rule]]:
    """Clean the case summaries and give them in the words of both systems.

    Parameters
    ----------
    rows
        One row per defendant in a case, as delivered.
    layout
        Which columns say what.

    Returns
    -------
    tuple
        One row per defendant in a case: `row`, `case`, `offender`, `court`, the dates `alleged`,
        `charged`, `received`, `first_hearing`, `main_hearing`, `completed`, `began` (charge, else
        receipt), `arrived` (receipt, else charge, else first hearing) and `seen` (first hearing,
        else `began`, else offence), `sex`, `birth_month`, `age`, the two
        ethnicities as codes and as `ethnicity_group`, `offence_group`, `offence_code`, `plea`,
        `verdict`, `disposal`, `sentence_days`, `remand`, and every delivered column too, for
        what is the system's own; and the rules applied.
    """
    dated = _dated(rows, layout)
    ordered = exchanged(dated)
    seen = ibis.coalesce(ordered.first_hearing, ordered.began, ordered.alleged)
    born = ordered.mutate(seen=seen, birth=real_date(ordered.birth_month))
    rules = [
        *placeholder_rules(layout.summary, rows, (*layout.dates(), "birth_month")),
        *variant_rules(layout.summary, rows, layout.codes()),
        *age_rules(layout.summary, rows),
        *order_rules(layout.summary, dated),
        *birth_rules(layout.summary, born),
        Rule(layout.summary, "offence after charge made missing", dated, _is_late(dated)),
    ]
    return _described(born, layout), rules


def _dated(rows: ir.Table, layout: Layout) -> ir.Table:
    """Name the dates alike, without placeholders."""

    def day(ours: str) -> ir.DateValue:
        delivered = layout.columns.get(ours)
        return real_date(rows[delivered]) if delivered else ibis.null("date")

    charged, received = day("charged"), day("received")
    return rows.mutate(
        alleged=real_date(rows.offence_date),
        charged=charged,
        received=received,
        began=ibis.coalesce(charged, received),
        first_hearing=real_date(rows.first_hearing_date),
        main_hearing=day("main_hearing"),
        completed=day("completed"),
    )


def _is_late(rows: ir.Table) -> ir.BooleanValue:
    """Whether the offence is dated after the case began, which it cannot have been."""
    return (rows.alleged > rows.began).fill_null(False)


def _described(rows: ir.Table, layout: Layout) -> ir.Table:
    """Name keys, people, offences and results alike."""
    said, seen_as = rows.ethnicity_self_defined, rows[layout.columns["officer"]]
    return rows.mutate(
        row=rows.row_id_hash,
        case=rows.case_id_hash,
        offender=rows.estimated_offender_id,
        court=rows.court_code,
        arrived=ibis.coalesce(rows.received, rows.charged, rows.first_hearing),
        alleged=_is_late(rows).ifelse(ibis.null("date"), rows.alleged),
        sex=read_code(rows.gender, SEXES),
        birth_month=possible_birth(rows.birth, rows.seen),
        age=possible_age(rows.age),
        self_defined=known_code(said, _same(SELF_DEFINED_ETHNICITIES)),
        officer_identified=known_code(seen_as, _same(OFFICER_ETHNICITIES)),
        ethnicity_group=ibis.coalesce(
            known_code(said, ETHNICITY_GROUP_OF), known_code(seen_as, OFFICER_ETHNICITY_GROUP_OF)
        ),
        sentence_days=rows.sentence_length_days,
        remand=read_code(rows.remand_status, _same(REMAND_STATUSES)),
        **{name: read_code(rows[name], names) for name, names in OFFENCE_CODES.items()},
    )


# Charges --------------------------------------------------------------------------------

_OF_DEFENDANT = ("row", "case", "court", "arrived", "completed", "is_breach", "remand")
_RESULTS = ("plea", "verdict", "disposal", "sentence_days")


def clean_offences(rows: ir.Table, layout: Layout) -> tuple[ir.Table, list[Rule]]:
    """Clean the offence table: `row`, `offence`, `alleged`, codes and results; and the rules."""
    cleaned = rows.select(
        row=rows.row_id_hash,
        offence=rows.offence_id_hash,
        flagged=rows.is_principal,
        alleged=real_date(rows.offence_date),
        offence_code=rows.offence_code,
        sentence_days=rows.sentence_length_days,
        **{name: read_code(rows[name], names) for name, names in OFFENCE_CODES.items()},
    )
    rules = [
        *placeholder_rules(layout.offences, rows, ("offence_date",)),
        *variant_rules(layout.offences, rows, OFFENCE_CODES),
    ]
    return cleaned, rules


def charges_of(defendants: ir.Table, offences: ir.Table) -> ir.Table:
    """What each defendant is charged with, from the offences, else from the summary.

    Parameters
    ----------
    defendants
        From `clean_defendants`, with `is_breach`.
    offences
        From `clean_offences`; without rows where the table was not delivered.

    Returns
    -------
    Table
        One row per matter: `row`, `offence` (missing where the summary stands for all),
        `is_principal` (exactly one of a defendant's), what it is, its results, and for each
        result `<result>_from_case`: whether only the case summary says it.
    """
    told = _with_summary(offences, defendants)
    left = defendants.anti_join(offences, "row")
    alone = left.select(
        *_OF_DEFENDANT,
        *_RESULTS,
        "alleged",
        offence=ibis.null("string"),
        is_principal=ibis.literal(True),
        code=matter_code(left),
        **{f"{name}_from_case": ibis.literal(True) for name in _RESULTS},
    )
    return engine.union(told, alone)


def matter_code(rows: ir.Table) -> ir.StringValue:
    """What a matter is about: a breach, else the offence group, else the offence code."""
    offence = ibis.coalesce(rows.offence_group, rows.offence_code)
    return rows.is_breach.ifelse(ibis.literal(BREACH), offence)


def _with_summary(offences: ir.Table, defendants: ir.Table) -> ir.Table:
    """Offences with their case; what only the summary says goes to the principal offence."""
    names = {f"summary_{name}": name for name in (*_RESULTS, "alleged")}
    known = defendants.select(*_OF_DEFENDANT, **{new: old for new, old in names.items()})
    rows = offences.inner_join(known, "row")
    rows = rows.mutate(is_principal=_is_principal(rows))
    said = {name: rows[name].notnull() | ~rows.is_principal for name in _RESULTS}
    results = {name: said[name].ifelse(rows[name], rows[f"summary_{name}"]) for name in _RESULTS}
    return rows.select(
        *_OF_DEFENDANT,
        **results,
        alleged=ibis.coalesce(rows.alleged, rows.is_principal.ifelse(rows.summary_alleged, None)),
        offence=rows.offence,
        is_principal=rows.is_principal,
        code=matter_code(rows),
        **{f"{name}_from_case": ~said[name] for name in _RESULTS},
    )


def _is_principal(rows: ir.Table) -> ir.BooleanValue:
    """The offence flagged as principal; else the one most severely dealt with.

    The published unit of the summary is the offence with the most severe disposal. Ties go to
    the longer custody, then to the smaller key.
    """
    severity = ibis.cases(
        *[(rows.disposal == name, place) for place, name in enumerate(DISPOSALS)],
        else_=len(DISPOSALS),
    )
    order = [
        rows.flagged.fill_null(False).ifelse(0, 1),
        severity,
        rows.sentence_days.fill_null(0).desc(),
        rows.offence,
    ]
    return ibis.row_number().over(group_by=rows.row, order_by=order) == 0
