"""What an extract of a criminal court dataset does not give without an assumed column or table."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.sources.mappings.criminal_courts import Layout

# Columns of the case summary that both systems have under one name.
_OF_DEFENDANTS: Mapping[str, str] = {
    "estimated_offender_id": "the same defendant in several cases, where no dataset links them",
    "first_hearing_date": "time to and from the first hearing",
    "court_code": "cases by court and area",
    "gender": "defendants by sex",
    "birth_month": "age on any other day than the recorded one",
    "age": "age of defendants whose month of birth is missing",
    "ethnicity_self_defined": "defendants by self-defined ethnicity",
    "offence_group": "cases by offence group",
    "offence_code": "offences whose group is missing",
    "plea": "pleas of defendants without a row of offences",
    "verdict": "verdicts of defendants without a row of offences",
    "disposal": "sentences of defendants without a row of offences",
    "sentence_length_days": "lengths of custody of defendants without a row of offences",
    "remand_status": "remand in court cases",
}
_OF_OFFENCES: Mapping[str, str] = {
    "": "charges beside the principal offence",
    "is_principal": "the recorded principal offence; the most severely dealt with is taken",
    "offence_date": "days of the offences beside the principal one",
    "offence_group": "charges by offence group",
    "offence_code": "charges whose offence group is missing",
    "plea": "pleas by charge",
    "verdict": "verdicts by charge",
    "disposal": "sentences by charge",
    "sentence_length_days": "lengths of custody by charge",
}
_OF_COURTS: Mapping[str, str] = {
    "": "names and areas of courts, and the day on which each moved to Common Platform",
    "court_name": "names of courts",
    "region": "regions of courts",
    "common_platform_from": "the day on which each court moved to Common Platform",
}


def losses(layout: Layout, own: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What is lost by table and column ("" for the whole table).

    Parameters
    ----------
    layout
        Names of the delivered tables and of the column for the officer's view of ethnicity.
    own
        The same for columns of the case summary that only this system has.
    """
    of_summary = {
        **_OF_DEFENDANTS,
        layout.columns["officer"]: "defendants by the ethnicity that officers saw",
        **own,
    }
    of_courts = dict(_OF_COURTS)
    if layout.area:
        of_courts[layout.area] = "areas of courts"
    tables = {layout.summary: of_summary, layout.offences: _OF_OFFENCES, "courts": of_courts}
    return {(table, column): lost for table, of in tables.items() for column, lost in of.items()}
