"""Taking the nearest comparison person who is still free, one treated person after another.

Plain loops over the treated: two arrays of pointers lead past people who are taken, and are
shortened as they are followed, so that a search costs next to nothing however many are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

import numpy as np

from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.matching.matched import NONE
from justice_analysis.models.matching.sorted_scores import SortedScores


class Free:
    """Comparison people not yet taken, by their place in sorted order.

    The one object here with state: `before[j]` leads to the free person at place j - 1 or below
    (0: none), `after[j]` to the one at place j or above (their number: none). Buffers, since a
    list would hold an object for each comparison person.
    """

    def __init__(self, scores: SortedScores, caliper: float | None) -> None:
        people = len(scores.score)
        self.before, self.after = np.arange(people + 1).data, np.arange(people + 1).data
        self.score = scores.score.data
        self.caliper = float("inf") if caliper is None else float(caliper)

    def nearest(self, value: float, place: int, low: int, high: int) -> tuple[float, int]:
        """Distance to the nearest free person of a stratum, and their place; -1 if none."""
        before, after, score = self.before, self.after, self.score
        left, right, apart, found = place, place, self.caliper, NONE
        while (ahead := after[right]) != right:
            after[right] = right = after[ahead]
        if right < high and (gap := score[right] - value) <= apart:
            apart, found = gap, right
        while (ahead := before[left]) != left:
            before[left] = left = before[ahead]
        if left > low and (gap := value - score[left - 1]) <= apart:
            apart, found = gap, left - 1
        return apart, found

    def take(self, place: int) -> None:
        """Count a person as taken."""
        self.before[place + 1] = place
        self.after[place] = place + 1


def in_turn(scores: SortedScores, order: Whole, *, ratio: int, caliper: float | None) -> Whole:
    """Places of the people taken, (treated, ratio): the k-th for everyone before the next."""
    free = Free(scores, caliper)
    found = np.full((len(scores.treated), ratio), NONE, dtype=np.int64)
    for round_ in range(ratio):
        taken = []
        for asks in _asked(scores, order):
            place = free.nearest(*asks)[1]
            if place >= 0:
                free.take(place)
            taken.append(place)
        found[order, round_] = taken
        # Who found nobody finds nobody later, since fewer are free.
        order = order[found[order, round_] >= 0]
    return found


def _asked(scores: SortedScores, order: Whole) -> Iterator[tuple[float, int, int, int]]:
    """What each treated person asks of the free: score, place and bounds of the stratum."""
    columns = (scores.value, scores.place, scores.low, scores.high)
    return zip(*(column[order].data for column in columns), strict=True)


def closest_first(scores: SortedScores, *, ratio: int, caliper: float | None) -> Whole:
    """Places of the people taken, the closest pair of all first, (treated, ratio).

    Of pairs equally close the one of the earlier treated person comes first, but whoever lost a
    comparison person to another looks again at once and goes before those equally close, as in
    MatchIt.
    """
    free = Free(scores, caliper)
    found = np.full((len(scores.treated), ratio), NONE, dtype=np.int64)
    asked = list(_asked(scores, np.arange(len(scores.treated))))
    waiting = list(range(len(asked)))
    for round_ in range(ratio):
        taken = _closest_round(free, asked, waiting)
        found[list(taken), round_] = list(taken.values())
        waiting = sorted(taken)
    return found


def _closest_round(
    free: Free, asked: list[tuple[float, int, int, int]], waiting: list[int]
) -> dict[int, int]:
    nearest = ((one, *free.nearest(*asked[one])) for one in waiting)
    queue = [(apart, one, one, place) for one, apart, place in nearest if place >= 0]
    heapify(queue)
    taken: dict[int, int] = {}
    looked_again = 0
    while queue:
        _, _, treated, place = heappop(queue)
        if free.after[place] == place:
            free.take(place)
            taken[treated] = place
            continue
        apart, place = free.nearest(*asked[treated])
        if place >= 0:
            looked_again -= 1
            heappush(queue, (apart, looked_again, treated, place))
    return taken


def with_replacement(scores: SortedScores, *, ratio: int, caliper: float | None) -> Whole:
    """Places of the nearest people, who may stand beside several treated, (treated, ratio)."""
    left, right = scores.place - 1, scores.place.copy()
    widest = float("inf") if caliper is None else float(caliper)
    found = np.full((len(scores.treated), ratio), NONE, dtype=np.int64)
    for round_ in range(ratio):
        below = _gap(scores, left, left >= scores.low)
        above = _gap(scores, right, right < scores.high)
        goes_left = below <= above
        apart = np.where(goes_left, below, above)
        is_near = np.isfinite(apart) & (apart <= widest)
        found[is_near, round_] = np.where(goes_left, left, right)[is_near]
        left = left - (goes_left & is_near)
        right = right + (~goes_left & is_near)
    return found


def _gap(scores: SortedScores, place: Whole, is_there: np.ndarray) -> Real:
    """Distance of each treated person to the one at a place; infinite where there is none."""
    last = len(scores.score) - 1
    gap = np.abs(scores.value - scores.score[np.clip(place, 0, last)])
    return np.where(is_there, gap, np.inf)
