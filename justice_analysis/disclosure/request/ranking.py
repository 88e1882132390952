"""Which outputs to ask for first, where more may leave than one request may hold.

All outputs are judged together, also those that the request has no place for: what is hidden
then protects whatever is asked for next, and no later request has to hide (or be refused) what an
earlier one showed. Only outputs that pass take a place, since only these leave: outputs for a
person to look at stand behind them and cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from justice_analysis.disclosure.deciding import Decided, Decisions
from justice_analysis.disclosure.earlier.changes import is_repeated
from justice_analysis.disclosure.earlier.history import History
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.verdict import Judged

NOT_ASKED = "not asked"
STATUSES = ("pass", "review", "fail")
USES = ("its numbers stand in sentences", "a figure", "a headline estimate", "a table")


@dataclass(frozen=True, order=True)
class Rank:
    """The place of one output; smaller comes first.

    Attributes
    ----------
    status
        0 where it passes, 1 where a person must look, 2 where it may not leave.
    use
        Place in `USES`.
    hidden
        Share of its rows that are hidden, from 0 to 1.
    repeated
        Whether the same output left before.
    rows
        Rows of its table.
    """

    status: int
    use: int
    hidden: float
    repeated: bool
    rows: int
    run: str
    id: str

    @property
    def why(self) -> str:
        """Say in words what gave it its place."""
        said = [USES[self.use]]
        if self.hidden:
            said.append(f"{self.hidden:.0%} of its rows hidden")
        if self.repeated:
            said.append("the same as released before")
        return ", ".join(said)


def limit(decisions: Decisions, profile: Profile) -> int:
    """Return the most outputs that one request may hold, under the strictest rules of its runs."""
    return min([profile.max_outputs, *(under.max_outputs for _, _, under in decisions)])


def rank(decisions: Decisions, history: History) -> list[Rank]:
    """Order the outputs of a request: those to ask for first come first.

    By what the paper loses without them: outputs whose numbers sentences use, figures, headline
    estimates, tables; then the fewer hidden rows, new before repeated ones, the shorter first.
    """
    found = [
        _rank(run, judged, under, history)
        for run, judgements, under in decisions
        for judged in judgements
    ]
    return sorted(found)


def asked(decided: Decided, ranks: Sequence[Rank], most: int) -> Decided:
    """Keep the outputs that are asked for: of those that pass, the first `most`."""
    over = over_the_limit(ranks, most)
    kept = [
        (run, [one for one in judgements if (run.name, one.candidate.id) not in over], under)
        for run, judgements, under in decided.runs
    ]
    return replace(decided, runs=kept)


def over_the_limit(ranks: Sequence[Rank], most: int) -> dict[tuple[str, str], str]:
    """Name the outputs that have no place, with the reason; it leaves, so it says no more."""
    passing = [one for one in ranks if one.status == 0]
    return {
        (one.run, one.id): (
            f"a request may hold {most} {'output' if most == 1 else 'outputs'}, and this is "
            f"number {place} ({USES[one.use]}): ask for it in the next."
        )
        for place, one in enumerate(passing[most:], start=most + 1)
    }


def _rank(run: Run, judged: Judged, profile: Profile, history: History) -> Rank:
    candidate, protected = judged.candidate, judged.protected
    hidden = 0.0
    if protected is not None and len(protected.table):
        hidden = float((protected.table["shown"] != "yes").mean())
    return Rank(
        status=STATUSES.index(judged.verdict.status),
        use=_use(judged),
        hidden=round(hidden, 6),
        repeated=is_repeated(history, run, candidate, profile),
        rows=len(candidate.output.table),
        run=run.name,
        id=candidate.id,
    )


def _use(judged: Judged) -> int:
    output = judged.candidate.output
    if output.kind == "text":
        return 0
    if output.chart is not None:
        return 1
    return 2 if output.roles.estimate else 3
