"""Rules for quotations: words of people interviewed, each cleared by somebody who read it.

Grain: one row per `theme` and `quotation`, with `speaker` (a role, never a name) and `cleared`
(by which role and when). No rule can read what words may tell: clearing is a
person's. What a rule can see is refused: nobody named as having cleared them, too few people
interviewed, or digits, by which ages, dates and numbers of cases would tell who spoke. The gate
on the finished request looks for names, addresses and identifiers as in any other file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import tables
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.verdict import Protected

DIMENSIONS = ("theme", "quotation", "speaker", "cleared")


def broken(output: Output, profile: Profile) -> list[str]:
    """Quotations that nobody cleared, or that say more than words."""
    if output.dimensions != DIMENSIONS:
        return [f"quotations must have the dimensions {', '.join(DIMENSIONS)}."]
    if output.roles.statistics or len(output.roles.counts) != 1:
        return ["quotations must count the people interviewed and nothing else."]
    uncleared = int((output.table["cleared"].fillna("").str.strip() == "").sum())
    if uncleared:
        return [f"every quotation must be marked as cleared: {uncleared} are not."]
    return []


def without_rule(output: Output, profile: Profile) -> list[str]:
    """Words with digits in them."""
    told = output.table[["theme", "quotation", "speaker"]].astype(str)
    digits = int(told.apply(lambda words: words.str.contains(r"\d")).any(axis=1).sum())
    if digits:
        return [
            f"quotations must hold no digits: {digits} do. An age, a date or a number may tell "
            "who spoke: write it in words if it may leave, or ask a person."
        ]
    return []


def thin(output: Output, profile: Profile) -> set[int]:
    """All of them, where too few people were interviewed."""
    few = unit_rows(output)[output.roles.people] < profile.minimum_count
    return {int(number) for number in few.to_numpy().nonzero()[0]}


def stated(output: Output, profile: Profile) -> Output:
    """People interviewed are counted once, however many quotations there are."""
    rows = unit_rows(output)[["theme", output.roles.people]].rename(columns={"theme": "name"})
    rows["name"] = [f"quotation {number + 1}" for number in range(len(rows))]
    return replace(output, kind="text", table=rows, dimensions=("name",), chart=None)


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Show the words, who spoke and who cleared them; of a hidden one nothing.

    Returns
    -------
    Protected
        Dimensions, people interviewed, `shown`.
    """
    table = unit_rows(output).copy()
    tables.round_counts(output, table, count_base(output.kind, profile))
    hidden = list(hidden)
    tables.hide_rows(output, table, hidden)
    table.loc[hidden, ["quotation", "speaker"]] = ""
    said = ("Each quotation was cleared by somebody who read it.",)
    return Protected(table, said)


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
