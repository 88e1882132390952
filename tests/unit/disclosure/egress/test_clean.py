"""Clean outputs raise nothing."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from justice_analysis.disclosure import egress, load
from tests.unit.disclosure.egress.clean import BESIDE, outputs, released
from tests.unit.disclosure.egress.files import ALL_TYPES


@cache
def corpus():
    srs = load("ons-srs")
    made = dict(released(srs))
    made |= {name: maker() for name, maker in BESIDE.items()}
    return made


@pytest.fixture(scope="module")
def allowing():
    """The profile of the service; types of file that it doesn't take are allowed for their own."""
    srs = load("ons-srs")
    wide = dataclasses.replace(srs, file_types=ALL_TYPES)
    return lambda name: srs if name.endswith((".csv", ".txt", ".png")) else wide


@pytest.mark.parametrize("name", BESIDE)
def test_a_clean_file_raises_nothing(name, allowing, tmp_path):
    (tmp_path / name).write_bytes(BESIDE[name]())
    assert egress.report(egress.scan(tmp_path, allowing(name))) == ()


@pytest.mark.parametrize("id", outputs())
def test_a_released_output_raises_nothing(id, allowing, tmp_path):
    for name, content in corpus().items():
        if name.startswith(f"{id}."):
            (tmp_path / name).write_bytes(content)
    assert list(tmp_path.iterdir())
    assert egress.report(egress.scan(tmp_path, load("ons-srs"))) == ()


def test_of_fifty_clean_outputs_none_is_raised(allowing, tmp_path, capsys):
    raised = 0
    for name, content in corpus().items():
        folder = tmp_path / name.replace(".", "_")
        folder.mkdir()
        (folder / name).write_bytes(content)
        raised += bool(egress.scan(folder, allowing(name)))
    with capsys.disabled():
        print(f"\nclean outputs raised: {raised} of {len(corpus())}")
    assert raised == 0
    assert len(corpus()) >= 50
