"""The columns of a matched comparison, which evaluations write and disclosure control reads."""

from __future__ import annotations

from justice_analysis.definitions.output import ColumnRoles

TREATED, COMPARED = "treated_people", "comparison_people"
TREATED_EVENTS, COMPARED_EVENTS = "treated_events", "comparison_events"
COUNTS = (COMPARED, TREATED_EVENTS, COMPARED_EVENTS)
SIDES = ("treated", "comparison")
ESTIMATES = (*SIDES, "difference", "p_value")
E_VALUES = ("e_value", "e_value_of_limit")
LOWER, UPPER = "lower", "upper"
SHARE, MEAN = "share", "mean"


def comparison_roles(of: str, *, e_values: bool = False) -> ColumnRoles:
    """Roles of the columns of kind `comparison`.

    Parameters
    ----------
    of
        What both sides are: `share` or `mean`.
    e_values
        Whether the two E-values stand beside the estimates.
    """
    further = E_VALUES if e_values else ()
    return ColumnRoles(
        people=TREATED,
        count=COUNTS,
        estimate=(*ESTIMATES, *further),
        lower=(LOWER,),
        upper=(UPPER,),
        statistic={
            **dict.fromkeys(SIDES, of),
            "difference": "difference",
            "p_value": "p value",
            **dict.fromkeys(further, "E-value"),
        },
    )
