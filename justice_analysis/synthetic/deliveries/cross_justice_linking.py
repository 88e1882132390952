"""The cross-justice link: which records of all its datasets are of one person.

A missed record is a cluster of its own; a false one stands in another person's cluster. Both
are likelier for people who moved, the young, two regions, and some ethnic groups.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog, link_risk, spoil_links
from justice_analysis.synthetic.people import DEFENDANT, FATHER, MOTHER, Ints, region_of
from justice_analysis.synthetic.tables import Table, Text
from justice_analysis.synthetic.world import World

DATASET = "cross_justice_linking"
# Code of each dataset in the link; the others are not in it.
LINK_CODES = {
    "magistrates_defendant": "mags_hocas",
    "crown_court_defendant": "crown_xhibit",
    "prisoner_custodial_journey": "prison_nomis",
    "probation": "probation_delius",
    "offender_assessments_oasys": "prison_oasys",
    "family_court": "familyman",
    "civil_county_court": "civil_caseman_pcol",
}
_WHITE = 1
_ALONE = 1_000_000_000  # ids of clusters of one record, above those of people


def deliver(world: World, log: MessLog, delivered: dict[str, Delivered]) -> Delivered:
    """Deliver `xjs_link` and `mags_crown_journey`, over the datasets that were delivered."""
    desk = Desk(DATASET, world.rates, world.streams.stream(DATASET), log)
    tables: dict[str, Table] = {
        "xjs_link": linked_records(
            world,
            desk,
            delivered,
            LINK_CODES,
            world.identifiers.xjs,
            table="xjs_link",
            column="estimated_xjs_id",
        ),
        "mags_crown_journey": _cases(world, desk, delivered),
    }
    return Delivered(tables, [], np.zeros(0, dtype=object))


def person_risk(world: World, person: Ints) -> np.ndarray:
    """Ratio by which errors in the link of a person's records exceed the base rate."""
    kind = world.people.kind[person - 1]
    young = world.people.birth[person - 1] >= np.datetime64("1998-01-01")
    young &= np.isin(kind, (MOTHER, FATHER, DEFENDANT))
    risk = link_risk(world.rates, young, region_of(world.homes[person]), world.moved[person])
    other = world.people.ethnicity[person - 1] != _WHITE
    return risk * np.where(other, world.rates.link_error_ethnicity, 1.0)


def linked_records(
    world: World,
    desk: Desk,
    delivered: dict[str, Delivered],
    codes: dict[str, str],
    own: Ints,
    *,
    table: str,
    column: str,
) -> Table:
    """One row per record of the delivered ones of these datasets, with the cluster it was put in.

    Parameters
    ----------
    codes
        Dataset to its code in the link table.
    own
        The right id by person id.
    """
    datasets = [dataset for dataset in codes if dataset in delivered]
    records = [
        (code, key, person)
        for code, dataset in enumerate(datasets)
        for _, key, person in delivered[dataset].records
    ]
    person = np.concatenate([record[2] for record in records])
    cluster = spoil_links(
        desk,
        table,
        column,
        own=own[person],
        alike=world.people.sex[person - 1].astype(np.int64),
        risk=person_risk(world, person),
        missed_value=_ALONE + world.keys(len(person)),
    )
    source = np.repeat([record[0] for record in records], [len(record[2]) for record in records])
    return {
        "row_id_hash": pa.concat_arrays([pa.array(r[1]).cast(pa.string()) for r in records]),
        "source_dataset": Text(source, tuple(codes[dataset] for dataset in datasets)),
        column: pa.array(cluster).cast(pa.string()),
    }


def _cases(world: World, desk: Desk, delivered: dict[str, Delivered]) -> Table:
    """One row per defendant whose case went from a magistrates' court to the Crown Court."""
    mags, crown = delivered["magistrates_defendant"], delivered["crown_court_defendant"]
    held = world.lives.crown
    mags_row, crown_row = np.asarray(mags.row_key), np.asarray(crown.row_key)
    there = np.array([key is not None for key in crown_row])
    there &= np.array([key is not None for key in mags_row[held.prosecution]])
    missed = there & desk.drawn(len(held), 4 * world.rates.missed_links)
    desk.note("mags_crown_journey", "*", "missed_case_links", int(missed.sum()))
    at = np.flatnonzero(there & ~missed)
    score = 1 - desk.stream.beta(1.2, 14, len(at))
    case = world.lives.prosecutions.case[held.prosecution[at]]
    return {
        "mc_case_id_hash": pa.array(np.asarray(mags.case_key)[case], pa.string()),
        "mc_row_id_hash": pa.array(mags_row[held.prosecution[at]], pa.string()),
        "cc_case_id_hash": pa.array(np.asarray(crown.case_key)[held.case[at]], pa.string()),
        "cc_row_id_hash": pa.array(crown_row[at], pa.string()),
        "estimated_match_score": np.round(score, 4),
    }
