"""What to leave out so that a blocked request passes: the change that loses the fewest people."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import is_total, unit_rows
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.past import Past
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.verdict import Judged

if TYPE_CHECKING:
    import pandas as pd

ATTEMPTS = 40
MOST_ROWS = 12
"""Rows of one output that are tried; those with the fewest people."""
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
        Positions of the outputs that were blocked and pass with it, unless they are left out.
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
    candidates: Sequence[Candidate], decisions: Sequence[Judged], profile: Profile
) -> tuple[int, ...]:
    """Positions of outputs that would pass by themselves and don't beside the others.

    Those that hold a count nothing can protect (`unsafe` in the evidence) are among them.
    """
    return tuple(
        number
        for number, decided in enumerate(decisions)
        if decided.verdict.status != "pass"
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
    names: Sequence[str] = (),
    attempts: int = ATTEMPTS,
    decide: Decide | None = None,
) -> Change | None:
    """Search for what to leave out so that every other output of a request passes.

    Tried are single rows, the totals over a dimension, the groups of a dimension (only its
    totals stay), whole outputs, then two of these, those that lose the fewest people first.

    Parameters
    ----------
    candidates
        Everything asked for at once.
    past
        What left before: it can't be changed.
    names
        What to call the outputs; their ids if missing.
    attempts
        Most requests that are judged.
    decide
        How a request is judged; `judge` if missing.

    Returns
    -------
    Change or None
        None if nothing is blocked, or nothing that was tried helps.
    """
    decide = decide or _judged
    decisions = decide(candidates, profile, past)
    wanted = blocked(candidates, decisions, profile)
    if not wanted:
        return None
    stay = {n for n, judged in enumerate(decisions) if judged.verdict.status == "pass"}
    names = names or [candidate.id for candidate in candidates]
    near = _related(candidates, wanted)
    moves = _sorted_moves(candidates, near, names)

    def helps(chosen: tuple[_Move, ...]) -> bool:
        kept = _without(candidates, chosen)
        again = dict(zip(kept, decide(list(kept.values()), profile, past), strict=True))
        must_pass = ({*wanted} | stay) & set(kept)
        return bool(must_pass) and all(again[n].verdict.status == "pass" for n in must_pass)

    found = _search(moves, helps, attempts)
    return replace(found, blocked=wanted) if found else None


def _search(
    moves: Sequence[_Move], helps: Callable[[tuple[_Move, ...]], bool], attempts: int
) -> Change | None:
    """Try single moves, then the pairs that lose fewer people than the one found."""
    found: tuple[_Move, ...] | None = None
    lost, left = math.inf, attempts
    for move in moves[:left]:
        left -= 1
        if helps((move,)):
            found, lost = (move,), move.people
            break
    pairs = [pair for pair in combinations(moves, 2) if not _overlap(*pair)]
    pairs = [pair for pair in pairs if sum(move.people for move in pair) < lost]
    pairs.sort(key=lambda pair: (sum(move.people for move in pair), pair[0].words, pair[1].words))
    better = next((pair for pair in pairs[:left] if helps(pair)), found)
    return _change(better) if better else None


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


def _sorted_moves(
    candidates: Sequence[Candidate], near: Sequence[int], names: Sequence[str]
) -> list[_Move]:
    moves = (move for number in near for move in _moves(number, candidates[number], names[number]))
    return sorted(moves, key=lambda move: (move.people, move.words))


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


def _without(candidates: Sequence[Candidate], moves: Sequence[_Move]) -> dict[int, Candidate]:
    """Return the request as it would be, by position in the request as it is."""
    dropped = {move.number for move in moves if not move.rows}
    rows = _rows_of(moves)
    kept = {}
    for number, candidate in enumerate(candidates):
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
