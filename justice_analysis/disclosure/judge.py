"""Judge candidates together: what one shows may give away what another hides."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.attacker import evidence, together
from justice_analysis.disclosure.attacker.hiding import Hiding, hide_together
from justice_analysis.disclosure.attacker.least_base import refusal
from justice_analysis.disclosure.attacker.leaving import UNCOUNTED
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import everyone_counted, unit_rows
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.first_look import first_look, too_long
from justice_analysis.disclosure.kinds import RULES, Beside
from justice_analysis.disclosure.kinds.attrition import steps_left
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Judged, Protected, Verdict
from justice_analysis.errors import DisclosureError

Verdicts = dict[int, Verdict]


def judge(
    candidates: Sequence[Candidate], profile: Profile, past: Sequence[Past] = ()
) -> list[Judged]:
    """Decide on candidates that leave together, in their order.

    Parameters
    ----------
    candidates
        Everything that is asked for at once; outputs of one population, of populations within
        one another, and close versions of one count, are attacked together.
    past
        What left before: its rows can neither be hidden any more nor shown, so candidates hide
        what would tell of a protected count beside them.

    Returns
    -------
    list
        One decision a candidate: passed with its protected table, or the reasons why not.
        `evidence` says what was found, rule by rule.
    """
    decided = {
        number: verdict
        for number, candidate in enumerate(candidates)
        if (verdict := first_look(candidate, profile)) is not None
    }
    joint = _joint(candidates, decided, profile)
    decided |= together.without_rule(joint, past, minimum=profile.minimum_count)
    hiding = _hide(candidates, decided, profile, past)
    joint = _joint(candidates, decided, profile)
    ends = together.ends_of_curves(joint, hiding, profile, past)
    shown = _everyone_shown(joint, hiding, past)
    judged: dict[int, Judged] = {}
    for number in _texts_last(candidates):  # they may repeat what the others show
        candidate = candidates[number]
        if number in decided:
            judged[number] = Judged(candidate, decided[number])
            continue
        keys = _counted_alike(candidate.output)
        beside = set().union(*(shown[key] for key in keys))
        end = ends.get(number, math.inf)
        others = Beside(beside, end, tuple(judged.values()))
        judged[number] = _finish(candidate, number, hiding, profile, others)
        if candidate.output.kind in UNCOUNTED:
            for key in keys:
                shown[key] |= _steps_left(judged[number])
    return [judged[number] for number in range(len(candidates))]


def _texts_last(candidates: Sequence[Candidate]) -> list[int]:
    return sorted(range(len(candidates)), key=lambda n: candidates[n].output.kind == "text")


def _joint(
    candidates: Sequence[Candidate], decided: Verdicts, profile: Profile
) -> dict[int, Candidate]:
    """Candidates whose numbers are protected, and that nothing was decided on yet."""
    return {
        number: candidate
        for number, candidate in enumerate(candidates)
        if number not in decided and profile.protects(candidate.output.kind)
    }


def _hide(
    candidates: Sequence[Candidate], decided: Verdicts, profile: Profile, past: Sequence[Past]
) -> Hiding:
    """Find what to hide; candidates that can't be protected are decided on and left out."""
    while True:
        joint = _joint(candidates, decided, profile)
        try:
            hiding = hide_together(joint, profile, past)
        except DisclosureError as error:
            decided |= {
                number: Verdict("review", (str(error),), evidence=evidence.review(str(error)))
                for number in joint
            }
            return Hiding()
        refused = _refused(hiding, joint, profile, past)
        if not refused:
            return hiding
        decided |= refused


def _refused(
    hiding: Hiding, joint: Mapping[int, Candidate], profile: Profile, past: Sequence[Past]
) -> Verdicts:
    refused = {}
    for number, count in hiding.beyond.items():
        why = (
            "a population may not count more people than one that contains it: "
            f"{count:,} counts do. Correct `within`, or the counts."
        )
        refused[number] = Verdict("fail", (why,), evidence=evidence.fail("within", why))
    if hiding.rounding_fails:
        reason = refusal(hiding.rounding_fails, joint, profile, past)
        for number in hiding.rounding_fails:
            found = evidence.fail("round", reason[number])
            refused[number] = Verdict("fail", (reason[number],), evidence=found)
    return refused


def _counted_alike(output: Output) -> tuple[tuple[str, str], ...]:
    """Name whom an output counts: by its population, and whatever that is.

    Other areas are other people.
    """
    alike = output.family or output.card or output.title
    return ("population", output.population_hash), (alike, str(output.options.get("area")))


def _everyone_shown(
    joint: Mapping[int, Candidate], hiding: Hiding, past: Sequence[Past]
) -> defaultdict[tuple[str, str], set[int]]:
    """Numbers of everyone counted that stay shown, with which steps of a selection compare."""
    shown: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for number, table in hiding.tables.items():
        if table.output.kind in UNCOUNTED:
            continue
        hidden = table.past.hidden if table.past is not None else hiding.rows(number)
        for key in _counted_alike(table.output):
            shown[key] |= everyone_counted(table.stated, hidden)
    for left in past:
        if left.output.kind in UNCOUNTED:
            people = unit_rows(left.output)[left.output.roles.people]
            kept = [int(n) for row, n in enumerate(people) if row not in left.hidden]
            for key in _counted_alike(left.output):
                shown[key] |= set(kept)
    return shown


def _steps_left(judged: Judged) -> set[int]:
    """True numbers behind the steps of a selection that are shown."""
    if judged.protected is None:
        return set()
    return steps_left(judged.candidate.output, judged.protected)


def _finish(
    candidate: Candidate, number: int, hiding: Hiding, profile: Profile, beside: Beside
) -> Judged:
    """Protect one candidate, unless nothing of it can be shown."""
    if not profile.protects(candidate.output.kind):
        found = evidence.nothing_protected()
    else:
        found = evidence.evidence_of(hiding, number, profile)
    try:
        protected = _protect(candidate.output, hiding.rows(number), profile, beside)
    except DisclosureError as error:
        return Judged(candidate, Verdict("fail", (str(error),), evidence=found))
    if len(protected.table) > profile.max_rows:
        return Judged(candidate, replace(too_long(len(protected.table), profile), evidence=found))
    why = _nothing_shown(hiding, number, protected, beside)
    if why:
        return Judged(candidate, Verdict("fail", (why,), evidence=found))
    if candidate.output.kind in UNCOUNTED:
        found |= evidence.merged_steps(protected)
    if protected.evidence:
        found["of_its_kind"] = dict(protected.evidence)
    verdict = Verdict("pass", controls=protected.controls, evidence=found)
    return Judged(candidate, verdict, protected)


def _nothing_shown(hiding: Hiding, number: int, protected: Protected, beside: Beside) -> str | None:
    if beside.end == together.FROM_THE_START:
        return (
            "one of its curves is hidden and another output shows the same people: the two "
            "together could tell it. Show everyone and the groups in one output."
        )
    if (protected.table["shown"] == "yes").any():
        return None
    earlier = evidence.earlier_labels(hiding, number)
    if not earlier:
        return "no row of it may be shown."
    return f"no row of it may be shown beside what left before: {', '.join(earlier)}."


def _protect(output: Output, hidden: set[int], profile: Profile, beside: Beside) -> Protected:
    if profile.protects(output.kind):
        protected = RULES[output.kind].protect(output, hidden, profile, beside)
    else:
        shown = unit_rows(output).assign(shown="yes")
        protected = Protected(shown, ("None: the data may be shown.",))
    table = protected.table.drop(columns=list(output.roles.evidence), errors="ignore")
    rest = [name for name in table.columns if name not in output.dimensions]
    return replace(protected, table=table[[*output.dimensions, *rest]])
