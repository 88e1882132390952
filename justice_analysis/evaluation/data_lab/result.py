"""What a matched comparison gives back: the Lab's tables and what is needed to read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from justice_analysis.definitions import Output
from justice_analysis.evaluation.data_lab.effects import OUTCOMES, counted_words
from justice_analysis.evaluation.data_lab.matched_groups import MatchedGroups
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.models.matched_effects import Effect

LATER = tuple(one.name for one in OUTCOMES if one.later)


@dataclass(frozen=True)
class DataLabResult(Measured):
    """A matched comparison, as the Lab's report has it.

    `outputs` are `rate`, `frequency`; with enough reoffenders `days`, `custody_rate`,
    `custody_frequency` (and `court_rate`, `court_frequency` on police records); `placebo`,
    `placebo_frequency`; `balance`; `dropped`, where enough participants had no match;
    `overlap`; `attrition`; and `headline`, numbers and phrases for sentences.

    Attributes
    ----------
    effects
        Name of the table to the effect it shows, with its standard error and rule.
    groups
        Scores, matches and balance.
    overview
        The flags that stand at the top: what was controlled for.
    """

    effects: Mapping[str, Effect] = field(default_factory=dict)
    groups: MatchedGroups | None = None
    overview: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_tables(self) -> dict[str, Output]:
        """Tables 1 and 2: rate and frequency."""
        return self._named(("rate", "frequency"))

    @property
    def later_tables(self) -> dict[str, Output]:
        """Tables from the third on: none where there are too few reoffenders."""
        return self._named(LATER)

    @property
    def placebos(self) -> dict[str, Output]:
        """Outcomes of the year before, which no programme can have changed."""
        return self._named(("placebo", "placebo_frequency"))

    @property
    def who(self) -> dict[str, Output]:
        """Balance, and those dropped where they are enough to be told of."""
        return self._named(("balance", "dropped"))

    def _named(self, names: tuple[str, ...]) -> dict[str, Output]:
        return {name: self.outputs[name] for name in names if name in self.outputs}

    @property
    def words(self) -> dict[str, str]:
        """How reoffending is called on these data."""
        return counted_words(self.options)
