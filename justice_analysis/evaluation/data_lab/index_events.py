"""Index events: releases from custody and sentences in the community, of participants and others.

A participant's index event is the first from the day of the intervention on. Of everyone else
every event counts: to take one of several would choose by what came after. The events of one
person are one cluster, and a person counts once. For the same reason a participant's events
before the intervention count as those of somebody not yet treated, unless they are left out.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.evaluation.data_lab.definition import BOTH, RELEASE, SENTENCE, DataLabOptions
from justice_analysis.metrics.criminal.prosecutions import BOTH as BOTH_COURTS
from justice_analysis.metrics.criminal.prosecutions import CASE_TYPES
from justice_analysis.metrics.custody.stays import custody_sources, releases
from justice_analysis.metrics.person_groups import window_steps

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

STATUSES = ("sentence", "recall", "remand")
FROM = {
    "sentence": "release from a custodial sentence",
    "recall": "release after recall",
    "remand": "release from remand",
}
FROM_CUSTODY = "release from custody"
COMMUNITY = {
    "suspended_sentence": "suspended sentence",
    "community_sentence": "community sentence",
}
CUSTODY = "immediate_custody"
ORDER = ("index_date", "sentence_type", "stay_days", "proceeding_id")


def index_events(warehouse: Warehouse, options: DataLabOptions) -> ir.Table:
    """Index events of linked people in the window.

    Returns
    -------
    Table
        Stored; one row per person and event: `person_id`, `index_date`, `sentence_type`,
        `stay_days` (in custody up to the release; missing: a sentence in the community),
        `proceeding_id` (of the sentence; missing: a release).

    Raises
    ------
    MetricError
        If releases are asked for and no custody is loaded.
    """
    parts = []
    if options.index in (BOTH, RELEASE):
        custody_sources(warehouse)
        parts.append(_releases(warehouse))
    if options.index in (BOTH, SENTENCE):
        parts.append(_community_sentences(warehouse))
    rows = engine.union(*parts)
    for _, condition in window_steps(
        rows.index_date, options.index_from, options.index_to, what="index date"
    ):
        rows = rows.filter(condition.fill_null(False))
    return engine.materialise(rows, step="index events")


def _releases(warehouse: Warehouse) -> ir.Table:
    """Releases, told apart by whether a sentence, else a recall, else a remand was served."""
    ended = releases(warehouse).select("person_id", "start_date", "end_date")
    episode = warehouse.episode
    held = episode.filter((episode.kind == "custody") & episode.legal_status.isin(STATUSES))
    served = held.select(
        served_person="person_id", served_from="start_date", legal_status="legal_status"
    )
    in_stay = (
        (ended.person_id == served.served_person)
        & (served.served_from >= ended.start_date)
        & (served.served_from < ended.end_date)
    )
    joined = ended.left_join(served, in_stay)
    found = joined.group_by("person_id", "start_date", "end_date").aggregate(
        **{name: (joined.legal_status == name).fill_null(False).max() for name in STATUSES}
    )
    kinds = [(found[name], words) for name, words in FROM.items()]
    return found.select(
        "person_id",
        index_date=found.end_date,
        sentence_type=ibis.cases(*kinds, else_=FROM_CUSTODY),
        stay_days=engine.days_between(found.end_date, found.start_date),
        proceeding_id=ibis.null("int64"),
    )


def _community_sentences(warehouse: Warehouse) -> ir.Table:
    """Suspended and community sentences, on days without immediate custody in the same set."""
    case, party, decision = warehouse.case, warehouse.party, warehouse.decision
    cases = case.filter(case.case_type.isin(CASE_TYPES[BOTH_COURTS]))
    people = party.filter((party.role == "defendant") & party.person_id.notnull())
    of_person = people.select("party_id", "person_id", "case_id").inner_join(
        cases.select("case_id", "proceeding_id"), "case_id"
    )
    part = warehouse.matter_party
    of_party = part.filter(part.part == "defendant").select("matter_id", "party_id")
    given = decision.filter(decision.decision_type == "sentence", decision.decision_date.notnull())
    rows = given.inner_join(of_party, "matter_id").inner_join(of_person, "party_id")
    of_case = rows.group_by("person_id", "proceeding_id", index_date=rows.decision_date).aggregate(
        **{name: (rows.decision == name).max() for name in (CUSTODY, *COMMUNITY)}
    )
    outside = of_case.filter(
        ~of_case[CUSTODY] & (of_case.suspended_sentence | of_case.community_sentence)
    )
    kinds = [(outside[name], words) for name, words in COMMUNITY.items()]
    return outside.select(
        "person_id",
        "index_date",
        sentence_type=ibis.cases(*kinds, else_=ibis.null("string")),
        stay_days=ibis.null("int64"),
        proceeding_id=outside.proceeding_id,
    )


def of_participants(people: ir.Table, events: ir.Table, *, within_days: int) -> ir.Table:
    """The first index event of each participant from the intervention on, within some days.

    Parameters
    ----------
    people
        One row per participant: `person_id` (missing: not found) and `intervention_date`.
    events
        From `index_events`.

    Returns
    -------
    Table
        Stored; one row per participant: `person_id`, `intervention_date`, and the columns of
        the event, missing where there is none in time.
    """
    known = people.filter(people.person_id.notnull())
    later = events.rename(event_person="person_id")
    last = engine.add_days(known.intervention_date, within_days)
    in_time = (
        (known.person_id == later.event_person)
        & (later.index_date >= known.intervention_date)
        & (later.index_date <= last)
    )
    met = known.inner_join(later, in_time).drop("event_person", "intervention_date")
    first = engine.first_per_group(met, by=["person_id"], order_by=list(ORDER))
    first = first.rename(met_person="person_id")
    joined = people.left_join(first, people.person_id == first.met_person).drop("met_person")
    return engine.materialise(joined, step="index events of participants")


def of_everyone_else(
    events: ir.Table, given: ir.Table, participants: ir.Table, *, earlier: bool
) -> ir.Table:
    """Index events of people not treated by then, in the participants' quarters.

    Parameters
    ----------
    events
        From `index_events`.
    given
        Everyone who took part: `person_id`, `intervention_date`.
    participants
        One row per participant with an index event: `person_id`, `intervention_date` and the
        columns of the event.
    earlier
        Whether participants' events before their intervention are among them. To leave them out
        is to choose by the outcome: who returns to custody may take part then.

    Returns
    -------
    Table
        Stored; one row per person and index date, with the columns of `participants`;
        `intervention_date` is missing.
    """
    bounds = engine.execute(
        participants.aggregate(
            first=participants.index_date.min(), last=participants.index_date.max()
        ),
        step="period of the index dates",
    ).iloc[0]
    first, last = _quarter_start(bounds["first"]), _quarter_start(bounds["last"], ends=True)
    treated = given.filter(given.person_id.notnull()).select(
        treated_person="person_id", treated_from="intervention_date"
    )
    joined = events.left_join(treated, events.person_id == treated.treated_person)
    is_other = joined.treated_person.isnull()
    if earlier:
        is_other = is_other | (joined.index_date < joined.treated_from).fill_null(False)
    inside = joined.filter(
        is_other,
        joined.index_date >= ibis.literal(first),
        joined.index_date < ibis.literal(last),
    ).drop("treated_person", "treated_from")
    kept = engine.first_per_group(inside, by=["person_id", "index_date"], order_by=list(ORDER[1:]))
    named = kept.mutate(intervention_date=ibis.null("date"))
    return engine.materialise(named.select(*participants.columns), step="comparison pool")


def _quarter_start(day: object, *, ends: bool = False) -> datetime.date:
    """The first day of the quarter that a day lies in, or of the next one."""
    date = datetime.date.fromisoformat(str(day)[:10])
    number = date.year * 4 + (date.month - 1) // 3 + ends
    return datetime.date(number // 4, number % 4 * 3 + 1, 1)
