"""What can be said of one output by itself: rules it breaks, and what has no rule."""

from __future__ import annotations

from justice_analysis.disclosure.attacker import evidence
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.disclosure.kinds import RULES, dominance
from justice_analysis.disclosure.kinds.labels import label_problems
from justice_analysis.disclosure.kinds.maps import places_problems
from justice_analysis.disclosure.kinds.tables import count_problems
from justice_analysis.disclosure.kinds.words import words_problems
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Verdict
from justice_analysis.disclosure.wording import MARK


def first_look(candidate: Candidate, profile: Profile) -> Verdict | None:
    """Refuse what breaks a rule or has none; None if the numbers may be judged."""
    output = candidate.output
    mechanism = profile.mechanism.get(output.kind)
    if mechanism is None or output.kind not in RULES:
        return _fail(f"kind {output.kind} has no rule in profile {profile.name}.")
    if output.table.empty:
        return _fail("an output must have rows: it has none.")
    if MARK in output.table.columns:
        return _fail(f"no column may be named {MARK}: synthetic data is marked by it.")
    rules = RULES[output.kind]
    wrong = [*rules.broken(output, profile), *count_problems(output)]
    wrong = wrong or [*counted.broken(output), *dominance.broken(output, profile)]
    if mechanism != "none":
        wrong += places_problems(output, profile)
    if wrong:
        return _fail(*wrong)
    if output.kind != "survival" and len(output.table) > profile.max_rows:
        return too_long(len(output.table), profile)
    if mechanism == "none":
        return None
    problems = [*rules.without_rule(output, profile), *counted.without_rule(output, profile)]
    problems += [*label_problems(output, profile), *words_problems(output, profile)]
    return _review(*problems) if problems else None


def too_long(rows: int, profile: Profile) -> Verdict:
    """Answer for a table that is longer than a checker can read."""
    return _review(
        f"a table must have at most {profile.max_rows:,} rows under profile "
        f"{profile.name}: {rows:,} were found."
    )


def _fail(*reasons: str) -> Verdict:
    return Verdict("fail", reasons, evidence=evidence.fail("first look", *reasons))


def _review(*reasons: str) -> Verdict:
    return Verdict("review", reasons, evidence=evidence.review(*reasons))
