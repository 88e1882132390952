"""Legal outputs: interim orders, then a final order for each child in each case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.entries import join_entries, take_entries
from justice_analysis.synthetic.family.courts import (
    CARE_SIBLING,
    DISCHARGE,
    PLACEMENT,
    PRIVATE_LAW,
    SUBJECT,
    Courts,
)
from justice_analysis.synthetic.family.sets import Sets
from justice_analysis.synthetic.parameters import ORDER_GROUPS, WorldParameters
from justice_analysis.synthetic.people import Bools, Days, Ints, Streams, days

INTERIM_CARE, INTERIM_SUPERVISION, DIRECTION = 20, 21, 30
CARE_ORDER, RESIDENCE, ARRANGEMENTS, PLACEMENT_ORDER = 9, 5, 7, 11
_CARE_GROUP = ORDER_GROUPS.index("out_of_home")
_ARRANGEMENTS_FROM = np.datetime64("2014-04-22")  # replaced residence orders in law

# Codes and shares (assumed) of the final order within each order group.
_CODES: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "home": ((4, 2, 1, 3, 31), (0.62, 0.15, 0.12, 0.04, 0.07)),
    "extended_family": ((6, RESIDENCE), (0.65, 0.35)),
    "out_of_home": ((CARE_ORDER, 8, 10), (0.97, 0.02, 0.01)),
    "adoption": ((CARE_ORDER,), (1.0,)),
}


@dataclass(frozen=True)
class Outputs:
    """One entry per legal output for a child on an application."""

    application: Ints
    case: Ints
    child: Ints
    code: Ints
    ordered: Days
    is_final: Bools

    def __len__(self) -> int:
        return len(self.case)


def legal_outputs(
    parameters: WorldParameters, sets: Sets, courts: Courts, streams: Streams
) -> Outputs:
    """Interim and final orders of every child who is a subject, up to the extract."""
    stream = streams.stream("orders")
    subject = courts.members.role == SUBJECT
    application = courts.members.application[subject]
    child = courts.members.person[subject]
    case = courts.applications.case[application]
    kind = courts.cases.kind[case]
    code = _final_codes(parameters, sets, courts, application, child, kind, stream)
    final = courts.applications.final[application]
    final_part = Outputs(application, case, child, code, final, np.ones(len(case), dtype=bool))
    main = (courts.applications.code[application] < PLACEMENT) & (kind <= CARE_SIBLING)
    interim_part = _interim(parameters, courts, final_part, main, stream)
    everything = join_entries(interim_part, final_part)
    seen = everything.ordered <= np.datetime64(parameters.extract_date)
    order = np.lexsort((everything.child, everything.ordered, everything.case))
    return take_entries(everything, order[seen[order]])


def _final_codes(
    parameters: WorldParameters,
    sets: Sets,
    courts: Courts,
    application: Ints,
    child: Ints,
    kind: Ints,
    stream: np.random.Generator,
) -> Ints:
    """Code of the final order of each child on each application."""
    at_set = _set_of_application(courts, len(courts.applications))[application]
    group = np.where(at_set >= 0, sets.order_group[at_set], _CARE_GROUP)
    set_draw = stream.random(len(sets))
    draw = np.where(at_set >= 0, set_draw[at_set], stream.random(len(at_set)))
    code = np.zeros(len(application), dtype=np.int64)
    for position, name in enumerate(ORDER_GROUPS):
        codes, shares = _CODES[name]
        picked = np.searchsorted(np.cumsum(shares), draw).clip(max=len(codes) - 1)
        code = np.where(group == position, np.array(codes)[picked], code)
    code[kind == DISCHARGE] = np.where(draw[kind == DISCHARGE] < 0.5, 1, 4)
    code[kind == PRIVATE_LAW] = RESIDENCE
    code[courts.applications.code[application] == PLACEMENT] = PLACEMENT_ORDER
    late = courts.applications.final[application] >= _ARRANGEMENTS_FROM
    return np.where((code == RESIDENCE) & late, ARRANGEMENTS, code)


def _set_of_application(courts: Courts, n: int) -> Ints:
    """Position of the true set of each application (-1 for the background)."""
    at = np.full(n, -1)
    at[courts.subjects.application] = courts.subjects.set_position
    placed = courts.subjects.placement >= 0
    at[courts.subjects.placement[placed]] = courts.subjects.set_position[placed]
    return at


def _interim(
    parameters: WorldParameters,
    courts: Courts,
    final: Outputs,
    main: Bools,
    stream: np.random.Generator,
) -> Outputs:
    """An interim order or a direction in the first weeks of a care case, for each child."""
    n = len(courts.applications)
    lag = stream.integers(3, 21, n)
    has_order = stream.random(n) < parameters.interim_orders
    code = np.where(stream.random(n) < 0.8, INTERIM_CARE, INTERIM_SUPERVISION)
    code = np.where(has_order, code, DIRECTION)
    ordered = courts.applications.issue + days(lag)
    before = main & (ordered < courts.applications.final)[final.application]
    at = np.flatnonzero(before)
    application = final.application[at]
    return Outputs(
        application,
        final.case[at],
        final.child[at],
        code[application],
        ordered[application],
        np.zeros(len(at), dtype=bool),
    )
