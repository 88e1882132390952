"""The rules by kind of output. A kind that is not named here has no rule and is refused."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.disclosure.kinds import (
    attrition,
    balance,
    box_plot,
    comparison,
    histogram,
    magnitude,
    maps,
    models,
    quotations,
    rates,
    relative_rates,
    summary,
    survival,
    tables,
    text,
)
from justice_analysis.disclosure.kinds.rules import Beside, Rules

RULES: Mapping[str, Rules] = {
    "table": tables.RULES,
    "estimates": tables.RULES,
    "text": text.RULES,
    "magnitude": magnitude.RULES,
    "summary": summary.RULES,
    "box_plot": box_plot.RULES,
    "histogram": histogram.RULES,
    "rates": rates.RULES,
    "relative_rates": relative_rates.RULES,
    "comparison": comparison.RULES,
    "balance": balance.RULES,
    "map": maps.RULES,
    "model": models.RULES,
    "survival": survival.RULES,
    "attrition": attrition.RULES,
    "quotations": quotations.RULES,
}

__all__ = ["RULES", "Beside", "Rules"]
