"""Which module delivers which dataset, in the order of delivery."""

from __future__ import annotations

from collections.abc import Callable

from justice_analysis.synthetic.deliveries import (
    cafcass_cymru,
    cafcass_england,
    civil_county_court,
    criminal_prison_probation_linking,
    cross_justice_linking,
    crown_court_defendant,
    family_court,
    family_court_cafcass_linked,
    magistrates_defendant,
    moj_dfe,
    offender_assessments_oasys,
    prisoner_custodial_journey,
    probation,
)
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.world import World

# What is delivered from the world alone.
SOURCES: dict[str, Callable[[World, MessLog], Delivered]] = {
    "cafcass_england": cafcass_england.deliver,
    "family_court": family_court.deliver,
    "magistrates_defendant": magistrates_defendant.deliver,
    "crown_court_defendant": crown_court_defendant.deliver,
    "prisoner_custodial_journey": prisoner_custodial_journey.deliver,
    "probation": probation.deliver,
    "offender_assessments_oasys": offender_assessments_oasys.deliver,
    "civil_county_court": civil_county_court.deliver,
    "cafcass_cymru": cafcass_cymru.deliver,
    "moj_dfe": moj_dfe.deliver,
}
# Links between records of those, which need what was delivered.
LINKS: dict[str, Callable[[World, MessLog, dict[str, Delivered]], Delivered]] = {
    "family_court_cafcass_linked": family_court_cafcass_linked.deliver,
    "cross_justice_linking": cross_justice_linking.deliver,
    "criminal_prison_probation_linking": criminal_prison_probation_linking.deliver,
}
DATASETS = (*SOURCES, *LINKS)


def deliver_all(world: World, log: MessLog) -> dict[str, Delivered]:
    """Deliver every dataset, the links between them last."""
    sources = {dataset: deliver(world, log) for dataset, deliver in SOURCES.items()}
    links = {dataset: deliver(world, log, sources) for dataset, deliver in LINKS.items()}
    return {**sources, **links}
