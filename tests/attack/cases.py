"""Five hundred sequences of releases: what a project might ask for, one request after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.attack.population import Population, Traced, draw, grown, part_of, table

KINDS = ("margins", "rates", "linked", "update", "subset", "variants", "sequence")


@dataclass(frozen=True, eq=False)
class Case:
    """Releases in their order, each a list of outputs asked for at once."""

    kind: str
    populations: list[Population]
    releases: list[list[Traced]]


def case(seed: int) -> Case:
    """Draw a case; its kind goes round with the seed."""
    kind = KINDS[seed % len(KINDS)]
    random = np.random.default_rng([seed, 4])
    population = draw(random)
    build = {
        "margins": _margins,
        "rates": _rates,
        "linked": _linked,
        "update": _update,
        "subset": _subset,
        "variants": _variants,
        "sequence": _sequence,
    }[kind]
    populations, releases = build(population, random)
    return Case(kind, populations, releases)


Built = tuple[list[Population], list[list[Traced]]]


def some_table(
    population: Population, random: np.random.Generator, *, rates: bool = False, all_totals: bool
) -> Traced:
    """Cross one to all attributes, with all or some of the totals."""
    count = int(random.integers(1, len(population.dimensions) + 1))
    names = sorted(random.choice(population.dimensions, size=count, replace=False))
    totals = names if all_totals else [name for name in names if random.random() < 0.5]
    return table(population, names, totals, rates=rates)


def _full(population: Population, *, rates: bool = False) -> Traced:
    return table(population, population.dimensions, population.dimensions, rates=rates)


def _margins(population: Population, random: np.random.Generator) -> Built:
    return [population], [[_full(population)]]


def _rates(population: Population, random: np.random.Generator) -> Built:
    return [population], [[_full(population, rates=True)]]


def _linked(population: Population, random: np.random.Generator) -> Built:
    """Several tables at once, some without the margins that tie them together."""
    outputs = [
        some_table(population, random, rates=bool(random.random() < 0.3), all_totals=False)
        for _ in range(int(random.integers(2, 4)))
    ]
    return [population], [_once(outputs)]


def _update(population: Population, random: np.random.Generator) -> Built:
    later = grown(population, random)
    names = sorted(random.choice(population.dimensions, size=1))
    names = list(population.dimensions) if random.random() < 0.5 else names
    releases = [[table(version, names, names, rates=False)] for version in (population, later)]
    return [population, later], releases


def _subset(population: Population, random: np.random.Generator) -> Built:
    part = part_of(population, random)
    names = list(population.dimensions)
    first, second = (table(version, names, names, rates=False) for version in (population, part))
    if random.random() < 0.5:
        first, second = second, first
    releases = [[first], [second]] if random.random() < 0.5 else [[first, second]]
    return [population, part], releases


def _variants(population: Population, random: np.random.Generator) -> Built:
    """Longer look-backs leave fewer people; all variants are asked for at once."""
    versions = [population]
    for _ in range(int(random.integers(1, 3))):
        versions.append(part_of(versions[-1], random))
    names = sorted(random.choice(population.dimensions, size=1))
    outputs = [table(version, names, names, rates=False) for version in versions]
    return versions, [outputs]


def _sequence(population: Population, random: np.random.Generator) -> Built:
    """Tables of one population, request by request."""
    outputs = [
        some_table(population, random, rates=bool(random.random() < 0.3), all_totals=True)
        for _ in range(3)
    ]
    return [population], [[output] for output in _once(outputs)]


def _once(outputs: list[Traced]) -> list[Traced]:
    """Leave out what repeats an earlier output."""
    found: dict[tuple[object, ...], Traced] = {}
    for one in outputs:
        found.setdefault((one.output.kind, one.output.dimensions, len(one.output.table)), one)
    return list(found.values())
