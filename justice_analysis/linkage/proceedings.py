"""Which case rows are one set of proceedings, by named relations with options.

Relations of two cases stand in `case_link`. Some are delivered: cases heard together, a
magistrates' case sent or committed to the Crown Court, an appeal. Transfers, siblings' cases and
breaches are named in the common model, and no dataset so far delivers one. One is found here, by
`same_proceedings`: it pairs the cases of two systems that are of the same type, were received
within a few days and share a linked person, an adult of the case or a subject child. The
strongest pair wins: most people shared, then the nearest dates, then the smallest ids. A case is
in one pair at most, so a family court case never draws two Cafcass cases together.

`ProceedingsRule.merge` says which relations make cases one set. An appeal asks for another
decision on what was decided, and a breach or a sibling's case is a matter of its own, so these
stay sets of their own unless they are named.

Two sources that hold the same proceedings are never both counted in silence. `check_sources`
refuses, at the load, a rule that leaves such cases apart; a metric that reads sets from several
sources refuses a source that has no place in its `precedence` (`cohorts.care_proceedings`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import LinkageError, OptionError

SAME = "same_proceedings"
CONSOLIDATED = "consolidated"
TRANSFER = "transfer"
COMMITTAL = "committal"
APPEAL = "appeal"
RELATIONS = (SAME, CONSOLIDATED, "sibling", TRANSFER, COMMITTAL, APPEAL, "breach_of")
ONE_SET = (SAME, CONSOLIDATED, TRANSFER, COMMITTAL)
SHARED_ROLES = ("applicant", "respondent", "subject")
MOST_ROUNDS = 100


@dataclass(frozen=True)
class ProceedingsRule:
    """How case rows become sets of proceedings; frozen in the warehouse's manifest.

    Parameters
    ----------
    within_days
        Most days between the two dates of receipt of the same proceedings in two systems.
    merge
        Relations of cases that make them one set of proceedings, of `RELATIONS`.
    sources
        Pairs of sources that may hold the same proceedings.
    least_score
        Weakest delivered tie that counts, on the scale of its score; ties without a score
        always do, and those found here score a point for each person shared.

    Raises
    ------
    OptionError
        If a relation is not known, or a number makes no sense.
    """

    name: str = SAME
    within_days: int = 14
    merge: tuple[str, ...] = ONE_SET
    sources: tuple[tuple[str, str], ...] = (
        ("cafcass_england", "family_court"),
        ("cafcass_cymru", "family_court"),
    )
    least_score: float = 0.0

    def __post_init__(self) -> None:
        if self.name != SAME:
            raise OptionError(f"the proceedings rule must be {SAME}: {self.name} is not known.")
        if self.within_days < 0:
            raise OptionError("within_days must be 0 or more.")
        unknown = sorted(set(self.merge) - set(RELATIONS))
        if unknown:
            raise OptionError(
                f"merge must name relations of cases among {', '.join(RELATIONS)}: "
                f"{', '.join(unknown)} is none."
            )

    def as_record(self) -> dict[str, Any]:
        """The rule and its options, for the manifest."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> ProceedingsRule:
        """The rule of a manifest."""
        sources = tuple((one, other) for one, other in record["sources"])
        return cls(**{**record, "merge": tuple(record["merge"]), "sources": sources})


def check_sources(rule: ProceedingsRule, loaded: Collection[str]) -> None:
    """Refuse a rule that leaves apart what two loaded sources hold of the same proceedings.

    Raises
    ------
    LinkageError
        If both sources of a pair are loaded and `merge` does not make the same proceedings one.
    """
    both = [" and ".join(pair) for pair in rule.sources if set(pair) <= set(loaded)]
    if both and SAME not in rule.merge:
        raise LinkageError(
            f"two sources of the same proceedings need a rule that joins them: {'; '.join(both)} "
            f"are loaded and merge lacks {SAME}. Add it, or load one of the two."
        )


def found_links(cases: ir.Table, parties: ir.Table, rule: ProceedingsRule) -> ir.Table:
    """Every pair that `same_proceedings` finds, of each two sources that the rule names.

    Returns
    -------
    Table
        As `same_proceedings`, with the `relation`.
    """
    found = [same_proceedings(cases, parties, rule, pair) for pair in rule.sources]
    return engine.union(*found).mutate(relation=ibis.literal(SAME))


def same_proceedings(
    cases: ir.Table, parties: ir.Table, rule: ProceedingsRule, sources: tuple[str, str]
) -> ir.Table:
    """Pair the cases of two sources that are the same proceedings, one to one.

    Parameters
    ----------
    cases
        One row per case: `case_id`, `case_type`, `received_date`, `source`.
    parties
        One row per party: `case_id`, `person_id` (missing: not linked), `role`.
    sources
        The two sources.

    Returns
    -------
    Table
        One row per pair: `case_id` (of the first source), `related_case_id`,
        `score` (people shared).
    """
    one, other = (_people_in(cases, parties, source) for source in sources)
    other = other.rename(
        related_case_id="case_id", related_received="received_date", related_type="case_type"
    )
    met = one.inner_join(
        other, [one.person_id == other.person_id, one.case_type == other.related_type]
    )
    gap = engine.days_between(met.received_date, met.related_received).abs()
    near = met.mutate(gap=gap).filter(gap <= rule.within_days)
    pairs = near.group_by("case_id", "related_case_id").aggregate(
        # A person stands once in each case, so rows of a pair are people.
        score=near.count().cast("float64"),
        gap=near.gap.min(),
    )
    return one_to_one(pairs)


def _people_in(cases: ir.Table, parties: ir.Table, source: str) -> ir.Table:
    """Linked people in the dated cases of one source."""
    dated = cases.filter(cases.source == source, cases.received_date.notnull())
    people = parties.filter(parties.person_id.notnull(), parties.role.isin(SHARED_ROLES))
    people = people.select("case_id", "person_id")
    columns = ("case_id", "case_type", "received_date")
    # Distinct after the join: half of the parties are of the other source's cases.
    return people.inner_join(dated.select(*columns), "case_id").distinct()


def one_to_one(pairs: ir.Table) -> ir.Table:
    """Choose pairs from the strongest down, each case at most once.

    Pairs whose cases have no other candidate are chosen at once. Then each round takes the
    pairs that are the strongest for both of their cases, which is what going down one ordered
    list would take.
    """
    left = engine.materialise(pairs, step="pairs of cases")
    lone = _alone(left, ("case_id", "related_case_id"))
    chosen = [lone]
    left = engine.materialise(left.anti_join(lone, "case_id"), step="contested pairs of cases")
    for _ in range(MOST_ROUNDS):
        if not engine.count_rows(left):
            break
        best = engine.materialise(_best_for_both(left), step="pairs of cases")
        chosen.append(best)
        left = left.anti_join(best, "case_id").anti_join(best, "related_case_id")
        left = engine.materialise(left, step="contested pairs of cases")
    else:
        raise LinkageError(
            f"pairs of cases must settle in {MOST_ROUNDS} rounds and did not. "
            "Ask for a smaller within_days."
        )
    return engine.union(*chosen).select("case_id", "related_case_id", "score")


def _alone(pairs: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Rows whose value in each of the columns stands on no other row."""
    alone = pairs
    for column in columns:
        counted = pairs.group_by(column).aggregate(times=pairs.count())
        alone = alone.semi_join(counted.filter(counted.times == 1), column)
    return engine.materialise(alone, step="uncontested pairs of cases")


def _best_for_both(pairs: ir.Table) -> ir.Table:
    best = pairs
    order = [pairs.score.desc(), pairs.gap, pairs.case_id, pairs.related_case_id]
    for case in ("case_id", "related_case_id"):
        strongest = engine.first_per_group(pairs, by=[case], order_by=order)
        best = best.semi_join(strongest, ["case_id", "related_case_id"])
    return best


def proceedings_of(links: ir.Table) -> ir.Table:
    """The smallest case id of all cases that links lead to, however many links away.

    Parameters
    ----------
    links
        One row per tie of two cases: `case_id`, `related_case_id`.

    Returns
    -------
    Table
        One row per case with a link: `case_id`, `proceeding_id`.

    Raises
    ------
    LinkageError
        If a chain of linked cases is longer than the bound on rounds.
    """
    back = links.select(case_id="related_case_id", related_case_id="case_id")
    forth = links.select("case_id", "related_case_id")
    edges = engine.materialise(engine.union(forth, back).distinct(), step="ties of cases")
    offered = edges.group_by("case_id").aggregate(offered=edges.related_case_id.min())
    first = offered.select("case_id", proceeding_id=ibis.least(offered.case_id, offered.offered))
    labels = engine.materialise(first, step="proceedings")
    for _ in range(MOST_ROUNDS):
        spread = _spread(labels, edges)
        changed = engine.execute(spread.is_smaller.sum().fill_null(0), step="proceedings")
        labels = spread.drop("is_smaller")
        if not int(changed):
            return labels
    raise LinkageError(
        f"chains of linked cases must end within {MOST_ROUNDS} links and do not. "
        "Leave a relation out of merge."
    )


def _spread(labels: ir.Table, edges: ir.Table) -> ir.Table:
    """Give each case the smallest label among its own and its neighbours'."""
    named = labels.select(related_case_id="case_id", offered="proceeding_id")
    offers = edges.inner_join(named, "related_case_id")
    best = offers.group_by(offered_to="case_id").aggregate(offered=offers.offered.min())
    joined = labels.inner_join(best, labels.case_id == best.offered_to)
    smaller = joined.offered < joined.proceeding_id
    spread = joined.select(
        "case_id",
        proceeding_id=smaller.ifelse(joined.offered, joined.proceeding_id),
        is_smaller=smaller.cast("int64"),
    )
    return engine.materialise(spread, step="proceedings")


def with_proceedings(cases: ir.Table, links: ir.Table, rule: ProceedingsRule) -> ir.Table:
    """Give each case the `proceeding_id` of its set: its own id where nothing is tied to it."""
    is_strong = links.score.isnull() | (links.score >= rule.least_score)
    merged = links.filter(links.relation.isin(rule.merge) & is_strong)
    found = proceedings_of(merged).rename(labelled="case_id")
    joined = cases.left_join(found, cases.case_id == found.labelled)
    own = ibis.coalesce(joined.proceeding_id, joined.case_id)
    return joined.mutate(proceeding_id=own).drop("labelled")
