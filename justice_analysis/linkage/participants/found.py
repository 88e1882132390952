"""From matched participants to people of a warehouse, through its links."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.linkage.levels import derive_people
from justice_analysis.linkage.participants.links import PEOPLE, ParticipantLinks
from justice_analysis.linkage.participants.rates import attrition

FOUND_STEP = "found in the data"


class HoldsLinks(Protocol):
    """What is needed of a warehouse: its links, and the level at which they make people."""

    @property
    def backend(self) -> Any:
        """The engine on which the links are."""
        ...

    @property
    def link_level(self) -> str | None:
        """The level asked for; missing for the default."""
        ...

    @property
    def manifest(self) -> dict[str, Any]:
        """`default_level`, `id_precedence` and `fingerprint`."""
        ...

    @property
    def link(self) -> ir.Table:
        """One row per record, id system and level."""
        ...


@dataclass(frozen=True)
class Found:
    """Participants as people of a warehouse.

    Attributes
    ----------
    people
        One row per person: `person_id`, `index_date`, `match_probability`, `gender`,
        `age_at_index`, `age_band`, `participant`.
    matched
        People matched, before the warehouse was asked.
    no_record
        Those whose delivered record is not in the warehouse.
    not_linked
        Those whose record is there and is linked to nobody.
    several_people
        Those whose record's links lead to more than one person: set aside.
    same_person_again
        Those who are a person already there; the earliest index date stands.
    """

    people: ir.Table = field(repr=False)
    matched: int
    no_record: int
    not_linked: int
    several_people: int
    same_person_again: int

    @property
    def found(self) -> int:
        """People found."""
        lost = self.no_record + self.not_linked + self.several_people + self.same_person_again
        return self.matched - lost


def people_of(warehouse: HoldsLinks, links: ParticipantLinks) -> ir.Table:
    """The matched participants as people of the warehouse.

    Parameters
    ----------
    warehouse
        An open warehouse, at the link level that people are wanted at.
    links
        From `link_participants`, `known_people` or `read_links`.

    Returns
    -------
    Table
        One row per person, as `Found.people` says. `find_people` gives the counts of those who
        were not found too.

    Raises
    ------
    LinkageError
        If too few people were submitted or matched for an effect to be estimated.
    """
    links.require_enough()
    return find_people(warehouse, links).people


def find_people(warehouse: HoldsLinks, links: ParticipantLinks) -> Found:
    """The matched participants as people of the warehouse, and those not found by reason."""
    matched = engine.memory_table(warehouse.backend, links.people, PEOPLE)
    held = _records_of(warehouse, matched)
    each = engine.materialise(_one_row_each(matched, held), step="participants as people")
    people = engine.materialise(_once_each(each), step="participants, each once")
    counts = engine.execute(
        each.aggregate(
            matched=each.count(),
            no_record=(each.records == 0).sum().fill_null(0),
            not_linked=((each.records > 0) & (each.persons == 0)).sum().fill_null(0),
            several_people=(each.persons > 1).sum().fill_null(0),
            one=(each.persons == 1).sum().fill_null(0),
        ),
        step="counting participants found",
    ).iloc[0]
    kept = engine.count_rows(people)
    return Found(
        people=people,
        matched=int(counts["matched"]),
        no_record=int(counts["no_record"]),
        not_linked=int(counts["not_linked"]),
        several_people=int(counts["several_people"]),
        same_person_again=int(counts["one"]) - kept,
    )


def with_found(links: ParticipantLinks, warehouse: HoldsLinks) -> ParticipantLinks:
    """The same links with one more step of attrition, and in the record who was not found."""
    found = find_people(warehouse, links)
    steps = list(zip(links.attrition["step"], links.attrition["people"], strict=True))
    counts = {
        "warehouse": warehouse.manifest["fingerprint"],
        "matched": found.matched,
        "no_record": found.no_record,
        "not_linked": found.not_linked,
        "several_people": found.several_people,
        "same_person_again": found.same_person_again,
        "found": found.found,
    }
    return replace(
        links,
        attrition=attrition(
            [
                *((str(name), int(people)) for name, people in steps if name != FOUND_STEP),
                (FOUND_STEP, found.found),
            ]
        ),
        record={**links.record, "found_in_the_data": counts},
    )


def _records_of(warehouse: HoldsLinks, matched: ir.Table) -> ir.Table:
    """One row per participant and person that a record of theirs is linked to."""
    keys = matched.select("participant", "source_table", "source_key")
    links = warehouse.link
    touched = keys.inner_join(
        links.select("record_id", "source_table", "source_key").distinct(),
        ["source_table", "source_key"],
    ).select("participant", "record_id")
    touched = engine.materialise(touched.distinct(), step="records of participants")
    level = warehouse.link_level or warehouse.manifest["default_level"]
    rows = links.semi_join(touched, "record_id")
    people = derive_people(rows, level, warehouse.manifest["id_precedence"])
    known = people.select(linked_record="record_id", person_id="person_id")
    joined = touched.left_join(known, touched.record_id == known.linked_record)
    return joined.select("participant", "record_id", "person_id")


def _one_row_each(matched: ir.Table, held: ir.Table) -> ir.Table:
    """Each participant with the number of records and persons, and the person where it is one."""
    counted = held.group_by("participant").aggregate(
        records=held.record_id.nunique(),
        persons=held.person_id.nunique(),
        person_id=held.person_id.min(),
    )
    counted = counted.rename(counted_participant="participant")
    joined = matched.left_join(counted, matched.participant == counted.counted_participant)
    return joined.drop("counted_participant").mutate(
        records=ibis.coalesce(joined.records, 0), persons=ibis.coalesce(joined.persons, 0)
    )


def _once_each(each: ir.Table) -> ir.Table:
    """One row per person: of several participants the one who began first."""
    one = each.filter(each.persons == 1)
    first = engine.first_per_group(one, by=["person_id"], order_by=["index_date", "participant"])
    return first.select(
        "person_id",
        "index_date",
        "match_probability",
        "gender",
        "age_at_index",
        "age_band",
        "participant",
    )
