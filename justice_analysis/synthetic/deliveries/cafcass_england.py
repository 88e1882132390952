"""Cafcass England as delivered: the older system (CMS) and the newer (ECMS)."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.deliveries.cafcass_system import open_system
from justice_analysis.synthetic.deliveries.cms import cms_tables
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.deliveries.ecms import ecms_tables
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.world import World


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver Cafcass England: thirteen tables, cases split by the date they were received."""
    older = world.received < np.datetime64(world.parameters.newer_system_from)
    cms = open_system(world, log, "cms_tblperson", older)
    ecms = open_system(world, log, "ecms_people", ~older)
    records = [
        ("cms_tblperson", cms.row_key, cms.row_person),
        ("ecms_people", ecms.row_key, ecms.row_person),
    ]
    case_key = np.where(older, cms.case_key, ecms.case_key)
    return Delivered({**cms_tables(cms), **ecms_tables(ecms)}, records, case_key)
