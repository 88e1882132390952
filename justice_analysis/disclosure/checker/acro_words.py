"""How our kinds of output and checks are called in ACRO's output folder (version 1.0.2).

Kinds of statistic ("statbarns"), the risks of each and the checks and mitigations of each risk
are those of the ontology that ACRO 1.0.2 carries, https://w3id.org/statbarnsdc#.
"""

from __future__ import annotations

from collections.abc import Iterable

CONTEXT = "https://w3id.org/statbarnsdc#"
IMITATED_VERSION = "1.0.2"
"""ACRO's own reader opens a folder of exactly its version."""

TYPES = {
    "table": "table",
    "magnitude": "table",
    "estimates": "table",
    "rates": "table",
    "relative_rates": "table",
    "comparison": "table",
    "balance": "table",
    "summary": "table",
    "histogram": "histogram",
    "box_plot": "custom",
    "map": "table",
    "survival": "survival plot",
    "model": "regression",
    "attrition": "table",
    "quotations": "custom",
    "text": "custom",
}
METHODS = {
    "table": "crosstab",
    "magnitude": "pivot_table",
    "estimates": "crosstab",
    "rates": "crosstab",
    "relative_rates": "crosstab",
    "comparison": "pivot_table",
    "balance": "pivot_table",
    "summary": "pivot_table",
    "histogram": "histogram",
    "box_plot": "box plot",
    "map": "crosstab",
    "survival": "surv_func",
    "model": "model",
    "attrition": "crosstab",
    "quotations": "custom",
    "text": "custom",
}
STATBARNS = {
    "table": "Frequencies",
    "magnitude": "LinearAggregations",
    "estimates": "Frequencies",
    "rates": "CalculatedRatios",
    "relative_rates": "CalculatedRatios",
    "comparison": "CalculatedRatios",
    "balance": "LinearAggregations",
    "summary": "LinearAggregations",
    "histogram": "Frequencies",
    "box_plot": "Position",
    "map": "Frequencies",
    "survival": "HazardSurvivalTables",
    "model": "CorrelationCoefficients",
    "attrition": "Frequencies",
}
RISKS = {
    "CalculatedRatios": ("AuxiliaryInformation", "Dominance"),
    "CorrelationCoefficients": ("LowDOF",),
    "Frequencies": ("ClassDisclosure", "Differencing", "LowCount"),
    "HazardSurvivalTables": ("ImplicitTables", "LowDOF"),
    "LinearAggregations": ("Dominance", "Differencing", "LowCount"),
    "Position": ("ClassDisclosure", "LowCount"),
}
CHECKS = {
    "AuxiliaryInformation": ("StatbarnDataCheck",),
    "ClassDisclosure": ("RequiredZeroCheck", "PresenceOfZeroCheck"),
    "Differencing": ("PresenceOfLinkedTableCheck",),
    "Dominance": ("NKCheck", "PPercentCheck"),
    "ImplicitTables": ("StatbarnDataCheck",),
    "LowCount": ("MinimumThresholdCheck",),
    "LowDOF": ("MinimumDoFCheck",),
}
MITIGATIONS = {
    "AuxiliaryInformation": (),
    "ClassDisclosure": ("Noise", "Suppression"),
    "Differencing": ("Noise", "Suppression"),
    "Dominance": ("Noise", "OutlierRemoval", "Rounding", "Suppression"),
    "ImplicitTables": (),
    "LowCount": ("Noise", "Rounding", "Suppression"),
    "LowDOF": ("Aggregation", "Noise", "OutlierRemoval", "Suppression"),
}
THRESHOLD = "MinimumThresholdCheck"
ZERO = "PresenceOfZeroCheck"
FOR_ANOTHER = "SecondarySuppression"
"""A check of ours: the cell is hidden to protect another one. ACRO has none for it."""


def checks_of(kind: str) -> tuple[str, ...]:
    """Checks that ACRO asks of a kind of output, in the order of its risks."""
    risks = RISKS.get(STATBARNS.get(kind, ""), ())
    return tuple(dict.fromkeys(check for risk in risks for check in CHECKS[risk]))


def mitigations_of(kind: str) -> tuple[str, ...]:
    """Mitigations that every one of the risks with any has in common."""
    risks: Iterable[str] = RISKS.get(STATBARNS.get(kind, ""), ())
    lists = [set(MITIGATIONS[risk]) for risk in risks if MITIGATIONS[risk]]
    return tuple(sorted(set.intersection(*lists))) if lists else ()
