"""Deprivation-of-liberty applications: a definition that no known dataset can back."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Gap, definition_only


@dataclass(frozen=True)
class DeprivationOfLibertyOptions:
    """No options: nothing is computed."""


CARD = Card(
    name="deprivation_of_liberty",
    title="Applications to deprive a child of liberty",
    question="How many children are subject to applications under the inherent jurisdiction?",
    definition=(
        "Applications to the High Court to authorise depriving a child of liberty, by age band "
        "(0 to 12, 13 to 15, 16 to 18, not known), by state (ongoing, no order, refused, "
        "withdrawn, order made, final order made), by kind (the first of a case number is the "
        "initial application, later ones are extended) and by the span of the order in months "
        "(0 to 3, 3 to 6, 6 to 9, 9 to 12, more than 12; as coded, exactly 12 months is in no "
        "band: not applicable)."
    ),
    counting_unit="applications, and children once each",
    population="Children with such an application, from form C66",
    clock="Receipt of the application; the order's span from its first to its last day",
    does_not_count=(
        "secure accommodation orders under the Children Act 1989",
        "deprivation of liberty under the Mental Capacity Act 2005: a different series",
        "an order's renewal as a new child",
    ),
    censoring="Applications that are still ongoing have no order and no span",
    known_breaks=("The national court for these cases began on 4 July 2022",),
    needs=(),
    source=(
        "Ministry of Justice, published code for its table of deprivation-of-liberty "
        "applications: bands, states, kinds and spans",
        "Nuffield Family Justice Observatory: the national court and its first months",
    ),
    options_type=DeprivationOfLibertyOptions,
    subject="family courts",
    gap=Gap(
        missing="applications on form C66, their outcomes and the spans of their orders",
        owner="The Ministry of Justice (its family court data team)",
        route=(
            "ask for form C66 applications to be added to the family court dataset; that dataset "
            "has no code for them"
        ),
    ),
)

definition_only(CARD)
