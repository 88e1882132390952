"""Rules for histograms: people by bins of a quantity, thin bins merged with their neighbours.

Hiding a thin bin leaves a hole in the shape, and others beside it to keep its total from telling.
Merging keeps every person and every total: a bin that is too thin in one group is joined with a
neighbour, in every group alike, since bins that are whole in one group and joined in another give
the parts away as differences. Outer bins are joined inwards. A group too small for a shape
(`FEWEST_BINS` times the minimum) does not force a merge; its thin bins are hidden like the rows of
a table. What an attacker sees, and what is judged beside other outputs, are the merged bins; the
bins they were made of are judged too, as rows that are never shown: another output may show one
of them, or join them in another way. Where every number is only rounded, nothing is merged.

The first and the last bin end in the open ("90 or more") or at an edge that no value chose: 0, a
limit that the definition sets (`options["limits"]`), or a multiple of the width of the bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import is_total, unit_rows
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.disclosure.kinds import dominance, tables
from justice_analysis.disclosure.kinds.bins import Bin, has_round_edge, joined, read_bins
from justice_analysis.disclosure.kinds.quantities import quantity_of, unnamed
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Protected

FEWEST_BINS = 5
"""A group with fewer than this many times the minimum has no shape to be shown."""
FEWEST_SHOWN = 2
LIMITS = "limits"
MERGING = ("suppress", "suppress_then_round")
Runs = tuple[tuple[Bin, ...], ...]


def bin_dimension(output: Output) -> str | None:
    """Return the dimension whose values are bins; None where it isn't exactly one."""
    found = [name for name in output.dimensions if bins_of(output, name) is not None]
    return found[0] if len(found) == 1 else None


def bins_of(output: Output, name: str) -> tuple[Bin, ...] | None:
    """Return the bins of a dimension in order, without its total."""
    values = output.table[name]
    return read_bins(values[~values.map(is_total)].unique())


def broken(output: Output, profile: Profile) -> list[str]:
    """Bins that overlap, leave gaps or can't be read; statistics beside them."""
    problems = dominance.broken(output, profile)
    if bin_dimension(output) is None:
        problems.append(
            'exactly one dimension must hold bins without gaps or overlaps, such as "0 to 29", '
            '"30 to 59" and "60 or more".'
        )
    return problems


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule, so that a person must look."""
    roles = output.roles
    problems = [*unnamed(output), *tables.sum_problems(output)]
    problems += dominance.without_rule(output, profile)
    if roles.statistics or roles.total or roles.numerator or roles.denominator:
        problems.append("a histogram may show counts only: shares and sums of bins have no rule.")
    name = bin_dimension(output)
    bins = bins_of(output, name) if name else None
    if bins is None:
        return problems
    limits = [float(limit) for limit in _limits(output)]
    ends = {"first": bins[0].low, "last": bins[-1].end}
    problems += [
        f"the {which} bin must be open, or end at 0, at a multiple of the bins' width or at one "
        f"of options['{LIMITS}']: a smallest or largest value is one person's."
        for which, edge in ends.items()
        if not has_round_edge(edge, bins, limits)
    ]
    if _rows_missing(output, name or "", bins):
        problems.append("every group must have a row for every bin, with 0 where nobody is.")
    elif len(runs_to_show(output, name or "", profile)) < FEWEST_SHOWN <= len(bins):
        problems.append("too few people are in its bins for any two to be shown: use fewer.")
    return problems


def merged(output: Output, profile: Profile) -> Output:
    """Return the output with its thin bins joined to their neighbours, in every group alike.

    Numbers of people and other counts are added up. Families, cases and organisations may stand
    in several bins: of these the most in any one of the bins joined are sure to be there.
    """
    name = bin_dimension(output)
    if name is None or profile.mechanism[output.kind] not in MERGING:
        return output
    runs = runs_to_show(output, name, profile)
    texts = {one.text: joined(run).text for run in runs for one in run}
    table = unit_rows(output)
    table[name] = [texts.get(str(value), value) for value in table[name]]
    return replace(output, table=_added_up(output, table))


def stated(output: Output, profile: Profile) -> Output:
    """Return the bins shown, then those that they were joined from: hidden, and their parts."""
    name, shown = bin_dimension(output), merged(output, profile)
    if name is None or shown is output:
        return output
    parts = {
        one.text: joined(run).text
        for run in runs_to_show(output, name, profile)
        for one in run
        if len(run) > 1
    }
    table = unit_rows(output)
    inner = table[table[name].astype(str).isin(parts)][list(shown.table.columns)]
    return replace(
        shown,
        table=pd.concat([shown.table, inner], ignore_index=True),
        hierarchy={**output.hierarchy, name: parts},
    )


def cut_differently(one: Output, other: Output) -> bool:
    """Whether two histograms of one quantity, of people in common, have bins of other edges.

    Numbers up to each edge could be subtracted from each other, and there is no rule for what
    lies between two edges.
    """
    alike = one.kind == other.kind == "histogram" and quantity_of(one) == quantity_of(other)
    related = (
        one.population_hash == other.population_hash
        or one.population_hash in other.within
        or other.population_hash in one.within
    )
    return alike and related and _edges(one) != _edges(other)


def runs_to_show(output: Output, name: str, profile: Profile) -> Runs:
    """Return the bins in order, those that are joined together as one run."""
    bins = bins_of(output, name)
    assert bins is not None
    counts = _counts_by_bin(output, name, bins, profile)
    runs: list[tuple[Bin, ...]] = [(one,) for one in bins]
    while len(runs) > 1 and (thin_at := _thinnest(counts, profile)) is not None:
        beside = _neighbour(counts, thin_at)
        first, second = sorted((thin_at, beside))
        runs[first : second + 1] = [runs[first] + runs[second]]
        added = [one + other for one, other in zip(counts[first], counts[second], strict=True)]
        counts[first : second + 1] = [added]
    return tuple(runs)


def protect(output: Output, hidden: set[int], profile: Profile, beside: Beside) -> Protected:
    """Show the merged bins as a table: `hidden` are positions of its rows."""
    shown = merged(output, profile)
    rows = {row for row in hidden if row < len(shown.table)}
    protected = tables.protect(shown, rows, profile, beside)
    name = bin_dimension(output)
    assert name is not None
    before, after = (len(bins_of(one, name) or ()) for one in (output, shown))
    if before == after:
        return protected
    said = (
        f"{before} bins were joined to {after}: each of those shown has at least "
        f"{profile.minimum_count} people in every group with at least "
        f"{FEWEST_BINS * profile.minimum_count}."
    )
    return replace(protected, controls=(*protected.controls, said))


def thin(output: Output, profile: Profile) -> set[int]:
    """Merged bins that an organisation dominates, or with too few; the bins they were made of."""
    shown = merged(output, profile)
    never = range(len(shown.table), len(stated(output, profile).table))
    return dominance.thin(shown, profile) | set(never)


def behind_few(stated_bins: Output, profile: Profile) -> set[int]:
    """Bins, as an attacker reads them, with too few families, cases or organisations behind."""
    if stated_bins.kind != "histogram":
        return set()
    return set(counted.protected_counts(stated_bins, profile))


def _added_up(output: Output, table: pd.DataFrame) -> pd.DataFrame:
    """Join the rows of a group and bin: counts and contributions added, distinct ones at most."""
    roles = output.roles
    distinct = [name for name in (roles.families, roles.cases, roles.organisations) if name]
    distinct += roles.people_behind.values()
    how = dict.fromkeys([*roles.counts, *roles.evidence], "sum") | dict.fromkeys(distinct, "max")
    grouped = table.groupby(list(output.dimensions), sort=False, dropna=False)
    added = grouped.agg(how).reset_index()
    return added[[*output.dimensions, *how]]


def _counts_by_bin(
    output: Output, name: str, bins: Sequence[Bin], profile: Profile
) -> list[list[int]]:
    """People in each bin, for every group that is large enough to have a shape."""
    table, people = unit_rows(output), output.roles.people
    others = [other for other in output.dimensions if other != name]
    inner = table[~table[name].map(is_total)]
    groups = [rows for _, rows in inner.groupby(others, dropna=False)] if others else [inner]
    enough = FEWEST_BINS * profile.minimum_count
    kept = [rows for rows in groups if rows[people].sum() >= enough] or [inner]
    counts = [rows.groupby(rows[name].astype(str))[people].sum() for rows in kept]
    return [[int(group.get(one.text, 0)) for group in counts] for one in bins]


def _thinnest(counts: Sequence[Sequence[int]], profile: Profile) -> int | None:
    """Position of the bin with the fewest people in any group, if these are too few."""
    too_few = {
        position: min(found)
        for position, bin_counts in enumerate(counts)
        if (found := [n for n in bin_counts if _is_too_few(n, profile)])
    }
    return min(too_few, key=lambda at: (too_few[at], at)) if too_few else None


def _is_too_few(people: int, profile: Profile) -> bool:
    return people < profile.minimum_count and (people > 0 or profile.zeros_disclosive)


def _neighbour(counts: Sequence[Sequence[int]], at: int) -> int:
    """Return the neighbour with fewer people; an outer bin has only the one inwards."""
    beside = [other for other in (at - 1, at + 1) if 0 <= other < len(counts)]
    return min(beside, key=lambda other: (sum(counts[other]), other))


def _edges(output: Output) -> tuple[float, ...]:
    name = bin_dimension(output)
    bins = (bins_of(output, name) if name else None) or ()
    return (*(one.low for one in bins), *(one.end for one in bins[-1:]))


def _limits(output: Output) -> Sequence[float]:
    said = output.options.get(LIMITS, ())
    return said if isinstance(said, (list, tuple)) else ()


def _rows_missing(output: Output, name: str, bins: Sequence[Bin]) -> bool:
    others = [other for other in output.dimensions if other != name]
    inner = output.table[~output.table[name].map(is_total)]
    groups = len(inner[others].drop_duplicates()) if others else 1
    return len(inner) < groups * len(bins)


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
