"""What to leave out so that a blocked request passes: the change that loses the fewest people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import is_total, unit_rows
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Judged

if TYPE_CHECKING:
    import pandas as pd

ATTEMPTS = 40
MOST_ROWS = 12
"""Rows of one output that are tried; those with the fewest people."""
LARGEST_WORK = 1500
"""Most rows that are judged over all attempts, of each output as many as are tried."""
Decide = Callable[[Sequence[Candidate], Profile, Sequence[Past]], Sequence[Judged]]


@dataclass(frozen=True)
class Change:
    """What to leave out of a request.

    Attributes
    ----------
    sentence
        In plain words, by output and group, never by value.
    outputs
        Positions of the outputs left out.
    rows
        For other outputs, by position: the positions of the rows left out.
    blocked
        Positions of the outputs that were blocked and pass with it.
    """

    sentence: str
    outputs: tuple[int, ...]
    rows: dict[int, tuple[int, ...]]
    blocked: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Move:
    """One thing to leave out: a whole output (no rows named), or some of its rows."""

    words: str
    number: int
    rows: tuple[int, ...]
    people: float


def blocked(
    candidates: Sequence[Candidate],
    decisions: Sequence[Judged],
    profile: Profile,
    *,
    asked: Collection[int] | None = None,
) -> tuple[int, ...]:
    """Positions of outputs that would pass by themselves and don't beside the others.

    Those that hold a count nothing can protect (`unsafe` in the evidence) are among them.
    """
    return tuple(
        number
        for number, decided in enumerate(decisions)
        if decided.verdict.status != "pass"
        and (asked is None or number in asked)
        and (
            decided.verdict.evidence.get("unsafe")
            or judge([candidates[number]], profile)[0].verdict.status == "pass"
        )
    )


def smallest_change(
    candidates: Sequence[Candidate],
    profile: Profile,
    past: Sequence[Past] = (),
    *,
    decisions: Sequence[Judged] | None = None,
    asked: Collection[int] | None = None,
    names: Sequence[str] = (),
    attempts: int = ATTEMPTS,
    decide: Decide | None = None,
) -> Change | None:
    """Search for what to leave out so that blocked outputs of a request pass.

    Tried are whole outputs; then what loses fewer people: single rows, the totals over a
    dimension, the groups of a dimension (only its totals stay); then two of all these. Whatever
    passed before must still pass.

    Parameters
    ----------
    candidates
        Everything asked for at once.
    past
        What left before: it can't be changed.
    decisions
        What was decided on the candidates, if that is known.
    asked
        Positions of the outputs that are really asked for; all if missing. The others are judged
        as if they left too, and nobody waits for them.
    names
        What to call the outputs; their ids if missing.
    attempts
        Most requests that are judged; fewer where a request is large.
    decide
        How a request is judged; `judge` if missing.

    Returns
    -------
    Change or None
        The change found that frees the most of the blocked outputs and then loses the fewest
        people; None if nothing is blocked, or nothing that was tried helps.
    """
    decide = decide or _judged
    decisions = decisions or decide(candidates, profile, past)
    wanted = blocked(candidates, decisions, profile, asked=asked)
    if not wanted:
        return None
    stay = {n for n, judged in enumerate(decisions) if judged.verdict.status == "pass"}
    near = _related(candidates, wanted)
    request = {number: candidates[number] for number in near}

    def freed(chosen: tuple[_Move, ...]) -> tuple[int, ...]:
        kept = _without(request, chosen)
        again = dict(zip(kept, decide(list(kept.values()), profile, past), strict=True))
        passed = {n for n, judged in again.items() if judged.verdict.status == "pass"}
        return tuple(n for n in wanted if n in passed) if stay & set(kept) <= passed else ()

    names = names or [candidate.id for candidate in candidates]
    moves = [move for number in near for move in _moves(number, candidates[number], names[number])]
    size = sum(min(len(one.output.table), MOST_ROWS) for one in request.values())
    return _search(moves, freed, min(attempts, max(LARGEST_WORK // size, 1)))


def _search(
    moves: Sequence[_Move], freed: Callable[[tuple[_Move, ...]], tuple[int, ...]], attempts: int
) -> Change | None:
    """Try whole outputs, then what loses fewer people than the best found so far."""
    best: tuple[int, float, Change] | None = None
    outputs = [(move,) for move in moves if not move.rows]
    parts = [(move,) for move in moves if move.rows]
    pairs = [pair for pair in combinations(moves, 2) if not _overlap(*pair)]
    for trials in (outputs, parts, pairs):
        for chosen in sorted(trials, key=_order):
            if attempts == 0:
                break
            if best is not None and _lost(chosen) >= -best[1]:
                break
            attempts -= 1
            free = freed(chosen)
            found = (len(free), -_lost(chosen), replace(_change(chosen), blocked=free))
            if free and (best is None or found[:2] > best[:2]):
                best = found
    return best[2] if best else None


def _lost(moves: Sequence[_Move]) -> float:
    return sum(move.people for move in moves)


def _order(moves: Sequence[_Move]) -> tuple[float, list[str]]:
    return _lost(moves), [move.words for move in moves]


def _judged(
    candidates: Sequence[Candidate], profile: Profile, past: Sequence[Past]
) -> Sequence[Judged]:
    return judge(candidates, profile, past=past)


def _related(candidates: Sequence[Candidate], wanted: Sequence[int]) -> list[int]:
    """Outputs that count the people, or the things, that a blocked one counts."""

    def marks(output: Output) -> set[str]:
        family = output.family or output.card or output.title
        return {output.population_hash, *output.within, family}

    aimed = set().union(*(marks(candidates[number].output) for number in wanted))
    return [n for n, candidate in enumerate(candidates) if marks(candidate.output) & aimed]


def _overlap(one: _Move, other: _Move) -> bool:
    """Whether two moves leave out the same rows."""
    whole = not one.rows or not other.rows
    return one.number == other.number and (whole or bool({*one.rows} & {*other.rows}))


def _moves(number: int, candidate: Candidate, name: str) -> list[_Move]:
    output = candidate.output
    table = unit_rows(output)
    people = table[output.roles.people].astype(float)
    moves = [_Move(f"output {name}", number, (), float(people.sum()))]
    if output.kind in ("survival", "attrition"):  # their rows are steps, not groups
        return moves
    for row in people.nsmallest(MOST_ROWS).index:
        group = _group(output, table.loc[row])
        moves.append(_Move(f"the row {group} of output {name}", number, (row,), people[row]))
    for dimension in output.dimensions:
        total = table[dimension].map(is_total)
        if total.any() and not total.all():
            for words, chosen in (("totals over", total), ("groups of", ~total)):
                said = f"the {words} {dimension} of output {name}"
                rows = tuple(int(row) for row in people.index[chosen])
                moves.append(_Move(said, number, rows, float(people[chosen].sum())))
    return [move for move in moves if len(move.rows) < len(table)]


def _group(output: Output, row: pd.Series) -> str:
    words = [f"{name} {row[name]}" for name in output.dimensions if not is_total(row[name])]
    return ", ".join(words) or "of everyone"


def _without(candidates: Mapping[int, Candidate], moves: Sequence[_Move]) -> dict[int, Candidate]:
    """Return the request as it would be, by position in the request as it is."""
    dropped = {move.number for move in moves if not move.rows}
    rows = _rows_of(moves)
    kept = {}
    for number, candidate in candidates.items():
        table = unit_rows(candidate.output).drop(index=list(rows.get(number, ())))
        if number not in dropped and len(table):
            output = replace(candidate.output, table=table.reset_index(drop=True))
            kept[number] = replace(candidate, output=output)
    return kept


def _rows_of(moves: Sequence[_Move]) -> dict[int, tuple[int, ...]]:
    rows: dict[int, tuple[int, ...]] = {}
    for move in moves:
        if move.rows:
            rows[move.number] = tuple(sorted({*rows.get(move.number, ()), *move.rows}))
    return rows


def _change(moves: Sequence[_Move]) -> Change:
    return Change(
        f"It passes without {' and '.join(move.words for move in moves)}.",
        tuple(sorted(move.number for move in moves if not move.rows)),
        _rows_of(moves),
    )
