"""Releases made one after the other, compared through the history alone, pin no small count."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.earlier.history import History, Source, record_of
from justice_analysis.disclosure.judge import judge

SRS = disclosure.load("ons-srs")
LEAST, HALF = SRS.minimum_count, 2
HERE = Source("study", "default", "f", ("data",), False)
SEXES, AGES = ("f", "m"), ("young", "old")
CELLS = list(itertools.product(SEXES, AGES))
KINDS = ("sequence", "subset", "update")


def table(counts, dimensions, population, within=()):
    """Cross dimensions of sex and age, with every total: the rows and the cells in each."""
    levels = {"sex": [("f",), ("m",), SEXES], "age": [("young",), ("old",), AGES]}
    rows, held = [], []
    for chosen in itertools.product(*(levels[name] for name in dimensions)):
        named = dict(zip(dimensions, chosen, strict=True))
        inside = [
            cell
            for cell in CELLS
            if cell[0] in named.get("sex", SEXES) and cell[1] in named.get("age", AGES)
        ]
        words = {name: group[0] if len(group) == 1 else "all" for name, group in named.items()}
        rows.append({**words, "people": sum(counts[cell] for cell in inside)})
        held.append(inside)
    output = Output(
        kind="table",
        title="T",
        table=pd.DataFrame(rows),
        dimensions=tuple(dimensions),
        roles=ColumnRoles(people="people"),
        unit="people",
        population="all",
        population_hash=population,
        card="card",
        within=within,
    )
    return output, held


def requests(kind, random):
    """Draw what is asked for, request by request, with the true counts of each population."""
    counts = {cell: int(random.choice([random.integers(0, 14), 60])) for cell in CELLS}
    shapes = [("sex",), ("age",), ("sex", "age")]
    if kind == "sequence":
        order = random.permutation(3)
        return {"p": counts}, [("p", *table(counts, shapes[n], "p")) for n in order]
    shape = shapes[random.integers(0, 3)]
    fewer = {cell: int(random.binomial(count, 0.9)) for cell, count in counts.items()}
    within = ("whole",) if kind == "subset" else ()
    asked = [
        ("whole", *table(counts, shape, "whole")),
        ("part", *table(fewer, shape, "part", within)),
    ]
    if kind == "update" or random.random() < 0.5:  # new data only adds people
        asked.reverse()
    return {"whole": counts, "part": fewer}, asked


def release_one_by_one(asked, path):
    """Judge every request against the history on disk, and add what passed to it."""
    shown = []
    for number, (population, output, held) in enumerate(asked):
        history = History.open(path)
        candidate = Candidate(f"output_{number}", output, False, f"{number:064d}")
        judged = judge([candidate], SRS, past=history.past(SRS))[0]
        if judged.verdict.status == "pass":
            history.append(history.prepare([record_of(judged, HERE, SRS)]))
            people = judged.protected.table["people"].tolist()
            shown += [
                (population, inside, int(number))
                for inside, number in zip(held, people, strict=True)
                if not pd.isna(number)
            ]
    return shown


def bounds(shown, populations, aim):
    """Bound the sum of some cells from everything shown: written apart from the package."""
    from scipy.optimize import linprog

    names = [(p, cell) for p in populations for cell in CELLS]
    place = {name: number for number, name in enumerate(names)}
    above, limits = [], []
    for population, inside, number in shown:
        row = np.zeros(len(names))
        row[[place[population, cell] for cell in inside]] = 1
        above += [row, -row]
        limits += [number + HALF, -max(number - HALF, LEAST)]
    if "part" in populations:
        for cell in CELLS:
            row = np.zeros(len(names))
            row[place["part", cell]], row[place["whole", cell]] = 1, -1
            above.append(row)
            limits.append(0)
    weights = np.zeros(len(names))
    for sign, name in aim:
        weights[place[name]] += sign
    ends = []
    for sign in (1, -1):
        solved = linprog(sign * weights, A_ub=np.array(above), b_ub=limits, method="highs")
        ends.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
    return ends


def targets(asked, populations):
    """Every number of people asked for, and by how many the two populations differ in it."""
    for population, _, held in asked:
        for inside in held:
            yield [(1, (population, cell)) for cell in inside], True
            if "part" in populations:
                both = [(1, ("whole", cell)) for cell in inside]
                yield both + [(-1, ("part", cell)) for cell in inside], False


@pytest.mark.parametrize("seed", range(24))
def test_no_sequence_of_releases_pins_a_small_count(seed, tmp_path):
    random = np.random.default_rng(seed)
    populations, asked = requests(KINDS[seed % len(KINDS)], random)
    shown = release_one_by_one(asked, tmp_path / "history")
    if not shown:
        return
    for aim, protects_zero in targets(asked, populations):
        true = sum(sign * populations[p][cell] for sign, (p, cell) in aim)
        if 0 < true < LEAST or (true == 0 and protects_zero):
            low, high = bounds(shown, populations, aim)
            assert low <= 1e-6
            assert high >= LEAST - 1e-6


def test_most_sequences_show_something(tmp_path):
    shown = 0
    for seed in range(24):
        _, asked = requests(KINDS[seed % len(KINDS)], np.random.default_rng(seed))
        shown += bool(release_one_by_one(asked[:1], tmp_path / str(seed)))
    assert shown >= 16
