"""Random small populations, and outputs made from them whose every number is traced to atoms.

An *atom* is one combination of all attributes of one version of a population (with the outcome or
without it); a number of an output is the sum of some atoms. The attack works on atoms alone, and
knows nothing of how the package names cells or finds sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from justice_analysis.definitions.output import ColumnRoles, Output

ALL = "all"
MOST_CELLS = 60
NAMES = ("sex", "age", "region", "year")


@dataclass(frozen=True, eq=False)
class Population:
    """One version of a population: people by attribute, last axis without and with the outcome."""

    name: str
    people: NDArray[np.int64]
    within: tuple[str, ...] = ()
    family: str | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        return NAMES[: self.people.ndim - 1]


@dataclass(frozen=True, eq=False)
class Traced:
    """An output, and for each of its count columns the atoms behind each row (rows by atoms)."""

    output: Output
    population: Population
    atoms: dict[str, NDArray[np.bool_]]


def draw(random: np.random.Generator, name: str = "p") -> Population:
    """Draw a population of at most 60 cells, from sparse to full."""
    while True:
        shape = tuple(int(n) for n in random.integers(2, 6, size=random.integers(1, 4)))
        if np.prod(shape) <= MOST_CELLS:
            break
    size = random.choice([8, 20, 60, 200])
    small = random.random(shape) < random.choice([0.1, 0.3, 0.6])
    people = np.where(small, random.integers(0, 13, shape), random.poisson(size, shape))
    returned = random.binomial(people, random.uniform(0.1, 0.6))
    return Population(name, np.stack([people - returned, returned], axis=-1), family="family")


def grown(population: Population, random: np.random.Generator) -> Population:
    """Draw the same population after new data: people are added, none is taken away."""
    more = random.binomial(random.integers(1, 12), 0.2, population.people.shape)
    return replace(
        population, name=f"{population.name}+", people=population.people + more, within=()
    )


def part_of(population: Population, random: np.random.Generator) -> Population:
    """Draw a subset, such as women only: most or few of each atom."""
    kept = random.binomial(population.people, random.choice([0.5, 0.9, 0.98]))
    name = f"{population.name}-part"
    return replace(population, name=name, people=kept, within=(population.name,))


def table(
    population: Population, names: Sequence[str], totals: Sequence[str], *, rates: bool
) -> Traced:
    """Cross-tabulate some attributes, with totals over some of them, and perhaps shares."""
    rows, masks = [], []
    axes = [population.dimensions.index(name) for name in names]
    groups = [
        [*range(population.people.shape[axis]), *([ALL] if name in totals else [])]
        for name, axis in zip(names, axes, strict=True)
    ]
    for combination in product(*groups):
        mask = np.ones(population.people.shape, dtype=bool)
        for axis, value in zip(axes, combination, strict=True):
            if value != ALL:
                inside = np.zeros(population.people.shape[axis], dtype=bool)
                inside[value] = True
                shape = [1] * mask.ndim
                shape[axis] = -1
                mask &= inside.reshape(shape)
        rows.append([value if value == ALL else f"{value}." for value in combination])
        masks.append(mask)
    return _traced(population, names, rows, np.array(masks), rates=rates)


def _traced(
    population: Population,
    names: Sequence[str],
    rows: list[list[str]],
    masks: NDArray[np.bool_],
    *,
    rates: bool,
) -> Traced:
    made = pd.DataFrame(rows, columns=list(names))
    made["people"] = [int(population.people[mask].sum()) for mask in masks]
    atoms = {"people": masks.reshape(len(rows), -1)}
    roles = ColumnRoles(people="people")
    if rates:
        outcome = masks.copy()
        outcome[..., 0] = False
        made["returned"] = [int(population.people[mask].sum()) for mask in outcome]
        made["estimate"] = (made["returned"] / made["people"].where(made["people"] > 0)).fillna(0)
        atoms["returned"] = outcome.reshape(len(rows), -1)
        roles = ColumnRoles(
            people="people", numerator="returned", denominator="people", estimate=("estimate",)
        )
    output = Output(
        kind="estimates" if rates else "table",
        title="People by " + " and ".join(names),
        table=made,
        dimensions=tuple(names),
        roles=roles,
        unit="people",
        population=population.name,
        population_hash=population.name,
        card="example",
        within=population.within,
        family=population.family,
    )
    return Traced(output, population, atoms)
