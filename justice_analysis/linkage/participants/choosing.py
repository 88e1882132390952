"""One to one: each participant takes the population person that fits best, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from justice_analysis import engine

MATCHED, BELOW, TIE = "matched", "below the threshold", "tie"
AGAIN, NO_PAIR = "the same person again", "no pair found"


@dataclass(frozen=True, eq=False)
class Chosen:
    """What became of every participant.

    Attributes
    ----------
    table
        One row per participant: `participant`, `index_date`, fields, and of their best pair
        `record`, `population_id`, `source_table`, `source_key`, `match_weight`,
        `match_probability` (all missing where no pair was found), and `outcome`.
    counts
        Participants by outcome.
    """

    table: ir.Table = field(repr=False)
    counts: Mapping[str, int]

    @property
    def above(self) -> int:
        """Participants with a pair at or above the threshold."""
        return self.counts[MATCHED] + self.counts[TIE] + self.counts[AGAIN]

    @property
    def alone(self) -> int:
        """Participants with one best person."""
        return self.counts[MATCHED] + self.counts[AGAIN]


def choose(
    participants: ir.Table,
    population: ir.Table,
    pairs: ir.Table,
    *,
    threshold: float,
    tie_weight: float,
) -> Chosen:
    """Give each participant the best of the people that they were compared with.

    Parameters
    ----------
    participants, population
        One row per participant, and per identity record.
    pairs
        One row per pair scored, as `score_pairs` gives.
    threshold
        Least match probability.
    tie_weight
        Where a second person's weight is nearer than this to the best's, nobody is taken.

    Notes
    -----
    A person is compared by each of their identity records, and counts by the best: records with
    one `population_id`, or with one PNC id, are one person. Where several participants take one
    person, the one with the earliest index date stays, then the
    first on the list: they are the same person on the list twice, whom typing kept apart.
    """
    best = engine.materialise(_best(pairs, population, tie_weight), step="best pairs")
    joined = _joined(participants, best)
    is_above = (joined.match_probability >= threshold).fill_null(False)
    joined = joined.mutate(
        outcome=ibis.cases(
            (joined.record.isnull(), NO_PAIR),
            (~is_above, BELOW),
            (joined.is_tie, TIE),
            else_=MATCHED,
        )
    )
    table = engine.materialise(_once_each(joined), step="participants and their best pairs")
    counted = engine.execute(
        table.group_by("outcome").aggregate(people=table.count()), step="outcomes of linkage"
    )
    counts = dict.fromkeys((MATCHED, BELOW, TIE, AGAIN, NO_PAIR), 0)
    counts |= {row.outcome: int(row.people) for row in counted.itertuples()}
    return Chosen(table.drop("is_tie", "person_key"), counts)


def _best(pairs: ir.Table, population: ir.Table, tie_weight: float) -> ir.Table:
    """One row per participant: the best pair, and whether another person is as good."""
    keys = _persons(population)
    named = pairs.inner_join(keys, pairs.record == keys.population_record)
    named = named.drop("population_record")
    # One row for each participant and person: an alias is no rival.
    people = engine.materialise(
        engine.first_per_group(
            named,
            by=["participant", "person_key"],
            order_by=[named.match_weight.desc(), "record"],
        ),
        step="pairs of people",
    )
    first = engine.first_per_group(
        people, by=["participant"], order_by=[people.match_weight.desc(), "record"]
    )
    near = people.select(rival="participant", rival_record="record", rival_weight="match_weight")
    beside = first.inner_join(
        near, (first.participant == near.rival) & (first.record != near.rival_record)
    )
    tied = beside.filter(beside.match_weight - beside.rival_weight < tie_weight)
    tied = tied.select(tied_participant="participant").distinct()
    marked = first.left_join(tied, first.participant == tied.tied_participant)
    return marked.mutate(is_tie=marked.tied_participant.notnull()).drop("tied_participant")


def _persons(population: ir.Table) -> ir.Table:
    """Each identity record with a key of its person."""
    known = population.group_by("population_id").aggregate(person_pnc=population.pnc_id.min())
    joined = population.inner_join(known, "population_id")
    return joined.select(
        "population_id",
        "source_table",
        "source_key",
        population_record="record",
        person_key=ibis.coalesce("PNC " + joined.person_pnc, "id " + joined.population_id),
    )


def _joined(participants: ir.Table, best: ir.Table) -> ir.Table:
    named = best.rename(best_participant="participant")
    joined = participants.left_join(named, participants.participant == named.best_participant)
    return joined.drop("best_participant")


def _once_each(joined: ir.Table) -> ir.Table:
    """Each population person for one participant."""
    matched = joined.filter(joined.outcome == MATCHED)
    first = engine.first_per_group(
        matched, by=["person_key"], order_by=["index_date", "participant"]
    ).select(first_participant="participant")
    marked = joined.left_join(first, joined.participant == first.first_participant)
    is_again = (marked.outcome == MATCHED) & marked.first_participant.isnull()
    return marked.mutate(outcome=is_again.ifelse(AGAIN, marked.outcome)).drop("first_participant")
