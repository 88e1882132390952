"""Prolific, and serious violence: definitions on police records and on the courts' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import OFFENCE_GROUPS
from justice_analysis.cohorts.covariates import facts
from justice_analysis.definitions import Category, Gap, Need, category, category_without_data
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PROLIFIC = ((18, 4), (21, 8), (None, 16))
"""Days with a sanction that make a person prolific, by completed years of age on the day."""
PROLIFIC_CODES = {
    "under 18": "the 4th day",
    "18 to 20": "the 8th day",
    "21 and over": "the 16th day",
}
THRESHOLDS = (
    "the numbers of days by age: the Ministry of Justice has used thresholds that rise with age, "
    "and we could not read them at their source"
)
SERIOUS_GROUPS = ("violence_against_the_person", "robbery", "possession_of_weapons")
PNC = (
    Need("moj_dfe", "pnc_offences", "disposal_date"),
    Need("moj_dfe", "pnc_offences", "disposal"),
    Need("moj_dfe", "pnc_people", "pupil_reference_anonymised"),
)


def _prolific(days: ir.Table, warehouse: Warehouse, *, lacking: str) -> ir.Table:
    """People whose number of different days reaches the threshold of their age on one of them."""
    each = engine.materialise(days.select("person_id", day="fact_date").distinct(), step="days")
    if not engine.count_rows(each):
        raise MetricError(f"prolific needs {lacking}: the warehouse has none. Load them.")
    place = ibis.row_number().over(group_by="person_id", order_by="day")
    numbered = each.mutate(number=place + 1)
    births = warehouse.person.select("person_id", "birth_month")
    aged = numbered.join(births, "person_id")
    age = engine.years_between(aged.day, aged.birth_month)
    bands = [(age < below, number) for below, number in PROLIFIC if below]
    needed = ibis.cases((age.isnull(), ibis.null("int64")), *bands, else_=PROLIFIC[-1][1])
    reached = aged.filter((aged.number >= needed).fill_null(False))
    return reached.group_by("person_id").aggregate(member_from=reached.day.min())


@category(
    Category(
        name="prolific_pnc",
        word="prolific",
        title="Prolific, on police records",
        definition=(
            "A person cautioned or sentenced on the 4th different day while under 18, on the 8th "
            "while 18 to 20, or on the 16th while 21 or over, by the Police National Computer."
        ),
        unit="people",
        codes=PROLIFIC_CODES,
        does_not_count=(
            "offences dealt with on one day more than once",
            "a person whose month of birth is not known",
            "people outside the pupils of the MoJ-DfE share",
        ),
        needs=(*PNC, Need("moj_dfe", "pnc_people", "month_of_birth")),
        source=("thresholds that rise with age: ours, after those of the Ministry of Justice",),
        assumed=THRESHOLDS,
    )
)
def prolific_pnc(warehouse: Warehouse) -> ir.Table:
    """People prolific by days of cautions and sentences."""
    records = facts.pnc_records(warehouse, warehouse.person)
    return _prolific(records, warehouse, lacking="police records (moj_dfe)")


@category(
    Category(
        name="prolific_courts",
        word="prolific",
        title="Prolific, on court records",
        definition=(
            "A person convicted on the 4th different day while under 18, on the 8th while 18 to "
            "20, or on the 16th while 21 or over, in a magistrates' court or at trial in the "
            "Crown Court."
        ),
        unit="people",
        codes=PROLIFIC_CODES,
        does_not_count=(
            "cautions, and cases of the Single Justice Procedure and of Common Platform",
            "convictions before the courts' data begin",
            "charges convicted on one day more than once",
            "a person whose month of birth is not known",
        ),
        needs=(
            Need("magistrates_defendant", "mags_offence", "verdict"),
            Need("magistrates_defendant", "mags_defendant_case", "final_result_date"),
            Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
        ),
        source=("thresholds that rise with age: ours, after those of the Ministry of Justice",),
        assumed=THRESHOLDS,
    )
)
def prolific_courts(warehouse: Warehouse) -> ir.Table:
    """People prolific by days of convictions."""
    found = facts.convictions(warehouse, warehouse.person)
    return _prolific(found, warehouse, lacking="convictions of linked people in the courts")


@category(
    Category(
        name="serious_violence_delivered",
        word="serious violence",
        title="Serious violence, as delivered",
        definition=(
            "A person cautioned or sentenced for an offence that the delivered flag of the "
            "MoJ-DfE share counts as serious violence."
        ),
        unit="people",
        codes={"is_serious_violence": "the delivered flag is set"},
        does_not_count=("people whose offences are not linked to a pupil",),
        needs=(*PNC, Need("moj_dfe", "pnc_offences", "is_serious_violence")),
        source=(
            "Education, children's social care and offending: descriptive statistics, Department "
            "for Education and Ministry of Justice",
        ),
    )
)
def serious_violence_delivered(warehouse: Warehouse) -> ir.Table:
    """People with an offence that carries the flag."""
    rows = warehouse.measure.filter(
        warehouse.measure.concept == "serious_violence", warehouse.measure.person_id.notnull()
    )
    _refuse_without_pnc(warehouse, "serious_violence_delivered")
    return rows.group_by("person_id").aggregate(member_from=rows.date.min())


@category(
    Category(
        name="serious_violence_groups",
        word="serious violence",
        title="Serious violence, by offence group",
        definition=(
            "A person cautioned or sentenced for any offence in the groups violence against the "
            "person, robbery or possession of weapons, by the Police National Computer."
        ),
        unit="people",
        codes={group: OFFENCE_GROUPS[group] for group in SERIOUS_GROUPS},
        does_not_count=(
            "how grave the offence was: common assault is in the group",
            "people whose offences are not linked to a pupil",
        ),
        needs=(*PNC, Need("moj_dfe", "pnc_offences", "offence_group")),
        source=("ours: whole offence groups of criminal justice statistics",),
        assumed="which groups are serious violence; a flag by offence is narrower",
    )
)
def serious_violence_groups(warehouse: Warehouse) -> ir.Table:
    """People sanctioned for an offence of the groups."""
    _refuse_without_pnc(warehouse, "serious_violence_groups")
    codes = warehouse.matter.select("matter_id", "code")
    rows = facts.pnc_records(warehouse, warehouse.person, keep=("matter_id",))
    serious = rows.join(codes.filter(codes.code.isin(SERIOUS_GROUPS)), "matter_id")
    return serious.group_by("person_id").aggregate(member_from=serious.fact_date.min())


def _refuse_without_pnc(warehouse: Warehouse, name: str) -> None:
    records = warehouse.case.filter(warehouse.case.case_type == "pnc_record")
    if not engine.count_rows(records.limit(1)):
        raise MetricError(f"{name} needs police records: the warehouse has none. Load moj_dfe.")


category_without_data(
    Category(
        name="organised_crime",
        word="organised crime",
        title="Organised crime",
        definition=(
            "No agreed code list: no offence code, flag or charge marks organised crime in the "
            "courts, prison, probation or police data that are shared for research."
        ),
        unit="people",
        codes={},
        does_not_count=("an offence that such groups often commit: that is not membership",),
        needs=(),
        source=("none: no agreed code list was found",),
        gap=Gap(
            "a mark of organised crime, or an agreed list of codes for it",
            "The National Crime Agency and police forces (nominals of organised crime groups)",
            "a code list agreed with the Home Office and the Ministry of Justice, then a linked "
            "flag",
        ),
    )
)
