"""Which module delivers which dataset; one that is not there yet is left out."""

from __future__ import annotations

import inspect
from importlib import import_module
from importlib.util import find_spec

from justice_analysis import contracts
from justice_analysis.synthetic.delivery import Delivered, World
from justice_analysis.synthetic.mess import MessLog

_PACKAGE = "justice_analysis.synthetic"

# Dataset to module; the last ones are made from what the others delivered.
DELIVERIES: dict[str, str] = {
    "cafcass_england": "delivery_cafcass",
    "family_court": "delivery_family_court",
    "magistrates_defendant": "delivery_magistrates_defendant",
    "crown_court_defendant": "delivery_crown_court_defendant",
    "prisoner_custodial_journey": "delivery_prisoner_custodial_journey",
    "probation": "delivery_probation",
    "offender_assessments_oasys": "delivery_offender_assessments_oasys",
    "civil_county_court": "delivery_civil_county_court",
    "cafcass_cymru": "delivery_cafcass_cymru",
    "moj_dfe": "delivery_moj_dfe",
    "family_court_cafcass_linked": "delivery_family_court_cafcass_linked",
    "cross_justice_linking": "delivery_cross_justice_linking",
    "criminal_prison_probation_linking": "delivery_criminal_prison_probation_linking",
}

# Code of each dataset in the cross-justice link; the others are not in it.
LINK_CODES: dict[str, str] = {
    "magistrates_defendant": "mags_hocas",
    "crown_court_defendant": "crown_xhibit",
    "prisoner_custodial_journey": "prison_nomis",
    "probation": "probation_delius",
    "offender_assessments_oasys": "prison_oasys",
    "family_court": "familyman",
    "civil_county_court": "civil_caseman_pcol",
}


def available() -> tuple[str, ...]:
    """The datasets that have a contract and a module, in the order of delivery."""
    known = contracts.names()
    return tuple(
        dataset
        for dataset, module in DELIVERIES.items()
        if dataset in known and find_spec(f"{_PACKAGE}.{module}")
    )


def deliver_all(world: World, log: MessLog) -> dict[str, Delivered]:
    """Deliver every dataset that has a module.

    A module's `deliver(world, log)` gives what it delivers; one that takes a third argument gets
    what was delivered before it, by dataset.
    """
    delivered: dict[str, Delivered] = {}
    for dataset in available():
        deliver = import_module(f"{_PACKAGE}.{DELIVERIES[dataset]}").deliver
        needs_others = len(inspect.signature(deliver).parameters) > 2
        result = deliver(world, log, dict(delivered)) if needs_others else deliver(world, log)
        delivered[dataset] = result[0] if isinstance(result, tuple) else result
    return delivered
