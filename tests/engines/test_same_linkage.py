"""Participants are linked alike on every engine."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.linkage import participants as linking
from justice_analysis.linkage.participants.alike import DERIVED
from justice_analysis.linkage.participants.scoring import score_pairs
from justice_analysis.linkage.participants.settings import FIELDS
from tests.participants import FORENAMES, STARTS, make_lists

# Each rule is several queries, and on Spark every query takes its time.
FEW_RULES = linking.LinkSettings(
    blocking=(("surname",), ("birth_date",)),
    certain=(("surname", "birth_date"),),
    training=(("birth_date",), ("surname",)),
    random_pairs=2_000,
)


def people(backend, key, numbers):
    """People with a surname and a birth date; every fifth participant's surname has a slip."""
    rows = {name: [None] * len(numbers) for name in (*FIELDS, *DERIVED)}
    surnames = [(STARTS[n % 16] + FORENAMES[n // 16]).upper() for n in numbers]
    is_slip = [key == "participant" and n % 5 == 0 for n in numbers]
    rows["surname"] = [
        name[:2] + name[3:] if slip else name for name, slip in zip(surnames, is_slip, strict=True)
    ]
    rows["birth_date"] = [f"{1960 + n % 40}-{1 + n % 12:02}-{1 + n % 28:02}" for n in numbers]
    schema = {key: "int64", **dict.fromkeys(rows, "string")}
    return engine.memory_table(backend, {key: list(numbers), **rows}, schema)


def test_pairs_are_scored_by_strings_alike_on_every_engine(backend):
    scored = score_pairs(
        people(backend, "participant", range(40)),
        people(backend, "record", range(120)),
        settings=FEW_RULES,
        seed=1,
    )
    likely = scored.pairs.filter(scored.pairs.match_probability >= 0.5)
    rows = engine.execute(likely)
    assert sorted(rows["participant"]) == list(range(40))
    assert (rows["participant"] == rows["record"]).all()


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    return make_lists(tmp_path_factory.mktemp("lists"), known=80, population=600)


def test_a_dirty_list_finds_its_people(backend, lists):
    links = linking.link_participants(
        linking.read_participants(lists.participants, backend=backend),
        linking.read_population(lists.population, backend=backend),
        settings=linking.LinkSettings(random_pairs=2e4),
        truth=lists.truth,
    )
    at = links.thresholds.set_index("threshold").loc[0.9]
    assert at["recall"] >= 0.95
    assert at["precision"] >= 0.98
    assert links.record["counts"]["submitted"] == 90
    assert links.refusal is None
