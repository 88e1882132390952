"""The part that each person of an application has in its matters, alike in both Cafcass systems."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

PARTS = ("subject", "applicant", "respondent")


def parts_in_matters(roles: ir.Table, matters: ir.Table, *, application: Sequence[str]) -> ir.Table:
    """People of an application beside each of its matters; a child only in its own.

    Parameters
    ----------
    roles
        One row per person on an application: `person`, `role`, `is_subject`.
    matters
        One row per application and child recorded as its subject: `matter_id`, `child`.
    application
        The columns of both that name the application.

    Returns
    -------
    Table
        One row per matter and person with a part in it: the columns of `roles`, `matter_id`,
        `child` and `part`. A child is the subject of its matter whatever its role.
    """
    found = matters.select(*application, "matter_id", "child")
    rows = roles.inner_join(found, list(application))
    part = (rows.child == rows.person).ifelse("subject", rows.role)
    rows = rows.mutate(part=part).filter((rows.child == rows.person) | ~rows.is_subject)
    return rows.filter(rows.part.isin(PARTS))
