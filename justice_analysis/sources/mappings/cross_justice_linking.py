"""The cross-justice linking dataset in the common model: people, and cases sent up.

A row of `xjs_link` says that the record `row_id_hash` of `source_dataset` belongs to the person
`estimated_xjs_id`; no level is delivered with it. A row of `mags_crown_journey` ties a
magistrates' court case to a Crown Court case: an appeal where the Crown Court's case is one,
else a committal (sent for trial, or committed for sentence).
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    as_text,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.person_links import (
    NO_PERSON,
    NOT_LOADED,
    SYSTEMS,
    UNKNOWN_DATASET,
    person_links,
)

__all__ = ["NOT_LOADED", "NO_CASE", "NO_PERSON", "UNKNOWN_DATASET", "to_common"]

LINKS, JOURNEYS = "xjs_link", "mags_crown_journey"
NO_CASE = "one of its cases is in no dataset that was loaded"
APPEALS = ("crown_appeal",)
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    (JOURNEYS, ""): "Crown Court cases tied to the magistrates' cases that they came from",
    (JOURNEYS, "estimated_match_score"): "how sure each tie of two cases is",
}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the link tables to identifiers of loaded records and ties of loaded cases."""
    links, of_links = person_links(
        tables[LINKS], "estimated_xjs_id", table=LINKS, id_system="xjs", context=context
    )
    ties, of_journeys = _journeys(tables[JOURNEYS], context)
    common = {"record_id_link": links, "case_link": ties}
    return CommonTables(context.dataset, common, [of_links, of_journeys])


def _journeys(rows: ir.Table, context: MappingContext) -> tuple[ir.Table, Account]:
    """One tie per pair of cases, with the best score of its rows; and the account of the rows."""
    judged = engine.materialise(_judged(rows, context.cases), step="cases sent up")
    kept = judged.filter(judged.reason.isnull())
    pairs = kept.group_by("case_id", "related_case_id", "relation").aggregate(
        score=kept.estimated_match_score.max(),
        mc=kept.mc_case_id_hash.min(),
        cc=kept.cc_case_id_hash.min(),
    )
    ties = pairs.select(
        "case_id",
        "related_case_id",
        "relation",
        score=pairs.score.cast("float64"),
        **provenance(context, JOURNEYS, as_text(pairs.mc) + ":" + as_text(pairs.cc)),
    )
    return ties, Account(JOURNEYS, judged, ("case_link",), rule="one tie for each pair of cases")


def _judged(rows: ir.Table, cases: ir.Table | None) -> ir.Table:
    """Give each row its two cases and their relation, and a reason where one is not loaded."""
    named = rows.mutate(
        case_id=key(SYSTEMS["mags_hocas"], rows.mc_case_id_hash),
        related_case_id=key(SYSTEMS["crown_xhibit"], rows.cc_case_id_hash),
    )
    if cases is None:
        return named.mutate(relation=ibis.null("string"), reason=ibis.literal(NO_CASE))
    lower = cases.select(lower="case_id")
    upper = cases.select(upper="case_id", upper_type="case_type")
    joined = named.left_join(lower, named.case_id == lower.lower)
    joined = joined.left_join(upper, joined.related_case_id == upper.upper)
    return joined.mutate(
        relation=joined.upper_type.isin(APPEALS).ifelse("appeal", "committal"),
        reason=first_reason((joined.lower.isnull() | joined.upper.isnull(), NO_CASE)),
    ).drop("lower", "upper", "upper_type")
