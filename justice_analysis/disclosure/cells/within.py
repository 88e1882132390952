"""A population inside another: what is left of the larger one is people too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells.margins import margins_over, shared_dimensions
from justice_analysis.disclosure.cells.register import Counted, Register


def add_differences(register: Register, outputs: Sequence[Output]) -> Counter[str]:
    """Tie each population to those that contain it, group by group, totals too.

    What both count in the same group is at most the larger population's count, and the
    difference is protected like any count of people. Compared are all groups that both state or
    that follow by adding up, with every dimension that tables of the two share.

    Returns
    -------
    Counter
        How many counts exceed those of the population said to contain them, by population hash.
    """
    beyond: Counter[str] = Counter()
    pairs = {(output.population_hash, outer) for output in outputs for outer in output.within}
    for inner, outer in sorted(pairs):
        if inner == outer:
            continue
        for counted in [one for one in register.tables if one[0] == inner]:
            beyond[inner] += _compare(register, counted, (outer, *counted[1:]))
    return +beyond


def _compare(register: Register, inner: Counted, outer: Counted) -> int:
    """Add the differences between two populations; returns how many are negative."""
    if outer not in register.tables:
        return 0
    shared = shared_dimensions(register, inner, outer)
    shared |= {d for d in _stated(register, inner) & _stated(register, outer)}
    shared |= {part & stated for part in shared for stated in _stated(register, inner)}
    shared |= {part & stated for part in shared for stated in _stated(register, outer)}
    negative = 0
    for dimensions in sorted(shared, key=lambda found: (len(found), sorted(found))):
        small = margins_over(register, inner, dimensions)
        large = margins_over(register, outer, dimensions)
        for group in sorted(small.keys() & large.keys()):
            for part in small[group]:
                for whole in large[group]:
                    if register.values[part] <= register.values[whole]:
                        register.less(whole, part, "in the larger population alone")
                    else:
                        negative += 1
    return negative


def _stated(register: Register, counted: Counted) -> set[frozenset[str]]:
    again = register.again[counted]
    return {frozenset(dimensions) - again for dimensions in register.tables[counted]}
