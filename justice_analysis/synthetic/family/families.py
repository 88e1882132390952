"""The children and fathers in each set of proceedings."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.family.curves import ReturnCurves, fathers_stay
from justice_analysis.synthetic.family.household import Children, Family, youngest_ages
from justice_analysis.synthetic.family.sets import ADOPTION, Sets
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    CHILD,
    DAYS_PER_YEAR,
    FATHER,
    NO_DATE,
    Bools,
    Days,
    Ints,
    PersonRegister,
    Streams,
    days,
    father_births,
)

_BETWEEN_BIRTHS = 280
_CHILDHOOD = 17 * DAYS_PER_YEAR


class Families:
    """Each mother's family as it grows from set to set (mothers in order of their ids)."""

    def __init__(
        self,
        parameters: WorldParameters,
        curves: ReturnCurves,
        register: PersonRegister,
        streams: Streams,
        mother_birth: Days,
        mother: Ints,
    ) -> None:
        self.parameters, self.register, self.streams = parameters, register, streams
        self.curves, self.mother_birth, self.first_id = curves, mother_birth, int(mother[0])
        n = len(mother)
        self.partner = np.zeros(n, dtype=np.int64)
        self.partner_is_later = np.zeros(n, dtype=bool)
        empty = np.zeros(0, dtype=np.int64)
        self.children = Children(
            empty, empty, empty, np.zeros(0, "datetime64[D]"), np.zeros(0, "datetime64[D]")
        )
        self.subjects: list[tuple[Ints, Ints]] = []  # set position, position among children
        self._pending: list[tuple[Ints, Ints]] = []  # mother's position, position among children

    def birth_of(self, mother: Ints) -> Days:
        """Dates of birth of mothers, by person id."""
        return self.mother_birth[mother - self.first_id]

    def subject_pairs(self) -> tuple[Ints, Ints]:
        """Set position and position among `children`, one entry per child in a set."""
        sets, children = zip(*self.subjects, strict=True)
        return np.concatenate(sets), np.concatenate(children)

    # First sets -----------------------------------------------------------------------

    def begin(self, issue: Days) -> Family:
        """Children and fathers of first sets."""
        stream = self.streams.stream("index families")
        n = len(issue)
        who = np.arange(n)
        known = stream.random(n) < self.parameters.father_known
        self.partner[known] = self.register.add(
            FATHER, 1, father_births(self.mother_birth[known], issue[known], stream)
        )
        oldest = (issue - self.mother_birth).astype(np.int64) - 14 * DAYS_PER_YEAR
        age = youngest_ages(self.parameters, oldest, stream)
        unborn_yet = issue - days(age) > np.datetime64(self.parameters.extract_date)
        age = np.where(unborn_yet, 0, age)
        youngest = issue - days(age)
        self._add_children(who, youngest, stream)
        counts = np.array(self.parameters.children_counts)
        siblings = stream.choice(len(counts), n, p=counts / counts.sum())
        for position in range(1, len(counts)):
            age = age + stream.integers(_BETWEEN_BIRTHS + 50, 1500, n)
            has = (siblings >= position) & (age <= np.minimum(oldest, _CHILDHOOD))
            self._add_children(who[has], (issue - days(age))[has], stream)
        return Family(youngest, self.partner.copy(), *np.zeros((2, n), dtype=bool))

    def _add_children(self, who: Ints, birth: Days, stream: np.random.Generator) -> None:
        """Register children of these mothers and put them into the set being made."""
        ids = self.register.add_children(CHILD, birth, stream)
        known = self.children
        self._pending.append((who, len(known.child) + np.arange(len(who))))
        no_dates = np.full(len(who), NO_DATE)
        self.children = Children(
            np.concatenate([known.mother, who]),
            np.concatenate([known.child, ids]),
            np.concatenate([known.father, self.partner[who]]),
            np.concatenate([known.birth, birth]),
            np.concatenate([known.adopted_from, no_dates]),
        )

    def settle(self, sets: Sets, offset: int) -> None:
        """Tie the children of a finished round to its sets, and note who is adopted from when."""
        position = np.full(len(self.mother_birth), -1)
        position[sets.mother - self.first_id] = np.arange(len(sets))
        for who, child in self._pending:
            at = position[who]
            self.subjects.append((offset + at, child))
            age = (sets.final[at] - self.children.birth[child]).astype(np.int64) / DAYS_PER_YEAR
            young = age < self.parameters.adopted_below_years
            adopted = (sets.order_group[at] == ADOPTION) & young
            self.children.adopted_from[child[adopted]] = sets.final[at][adopted]
        self._pending = []

    # Returns --------------------------------------------------------------------------

    def return_with(self, mother: Ints, earlier_issue: Days, issue: Days, number: int) -> Family:
        """Children and fathers of the sets of one round of returns."""
        stream = self.streams.stream(f"return families {number}")
        who = mother - self.first_id
        gap = (issue - earlier_issue).astype(np.int64)
        infant_age, newborn = self._infant_ages(gap, stream)
        birth = issue - days(infant_age)
        feasible = self._can_bear(who, birth)
        new = feasible & (stream.random(len(who)) < self._new_child_chance(gap, newborn, feasible))
        father = self._fathers(who, gap, issue, new, stream)
        self._add_children(who[new], birth[new], stream)
        brings_others = ~new | (stream.random(len(who)) < 0.15)
        lacking = self._bring_existing(who[brings_others], issue[brings_others], ~new, who)
        self._add_other_children(who[lacking], gap[lacking], issue[lacking], stream)
        youngest = np.where(new, birth, self._youngest_pending(who))
        return Family(youngest, father, new, new & newborn)

    def _infant_ages(self, gap: Ints, stream: np.random.Generator) -> tuple[Ints, Bools]:
        """Age in days at issue of a child born since, and whether under four weeks."""
        share = self.parameters.under_4_weeks / self.parameters.new_child
        newborn = stream.random(len(gap)) < share
        young = np.floor(stream.exponential(5, len(gap))).clip(max=27)
        older = 28 + np.floor(stream.exponential(150, len(gap)))
        return np.where(newborn, young, np.minimum(older, gap - 1)).astype(np.int64), newborn

    def _can_bear(self, who: Ints, birth: Days) -> Bools:
        """Whether a birth then is possible after the mother's last one and before she is 46."""
        last = np.full(len(self.mother_birth), np.datetime64("1900-01-01"))
        np.maximum.at(last, self.children.mother, self.children.birth)
        spaced = (birth - last[who]).astype(np.int64) >= _BETWEEN_BIRTHS
        age = (birth - self.mother_birth[who]).astype(np.int64) / DAYS_PER_YEAR
        return spaced & (age < 46)

    def _new_child_chance(self, gap: Ints, newborn: Bools, feasible: Bools) -> np.ndarray:
        """Chance of a child born since, so that the published shares hold over all returns."""
        early = gap < 259
        newborns = self.parameters.under_4_weeks / self.parameters.new_child
        chance = np.zeros(len(gap))
        for kind, share in ((newborn, newborns), (~newborn, 1 - newborns)):
            wanted = self.parameters.new_child * share * len(gap)
            wanted_early = self.parameters.new_child_within_37_weeks * share * early.sum()
            chance_early = _chance(wanted_early, kind & early & feasible)
            got_early = chance_early * (kind & early & feasible).sum()
            chance_late = _chance(wanted - got_early, kind & ~early & feasible)
            chance[kind] = np.where(early, chance_early, chance_late)[kind]
        return chance

    def _fathers(
        self, who: Ints, gap: Ints, issue: Days, new: Bools, stream: np.random.Generator
    ) -> Ints:
        """The earlier father stays in the family, or a new one may come with a new child."""
        first = fathers_stay(self.parameters, self.curves, later=False)
        later = fathers_stay(self.parameters, self.curves, later=True)
        within_five = gap <= int(5 * DAYS_PER_YEAR)
        is_later = self.partner_is_later[who]
        chance = np.where(
            within_five,
            np.where(is_later, later[0], first[0]),
            np.where(is_later, later[1], first[1]),
        )
        stays = (self.partner[who] > 0) & (stream.random(len(who)) < chance)
        comes = ~stays & new & (stream.random(len(who)) < self.parameters.new_partner_known)
        self.partner[who[~stays]] = 0
        self.partner[who[comes]] = self.register.add(
            FATHER, 1, father_births(self.mother_birth[who[comes]], issue[comes], stream)
        )
        self.partner_is_later[who[comes]] = True
        return self.partner[who]

    def _bring_existing(self, who: Ints, issue: Days, needed: Bools, all_who: Ints) -> Bools:
        """Put the mother's children who are minors and not adopted into the set.

        Returns who of `all_who` needed an existing child and has none.
        """
        issue_of = np.full(len(self.mother_birth), NO_DATE)
        issue_of[who] = issue
        at = issue_of[self.children.mother]
        known = self.children
        minor = (at - known.birth).astype("timedelta64[D]") < np.timedelta64(int(_CHILDHOOD), "D")
        adopted = ~np.isnat(known.adopted_from) & (known.adopted_from <= at)
        # Children born on the way to this set are in it already.
        pending = np.zeros(len(known.child), dtype=bool)
        for _, child in self._pending:
            pending[child] = True
        chosen = np.flatnonzero(~np.isnat(at) & minor & ~adopted & ~pending & (known.birth <= at))
        self._pending.append((known.mother[chosen], chosen))
        served = np.zeros(len(self.mother_birth), dtype=bool)
        served[known.mother[chosen]] = True
        return needed & ~served[all_who]

    def _add_other_children(
        self, who: Ints, gap: Ints, issue: Days, stream: np.random.Generator
    ) -> None:
        """A child born before the earlier set who was not in it."""
        oldest = (issue - self.mother_birth[who]).astype(np.int64) - 14 * DAYS_PER_YEAR
        low = gap + 30.0
        high = np.maximum(np.minimum(oldest, 16 * DAYS_PER_YEAR), low + 1)
        self._add_children(who, issue - days(stream.uniform(low, high)), stream)

    def _youngest_pending(self, who: Ints) -> Days:
        """Birth of the youngest child put into each mother's set so far."""
        youngest = np.full(len(self.mother_birth), np.datetime64("1900-01-01"))
        for mother, child in self._pending:
            np.maximum.at(youngest, mother, self.children.birth[child])
        return youngest[who]


def _chance(wanted: float, among: Bools) -> float:
    """Chance that gives so many hits among these on average, short of certainty."""
    return min(0.97, max(wanted, 0.0) / max(int(among.sum()), 1))
