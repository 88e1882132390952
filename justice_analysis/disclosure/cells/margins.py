"""Margins that several tables share and none writes down, and tables that form a loop.

Sex by region and sex by age both add up to the numbers by sex: what one hides, the other may
tell. So a margin that two tables share is a cell even where nobody states it. Tables that hang
together like the branches of a tree are then wholly described by their margins. Tables in a loop
(A by B, B by C, A by C) are not: no margin says that one joint table must stand behind all three.
For these the cells of the joint table are added, as cells of which nobody knows the value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from math import prod

from justice_analysis.disclosure.cells.register import Counted, Name, Register
from justice_analysis.disclosure.cells.rows import Group
from justice_analysis.disclosure.cells.system import Cell, Sum
from justice_analysis.errors import DisclosureError

MOST_DIMENSIONS = 5
MOST_ATOMS = 20_000
ELSEWHERE = "\x00not in the table"
"""Value of a dimension for people whom a table leaves out: no value that data may hold."""

Dimensions = frozenset[str]
Items = frozenset[tuple[str, str]]


def add_shared_margins(register: Register) -> None:
    """Tie the tables of each population by what they share.

    Raises
    ------
    DisclosureError
        If tables form a loop of too many dimensions or cells to be judged together.
    """
    for counted in list(register.tables):
        for tables in _contexts(register, counted):
            edges = _largest(tables)
            for one, other in combinations(edges, 2):
                _tie(register, tables, one, other)
            core = cyclic_core(edges)
            if core:
                _add_joint(register, tables, core)


def shared_dimensions(register: Register, one: Counted, other: Counted) -> set[Dimensions]:
    """Return the dimensions that tables of one population share with those of another."""
    sides = [
        {edge for tables in _contexts(register, counted) for edge in _largest(tables)}
        for counted in (one, other)
    ]
    return {mine & theirs for mine in sides[0] for theirs in sides[1]}


def margins_over(
    register: Register, counted: Counted, dimensions: Dimensions
) -> dict[Group, list[Cell]]:
    """Find the cells of a margin of one population, adding those that nobody states."""
    found: dict[Group, list[Cell]] = {}
    for tables in _contexts(register, counted):
        whole = next((edge for edge in _largest(tables) if dimensions <= edge), None)
        if whole is None:
            continue
        for items, parts in _split(tables[whole], dimensions).items():
            group = _full_group(register, parts[0][0], items)
            stated = register.versions.get(Name(*counted, group))
            found[group] = list(stated) if stated else [_imply(register, parts, group)]
    return found


Tables = dict[Dimensions, dict[Items, tuple[Name, Cell]]]


def _contexts(register: Register, counted: Counted) -> list[Tables]:
    """Split what adds up: the same people at two horizons are two sets of tables."""
    again = register.again[counted]
    found: dict[Items, Tables] = defaultdict(lambda: defaultdict(dict))
    for groups in register.tables[counted].values():
        for group in sorted(groups):
            name = Name(*counted, group)
            if any(item in register.parents[counted] for item in group):
                continue
            fixed = frozenset(item for item in group if item[0] in again)
            inner = frozenset(group) - fixed
            cell = register.versions[name][0]
            found[fixed][frozenset(d for d, _ in inner)][inner] = (name, cell)
    return list(found.values())


def _largest(tables: Iterable[Dimensions]) -> list[Dimensions]:
    """Return the tables that are no margin of another, in a fixed order."""
    found = list(tables)
    largest = [one for one in found if not any(one < other for other in found)]
    return sorted(largest, key=sorted)


def cyclic_core(edges: Sequence[Dimensions]) -> list[Dimensions]:
    """Take away what hangs on like a branch until nothing does; what is left is in loops.

    Dimensions of one table only, then tables within others, are taken away in turn (the
    reduction of Graham, and of Yu and Ozsoyoglu, 1979).
    """
    left = list(edges)
    while True:
        once = {d for edge in left for d in edge if sum(d in other for other in left) == 1}
        reduced = list(dict.fromkeys(edge - once for edge in left))
        reduced = [edge for edge in reduced if not any(edge < other for other in reduced)]
        if len(reduced) <= 1:
            return []
        if reduced == left:
            return left
        left = reduced


def _tie(register: Register, tables: Tables, one: Dimensions, other: Dimensions) -> None:
    """Let two tables add up to one margin, group by group, wherever they (nearly) agree."""
    shared = one & other
    if shared in tables:
        return  # stated: the tables are tied to it already
    sides = [_split(tables[edge], shared) for edge in (one, other)]
    for items in sorted(sides[0].keys() & sides[1].keys(), key=sorted):
        small, large = sorted(
            (side[items] for side in sides),
            key=lambda parts: register.total_of([cell for _, cell in parts]),
        )
        gap = register.total_of([cell for _, cell in large])
        gap -= register.total_of([cell for _, cell in small])
        if gap < register.threshold:
            whole = _imply(register, large, _full_group(register, large[0][0], items))
            register.add(whole, [cell for _, cell in small])


def _imply(register: Register, parts: list[tuple[Name, Cell]], group: Group) -> Cell:
    """Add a margin that parts add up to; its zero tells no more than theirs."""
    cells = tuple(cell for _, cell in parts)
    value = register.total_of(cells)
    whole = ("margin", parts[0][0].of(group), ("value", value))
    register.imply(whole, value, step=True)
    register.sums.append(Sum(whole, cells))
    return whole


def _full_group(register: Register, name: Name, items: Items) -> Group:
    """Order the values of a margin, with the horizon or cause of the table they come from."""
    dimensions = {dimension for dimension, _ in items} | register.again[name.counted]
    return tuple(item for item in name.group if item[0] in dimensions)


def _split(
    cells: dict[Items, tuple[Name, Cell]], shared: Dimensions
) -> dict[Items, list[tuple[Name, Cell]]]:
    found: dict[Items, list[tuple[Name, Cell]]] = defaultdict(list)
    for items, named in cells.items():
        found[frozenset(item for item in items if item[0] in shared)].append(named)
    return found


def _add_joint(register: Register, tables: Tables, core: list[Dimensions]) -> None:
    """Add the joint table behind tables in a loop: each of their cells is a sum over it.

    Where two of the tables leave out different people, the joint table has room for those.
    """
    known = {edge: _margin_cells(register, tables, edge) for edge in core}
    dimensions = sorted({dimension for edge in core for dimension in edge})
    elsewhere = [] if _agree(register, known) else [ELSEWHERE]
    values = {
        d: sorted({v for cells in known.values() for items in cells for n, v in items if n == d})
        + elsewhere
        for d in dimensions
    }
    atoms = prod(len(found) for found in values.values())
    if len(dimensions) > MOST_DIMENSIONS or atoms > MOST_ATOMS:
        raise DisclosureError(
            f"tables of one population that form a loop must have at most {MOST_DIMENSIONS} "
            f"dimensions and {MOST_ATOMS:,} joint cells between them: {len(dimensions)} "
            f"({', '.join(dimensions)}) and {atoms:,} were found. Ask for fewer of them."
        )
    behind = _atoms_behind(known, dimensions, values)
    for edge, cells in known.items():
        for items, cell in cells.items():
            parts = tuple(behind[edge].get(items, ()))
            for part in parts:
                register.values.setdefault(part, float("nan"))
            register.sums.append(Sum(cell, parts))


def _agree(register: Register, known: dict[Dimensions, dict[Items, Cell]]) -> bool:
    """Whether tables have the same people behind whatever they share."""
    for one, other in combinations(known, 2):
        sides = []
        for edge in (one, other):
            totals: dict[Items, float] = defaultdict(float)
            for items, cell in known[edge].items():
                shared = frozenset(item for item in items if item[0] in one & other)
                totals[shared] += register.values[cell]
            sides.append({items: total for items, total in totals.items() if total})
        if sides[0] != sides[1]:
            return False
    return True


def _atoms_behind(
    known: dict[Dimensions, dict[Items, Cell]],
    dimensions: Sequence[str],
    values: dict[str, list[str]],
) -> dict[Dimensions, dict[Items, list[Cell]]]:
    """Collect the joint cells behind each cell; none where a table has no such row."""
    behind: dict[Dimensions, dict[Items, list[Cell]]]
    behind = {edge: defaultdict(list) for edge in known}
    scope = tuple(sorted(repr(cell) for cells in known.values() for cell in cells.values()))
    loop = hash_of(scope)
    for combination in product(*(values[name] for name in dimensions)):
        atom = dict(zip(dimensions, combination, strict=True))
        seen = {
            edge: frozenset((name, atom[name]) for name in edge)
            for edge in known
            if all(atom[name] != ELSEWHERE for name in edge)
        }
        if seen and all(items in known[edge] for edge, items in seen.items()):
            for edge, items in seen.items():
                behind[edge][items].append(("joint", loop, combination))
    return behind


def hash_of(words: Sequence[str]) -> str:
    """Name a loop of tables shortly and alike from run to run."""
    import hashlib

    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def _margin_cells(register: Register, tables: Tables, edge: Dimensions) -> dict[Items, Cell]:
    """Return the cells of a table, or of the margin of one, by their values."""
    if edge in tables:
        return {items: cell for items, (_, cell) in tables[edge].items()}
    whole = next(other for other in _largest(tables) if edge < other)
    return {
        items: _imply(register, parts, _full_group(register, parts[0][0], items))
        for items, parts in _split(tables[whole], edge).items()
    }
