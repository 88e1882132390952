"""Profiles are checked when they are made, and may only be tightened."""

from __future__ import annotations

import copy

import pytest
import yaml

from justice_analysis import disclosure
from justice_analysis.disclosure import profiles
from justice_analysis.errors import DisclosureError


def described(name: str = "ons-srs") -> dict:
    return copy.deepcopy(yaml.safe_load((profiles.SHIPPED / f"{name}.yaml").read_text("utf-8")))


def test_shipped_profiles_hold_the_published_rules():
    srs, open_data = disclosure.load("ons-srs"), disclosure.load("open")
    assert disclosure.names() == ("ons-srs", "open")
    assert (srs.minimum_count, srs.rounding_base, srs.zeros_disclosive) == (10, 5, True)
    assert srs.derived_from_rounded
    assert srs.survival_step == 10
    assert srs.file_types == ("csv", "png", "txt")
    assert (open_data.minimum_count, open_data.rounding_base) == (1, 1)
    assert "restricted" not in open_data.natures


def test_a_data_owners_own_file_is_a_profile(tmp_path):
    own = described() | {"name": "own"}
    own["rules"]["minimum_count"]["value"] = 20
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(own))
    with pytest.raises(DisclosureError, match="survival_step must not be less"):
        disclosure.load(path)
    own["rules"]["survival_step"]["value"] = 20
    path.write_text(yaml.safe_dump(own))
    assert disclosure.load(path).minimum_count == 20


def test_an_unknown_rule_is_refused():
    changed = described()
    changed["rules"]["minimum_cuont"] = changed["rules"].pop("minimum_count")
    with pytest.raises(DisclosureError, match=r"minimum_cuont is unknown(.|\n)*minimum_count is m"):
        profiles.from_mapping(changed)


def test_a_rule_without_its_source_is_refused():
    changed = described()
    del changed["rules"]["zeros_disclosive"]["source"]
    with pytest.raises(DisclosureError, match="zeros_disclosive must have a value, a status"):
        profiles.from_mapping(changed)


@pytest.mark.parametrize(
    ("rule", "value", "said"),
    [
        ("minimum_count", 0, "whole number"),
        ("minimum_count", True, "whole number"),
        ("minimum_count", 12, "multiple of rounding_base"),
        ("zeros_disclosive", "yes", "true or false"),
        ("derived_from_rounded", False, "derived_from_rounded must be true"),
        ("mechanism", {"table": "hope"}, "must be one of"),
        ("mechanism", {"atlas": "none"}, "kind atlas, which is unknown"),
        ("mechanism", {"table": "none"}, "not allowed where restricted"),
        ("natures", ["secret"], "secret, which is unknown"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule, value, said):
    changed = described()
    changed["rules"][rule]["value"] = value
    with pytest.raises(DisclosureError, match=said):
        profiles.from_mapping(changed)


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(DisclosureError, match="ons-srs, open"):
        disclosure.load("sail2")


def test_a_parameter_file_may_tighten(srs):
    tighter = disclosure.stricter(srs, {"minimum_count": 20, "rounding_base": 10})
    assert (tighter.minimum_count, tighter.rounding_base, tighter.survival_step) == (20, 10, 20)
    assert disclosure.stricter(srs, {"minimum_count": 10, "rounding_base": 5}) == srs
    assert disclosure.stricter(srs, None) == srs


@pytest.mark.parametrize("looser", [{"minimum_count": 9}, {"rounding_base": 1}, {"zeros": False}])
def test_a_parameter_file_may_not_loosen(srs, looser):
    with pytest.raises(DisclosureError, match=r"stricter than profile|unknown"):
        disclosure.stricter(srs, looser)


def test_tightening_the_open_profile_starts_to_protect():
    tighter = disclosure.stricter(
        disclosure.load("open"), {"minimum_count": 10, "rounding_base": 5}
    )
    assert tighter.protects("table")
    assert tighter.survival_step == 10
