"""Every planted leak is found, each alone, by the rule that is meant to find it."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure import egress
from tests.unit.disclosure.egress.files import any_type
from tests.unit.disclosure.egress.planted import PLANTED

CASES = [(kind, *leak) for kind, leaks in PLANTED.items() for leak in leaks]


@pytest.fixture(scope="module")
def profile():
    return any_type()


@pytest.mark.parametrize(
    ("kind", "name", "maker", "rule"), CASES, ids=[f"{kind}: {name}" for kind, name, *_ in CASES]
)
def test_a_planted_leak_is_found_by_its_rule(kind, name, maker, rule, profile, tmp_path):
    (tmp_path / name).write_bytes(maker())
    found = egress.scan(tmp_path, profile)
    assert rule in {finding.rule for finding in found}
    assert all(finding.count > 0 for finding in found)


def test_twenty_kinds_are_all_found(profile, tmp_path, capsys):
    found = 0
    for number, leaks in enumerate(PLANTED.values()):
        caught = True
        for at, (name, maker, rule) in enumerate(leaks):
            folder = tmp_path / f"{number}_{at}"
            folder.mkdir()
            (folder / name).write_bytes(maker())
            caught &= rule in {finding.rule for finding in egress.scan(folder, profile)}
        found += caught
    with capsys.disabled():
        print(f"\nplanted kinds found: {found} of {len(PLANTED)} ({len(CASES)} files)")
    assert (found, len(PLANTED)) == (20, 20)
