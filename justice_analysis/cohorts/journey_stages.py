"""How one stage of a criminal case finds the next: Crown Court, custody, probation.

A delivered tie of two cases decides before anything else. Only where a case has no tie are
person and dates asked. Every defendant in whom a stage was to be expected gets either the key
of it or one reason why it was not found.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.linkage.proceedings import one_to_one

CASE_LINK = "case link"
ONLY_ONE_LEFT = "case link, the only defendant left"
PERSON_AND_DATES = "person and dates"
JOINED = (CASE_LINK, ONLY_ONE_LEFT, PERSON_AND_DATES)
NOT_LOADED = "no such data in the warehouse"
NOT_TOLD_APART = "linked case, defendant not told apart"
NOT_LINKED = "person not linked"
BEFORE = "before coverage"
AFTER = "after the end of coverage"
MIGRATED = "court migrated"
NO_CASE = "no case link, and no case of the person near the day"
NO_LINK = "no link between the datasets"
NO_RECORD = "no record of the person there"
NOT_NEAR = "records of the person, none near the day"


@dataclass(frozen=True)
class Coverage:
    """What was covered of the sources of a stage: `places` by place, `whole` in one row."""

    places: ir.Table
    whole: ir.Table

    @property
    def is_loaded(self) -> bool:
        """Whether any source of the stage is there."""
        return engine.count_rows(self.places) > 0


def coverage_of(coverage: ir.Table, rows: ir.Table) -> Coverage:
    """Coverage of the sources that rows are from.

    Parameters
    ----------
    coverage
        The common table.
    rows
        Any table with `source`.
    """
    places = coverage.semi_join(rows.select("source").distinct(), "source")
    places = engine.materialise(places, step="coverage of a stage")
    whole = places.aggregate(seen_from=places.from_date.min(), seen_to=places.to_date.max())
    return Coverage(places, whole)


# Crown Court ----------------------------------------------------------------------------


def crown_of(
    sent: ir.Table, crown: ir.Table, ties: ir.Table, *, within_days: int
) -> tuple[ir.Table, ir.Table]:
    """Find the defendant's row in the Crown Court.

    Parameters
    ----------
    sent
        One row per defendant in a magistrates' case: `party_id`, `case_id`, `person_id`,
        `sent_date` (missing: not sent).
    crown
        One row per defendant in a Crown Court trial or sentence: `crown_party_id`,
        `crown_case_id`, `crown_person_id`, `crown_received_date`.
    ties
        One row per committal: `case_id`, `related_case_id`, `score`.
    within_days
        Most days from being sent to receipt, either way, where no tie decides.

    Returns
    -------
    tuple of Table and Table
        One row per pair, `party_id` and `crown_party_id` each once: `crown_how`,
        `crown_score` (of the tie); and the `case_id` of each tied case.
    """
    tied = engine.materialise(_within_ties(sent, crown, ties), step="defendants of tied cases")
    same = _chosen(tied.filter(tied.person_id == tied.crown_person_id), tied, CASE_LINK)
    rest = tied.anti_join(same, "party_id").anti_join(same, "crown_party_id")
    alone = _only_ones(rest.filter(rest.sent_date.notnull()))
    last = _chosen(alone, tied, ONLY_ONE_LEFT)
    held = tied.select("case_id").distinct()
    free = sent.anti_join(held, "case_id").filter(sent.sent_date.notnull())
    open_rows = crown.anti_join(tied, "crown_case_id")
    near = _by_person(free, open_rows, within_days=within_days)
    both = engine.union(same, last, near)
    return engine.materialise(both, step="defendants sent up"), held


def _within_ties(sent: ir.Table, crown: ir.Table, ties: ir.Table) -> ir.Table:
    """Every defendant of a tied case beside every one of the other case."""
    upper = sent.inner_join(ties.select("case_id", "related_case_id", "score"), "case_id")
    met = upper.inner_join(crown, upper.related_case_id == crown.crown_case_id)
    return met.drop("related_case_id").mutate(gap=_gap(met.crown_received_date, met.sent_date))


def _gap(day: ir.DateValue, other: ir.DateValue) -> ir.IntegerValue:
    """Days between two dates; one that is not known is further than any."""
    return engine.days_between(day, other).abs().fill_null(99_999)


def _chosen(pairs: ir.Table, tied: ir.Table, how: str) -> ir.Table:
    """Pairs chosen from the strongest tie down, each defendant once."""
    named = pairs.group_by(case_id="party_id", related_case_id="crown_party_id").aggregate(
        score=pairs.score.max().fill_null(0.0), gap=pairs.gap.min()
    )
    found = one_to_one(named)
    scores = tied.group_by("party_id", "crown_party_id").aggregate(crown_score=tied.score.max())
    keyed = found.select(party_id="case_id", crown_party_id="related_case_id")
    scored = keyed.inner_join(scores, ["party_id", "crown_party_id"])
    return engine.materialise(
        scored.select("party_id", "crown_party_id", "crown_score", crown_how=ibis.literal(how)),
        step="defendants sent up",
    )


def _only_ones(pairs: ir.Table) -> ir.Table:
    """Pairs in which neither defendant has another candidate."""
    alone = pairs
    for column in ("party_id", "crown_party_id"):
        counted = pairs.group_by(column).aggregate(times=pairs.count())
        alone = alone.semi_join(counted.filter(counted.times == 1), column)
    return alone


def _by_person(sent: ir.Table, crown: ir.Table, *, within_days: int) -> ir.Table:
    """The same person's case that was received nearest to the day, one for one."""
    met = sent.inner_join(crown, sent.person_id == crown.crown_person_id)
    near = met.mutate(gap=_gap(met.crown_received_date, met.sent_date))
    near = near.filter(near.gap <= within_days)
    pairs = near.select(
        case_id="party_id", related_case_id="crown_party_id", score=ibis.literal(1.0), gap="gap"
    )
    found = one_to_one(pairs)
    return found.select(
        party_id="case_id",
        crown_party_id="related_case_id",
        crown_score=ibis.null("float64"),
        crown_how=ibis.literal(PERSON_AND_DATES),
    )


def why_not_at_crown(rows: ir.Table, covered: Coverage) -> ir.Table:
    """Say of each defendant who was sent and is not joined why; `crown_how` stays where joined.

    Parameters
    ----------
    rows
        One row per defendant in a magistrates' case: `crown_how`, `is_tied`, `sent_date`,
        `person_id`, `place_id` (of the magistrates' court), `crown_place_id`.

    Notes
    -----
    The Crown Court that a case would have gone to is taken to be the one that most of the
    joined cases of its magistrates' court went to.
    """
    if not covered.is_loaded:
        return _told(rows, "crown_how", rows.sent_date, ibis.literal(NOT_LOADED))
    usual = _usual_court(rows, covered)
    asked = rows.left_join(usual, "place_id").drop("place_id_right").cross_join(covered.whole)
    reason = ibis.cases(
        (asked.is_tied, NOT_TOLD_APART),
        (asked.sent_date < asked.seen_from, BEFORE),
        (asked.sent_date >= asked.seen_to, AFTER),
        ((asked.sent_date >= asked.usual_to).fill_null(False), MIGRATED),
        (asked.person_id.isnull(), NOT_LINKED),
        else_=NO_CASE,
    )
    return _told(asked, "crown_how", asked.sent_date, reason).drop(
        "usual_to", "seen_from", "seen_to"
    )


def _usual_court(rows: ir.Table, covered: Coverage) -> ir.Table:
    """The day on which the usual Crown Court of each magistrates' court left the data."""
    known = rows.filter(rows.crown_place_id.notnull(), rows.place_id.notnull())
    counted = known.group_by("place_id", "crown_place_id").aggregate(cases=known.count())
    usual = engine.first_per_group(
        counted, by=["place_id"], order_by=[counted.cases.desc(), "crown_place_id"]
    )
    places = covered.places.filter(covered.places.place_id.notnull())
    ends = places.group_by(crown_place_id="place_id").aggregate(usual_to=places.to_date.max())
    return usual.inner_join(ends, "crown_place_id").select("place_id", "usual_to")


def _told(rows: ir.Table, column: str, expected: ir.Value, reason: ir.StringValue) -> ir.Table:
    """Put the reason where a stage was to be expected and is not joined."""
    lost = rows[column].isnull() & expected.notnull()
    return rows.mutate(**{column: lost.ifelse(reason, rows[column])})


# Custody and probation ------------------------------------------------------------------


def nearest_episode(
    days: ir.Table, episodes: ir.Table, covered: Coverage, *, within_days: int, held: bool
) -> ir.Table:
    """Find the episode that begins nearest to a day of the same person.

    Parameters
    ----------
    days
        One row per defendant, person and day asked for: `party_id`, `person_id` (missing: not
        linked), `day`, `kind` of episode. A defendant may have several, any of which will do.
    episodes
        One row per episode: `episode_id`, `person_id`, `kind`, `start_date`, `end_date`.
    within_days
        Most days from the day to the start, either way.
    held
        Whether an episode that began earlier and lasts to the day will do, as nearest of all.

    Returns
    -------
    Table
        One row per defendant: `party_id`, `how`, `episode_id`, `episode_kind`, `start_date`,
        `end_date` (of the episode; missing where none was found).

    Notes
    -----
    Of several, one that lasts on the day; then the nearest start; then the earlier start; then
    the smaller id. Several defendants, or one in several cases, may lead to one episode.
    """
    named = episodes.rename(of_person="person_id", episode_kind="kind")
    met = days.inner_join(
        named, [days.person_id == named.of_person, days.kind == named.episode_kind]
    )
    gap = engine.days_between(met.start_date, met.day).abs()
    lasts = (met.start_date <= met.day) & (met.end_date >= met.day).fill_null(met.is_open)
    is_near = (gap <= within_days) | (lasts & ibis.literal(held))
    near = met.mutate(_gap=gap, _rank=(lasts & ibis.literal(held)).ifelse(0, 1)).filter(is_near)
    best = engine.first_per_group(
        near,
        by=["party_id"],
        order_by=["_rank", near._gap, near.start_date, near.episode_id, near.day],
    )
    found = best.select("party_id", "episode_id", "episode_kind", "start_date", "end_date")
    found = engine.materialise(found, step="nearest episodes")
    return _with_reasons(days, found, met, covered)


def _with_reasons(days: ir.Table, found: ir.Table, met: ir.Table, covered: Coverage) -> ir.Table:
    """One row per defendant: the episode found, or why none was."""
    each = days.group_by("party_id").aggregate(
        day=days.day.min(), is_linked=days.person_id.notnull().max()
    )
    known = met.select(met_party="party_id").distinct()
    asked = each.left_join(known, each.party_id == known.met_party)
    asked = asked.left_join(found, "party_id").drop("party_id_right")
    reason = ibis.literal(NOT_LOADED)
    if covered.is_loaded:
        # Where nobody is in both, it is the link that is missing and not each person's record.
        nobody = engine.count_rows(known) == 0
        asked = asked.cross_join(covered.whole)
        reason = ibis.cases(
            (asked.day < asked.seen_from, BEFORE),
            (asked.day >= asked.seen_to, AFTER),
            (~asked.is_linked, NOT_LINKED),
            (asked.met_party.isnull(), NO_LINK if nobody else NO_RECORD),
            else_=NOT_NEAR,
        )
    how = asked.episode_id.notnull().ifelse(PERSON_AND_DATES, reason)
    columns = ("episode_id", "episode_kind", "start_date", "end_date")
    return asked.select("party_id", *columns, how=how)
