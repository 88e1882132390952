"""Declared cohorts: who enters, who is left out and why, from when, and until when followed."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.attrition import Flow, Step, select
from justice_analysis.cohorts.covariates.catalogue import DATASETS
from justice_analysis.cohorts.covariates.observed import lookback_days
from justice_analysis.cohorts.declared.parts import (
    ENTRY,
    FIRST_EVER,
    FIRST_IN_WINDOW,
    Entry,
    Exclusion,
    FollowUp,
)
from justice_analysis.cohorts.declared.words import span, written
from justice_analysis.cohorts.time_at_risk import time_at_risk
from justice_analysis.definitions import Need, status_of
from justice_analysis.errors import MetricError, OptionError, UsageError, listed

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


@dataclass(frozen=True)
class Cohort:
    """One definition of whom a study follows; a wrong one cannot be made.

    Attributes
    ----------
    unit
        Whom it holds, in words: mothers, defendants.
    index
        What happens on the index date, in words.
    entry
        From a warehouse, one row per person and day on which the person might enter: `ENTRY` and
        whatever the exclusions need.
    pick
        Which of a person's days is the index: the `first ever` that is recorded, which must then
        lie in the window, or the `first in the window`.
    exclusions
        In the order in which they are applied, after the window and the look-back.
    index_from, index_to
        Window of the index date: included, excluded; missing: open.
    history, lookback_days
        A kind of history (of the covariates), and how many days of it before the index must have
        been covered without a break.
    """

    name: str
    title: str
    definition: str
    unit: str
    index: str
    entry: Entry = field(repr=False)
    needs: tuple[Need, ...]
    source: tuple[str, ...]
    exclusions: tuple[Exclusion, ...] = ()
    pick: str = FIRST_EVER
    index_from: str | None = None
    index_to: str | None = None
    history: str | None = None
    lookback_days: int = 0
    follow_up: FollowUp | None = None
    does_not_count: tuple[str, ...] = ()
    version: str = "1"

    def __post_init__(self) -> None:
        problems = [*self._window_problems(), *self._lookback_problems()]
        names = [one.name for one in self.exclusions]
        if len(set(names)) != len(names):
            problems.append("each exclusion must have a name of its own: one stands twice.")
        days = self.follow_up.days if self.follow_up else None
        if days is not None and days < 0:
            problems.append("days of follow-up must be 0 or more.")
        if self.pick not in (FIRST_EVER, FIRST_IN_WINDOW):
            problems.append(f"pick must be {FIRST_EVER} or {FIRST_IN_WINDOW}.")
        if not self.source or not self.needs:
            problems.append("a cohort must name its source and the fields it needs.")
        if problems:
            raise OptionError(f"{self.name}: {listed(problems)}")

    def _window_problems(self) -> list[str]:
        problems = []
        for name in ("index_from", "index_to"):
            value = getattr(self, name)
            if value is not None and not _is_date(value):
                problems.append(f"{name} must be a date written YYYY-MM-DD.")
        if not problems and self.index_from and self.index_to and self.index_from >= self.index_to:
            problems.append("index_from must be before index_to.")
        return problems

    def _lookback_problems(self) -> list[str]:
        problems = []
        if self.lookback_days < 0:
            problems.append("lookback_days must be 0 or more.")
        if self.lookback_days and self.history not in DATASETS:
            problems.append(f"history must be one of {', '.join(DATASETS)} to look back in.")
        return problems

    @property
    def status(self) -> str:
        """`backed`, `assumed` or `unbacked`, from the fields it needs."""
        return status_of(self.needs)

    def between(self, index_from: str | None, index_to: str | None) -> Cohort:
        """The same cohort with another window of the index date."""
        return dataclasses.replace(self, index_from=index_from, index_to=index_to)

    def of(self, warehouse: Warehouse) -> CohortPeople:
        """Find the cohort in a warehouse, counting who is left at each step.

        Returns
        -------
        CohortPeople
            One row per person, with follow-up where the cohort declares it, and the flow.

        Raises
        ------
        MetricError
            If the warehouse lacks what the entry needs, or the entry repeats a person.
        """
        candidates = engine.materialise(self.entry(warehouse), step=f"entry to {self.name}")
        people_at_start = _check_entry(candidates, self.name)
        people, before = self._indexed(candidates)
        seen = self._looked_back(warehouse, people)
        kept, flow = select(seen, start="", steps=self._steps(seen))
        start = f"{self.unit} who could enter"
        flow = Flow(start, people_at_start, (*self._begun(before, flow), *flow.steps))
        kept = engine.materialise(kept.select(*people.columns), step=self.name)
        if self.follow_up is not None:
            kept, flow = self._followed(warehouse, kept, flow)
        return CohortPeople(self, kept, flow, _fingerprint(warehouse, self))

    def _indexed(self, candidates: ir.Table) -> tuple[ir.Table, bool]:
        """One row per person at the index, and whether the window was applied to all days."""
        dated = candidates.filter(candidates.index_date.notnull())
        is_windowed = self.pick == FIRST_IN_WINDOW
        if is_windowed:
            for _, condition in self._window(dated):
                dated = dated.filter(condition)
        first = engine.first_per_group(
            dated, by=["person_id"], order_by=["index_date", "index_case_id", "place_id"]
        )
        return engine.materialise(first, step=f"index of {self.name}"), is_windowed

    def _begun(self, is_windowed: bool, flow: Flow) -> tuple[Step, ...]:
        """The step of those who have an index at all."""
        inside = " and ".join(name for name, _ in self._window(None))
        words = inside if is_windowed else "dated"
        return (Step(f"{self.index} {words}".strip(), flow.people_at_start),)

    def _window(self, people: ir.Table | None) -> list[tuple[str, Any]]:
        """Words and conditions of the window; without people, words only."""
        steps: list[tuple[str, Any]] = []
        if self.index_from:
            first = datetime.date.fromisoformat(self.index_from)
            after = people is not None and people.index_date >= ibis.literal(first)
            steps.append((f"from {written(first)}", after))
        if self.index_to:
            end = datetime.date.fromisoformat(self.index_to)
            before = people is not None and people.index_date < ibis.literal(end)
            steps.append((f"before {written(end)}", before))
        return steps

    def _looked_back(self, warehouse: Warehouse, people: ir.Table) -> ir.Table:
        """Add the days before the index that the history was covered, where the cohort asks."""
        if not self.lookback_days:
            return people
        starts = people.select("index_date", "place_id").distinct()
        seen = lookback_days(warehouse, starts, block=str(self.history))
        seen = seen.select(_at="index_date", _of="place_id", _lookback="lookback_days")
        same = [people.index_date == seen._at, people.place_id.identical_to(seen._of)]
        return people.left_join(seen, same)

    def _steps(self, people: ir.Table) -> list[tuple[str, ir.BooleanValue]]:
        """Names and conditions of those who stay, in order."""
        steps = self._window(people) if self.pick == FIRST_EVER else []
        if self.lookback_days:
            words = f"{span(self.lookback_days)} before it covered ({self.history})"
            steps.append((words, people._lookback >= self.lookback_days))
        for one in self.exclusions:
            steps.append((f"without {one.name}", ~one.condition(people).fill_null(False)))
        return steps

    def _followed(
        self, warehouse: Warehouse, people: ir.Table, flow: Flow
    ) -> tuple[ir.Table, Flow]:
        """Add until when each is followed; whoever could not be seen at the start is left out."""
        assert self.follow_up is not None
        rule = self.follow_up
        seen = time_at_risk(
            warehouse,
            people.mutate(start_date=people.index_date),
            source=rule.source,
            followup_days=rule.days,
            at_death=rule.at_death,
            custody=rule.custody,
        )
        seen = engine.materialise(seen.drop("start_date"), step=f"follow-up of {self.name}")
        name = f"followed from the index in {rule.source}"
        step = Step(name, engine.count_rows(seen))
        return seen, dataclasses.replace(flow, steps=(*flow.steps, step))


@dataclass(frozen=True)
class CohortPeople:
    """A cohort found in a warehouse.

    Attributes
    ----------
    table
        One row per person, stored: the entry's columns and, with follow-up, `censor_date`
        (excluded), `censor_reason`, `days_at_risk` and perhaps `days_in_custody`.
    flow
        People left at each step.
    population_hash
        Names the people: same data, same definition, same window.
    """

    cohort: Cohort
    table: ir.Table
    flow: Flow
    population_hash: str

    @property
    def people(self) -> int:
        """People in the cohort."""
        return self.flow.people


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_entry(candidates: ir.Table, name: str) -> int:
    """Refuse an entry without what is needed; return the people in it."""
    if missing := [column for column in ENTRY if column not in candidates.columns]:
        raise UsageError(f"the entry of {name} must give {', '.join(missing)}: it does not.")
    found = engine.execute(
        candidates.aggregate(
            people=candidates.person_id.nunique(),
            nobody=candidates.person_id.isnull().cast("int64").sum().fill_null(0),
        ),
        step=f"entry to {name}",
    ).iloc[0]
    if found["nobody"]:
        raise MetricError(
            f"the entry of {name} must name the person: {int(found['nobody']):,} rows have none."
        )
    if not found["people"]:
        raise MetricError(f"{name} is empty: nobody in the warehouse could enter. Load its data.")
    return int(found["people"])


def _fingerprint(warehouse: Warehouse, cohort: Cohort) -> str:
    follow = dataclasses.asdict(cohort.follow_up) if cohort.follow_up else None
    said: list[object] = [warehouse.fingerprint, cohort.name, cohort.version, cohort.pick, follow]
    said += [cohort.index_from, cohort.index_to, cohort.history, cohort.lookback_days]
    said += [one.name for one in cohort.exclusions]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]
