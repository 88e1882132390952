"""Ties of cases that linkage finds, when a warehouse is made and at another link level."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.linkage.proceedings import ProceedingsRule, found_links, with_proceedings

# Derived rows come from no single dataset.
LINKAGE = "linkage"


def ties_found(
    cases: ir.Table, parties: ir.Table, rule: ProceedingsRule, loaded: Collection[str]
) -> ir.Table | None:
    """Pairs of cases of two loaded sources that are the same proceedings.

    Parameters
    ----------
    cases, parties
        The common tables.
    rule
        How pairs are found.
    loaded
        The datasets that are there.

    Returns
    -------
    Table or None
        One row per pair, as in `case_link`; None if no two such sources are loaded.
    """
    pairs = tuple(pair for pair in rule.sources if set(pair) <= set(loaded))
    if not pairs:
        return None
    found = found_links(cases, parties, replace(rule, sources=pairs))
    return found.select(
        "case_id",
        "related_case_id",
        "relation",
        "score",
        source=ibis.literal(LINKAGE),
        source_table=ibis.literal("case"),
        source_key=found.case_id.cast("string"),
    )


def tie_again(
    cases: ir.Table,
    links: ir.Table,
    parties: ir.Table,
    rule: ProceedingsRule,
    loaded: Collection[str],
) -> dict[str, ir.Table]:
    """Find ties and sets of proceedings again, from parties at another link level.

    Returns
    -------
    dict
        `case_link` with its delivered rows and those found now, and `case` with its sets.
    """
    delivered = links.filter(links.source != LINKAGE)
    found = ties_found(cases, parties, rule, loaded)
    ties = delivered if found is None else engine.union(delivered, found)
    ties = engine.materialise(ties, step="ties of cases at a link level")
    tied = with_proceedings(cases.drop("proceeding_id"), ties, rule)
    return {
        "case_link": ties,
        "case": engine.materialise(tied.select(*cases.columns), step="cases at a link level"),
    }
