"""Our own code lists."""

from __future__ import annotations

import dataclasses

import pytest

from justice_analysis import codes
from justice_analysis.codes import AGE_BANDS_OF_CHILDREN, AGE_BANDS_OF_PARENTS, CodeList

LISTS = {name: value for name, value in vars(codes).items() if isinstance(value, CodeList)}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_a_source_and_codes(name: str) -> None:
    assert LISTS[name].source
    assert len(LISTS[name]) > 1


def test_a_list_cannot_be_changed() -> None:
    given = {"a": "A"}
    listed = CodeList("here", given)
    given["b"] = "B"
    assert dict(listed) == {"a": "A"}
    with pytest.raises(TypeError):
        listed.entries["b"] = "B"  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        listed.source = "there"  # type: ignore[misc]


def test_orders_are_grouped_as_published() -> None:
    grouped: dict[str, set[str]] = {}
    for order, group in codes.ORDER_GROUPS.items():
        grouped.setdefault(group, set()).add(order)
    assert grouped == {
        "home": {
            "order_refused_or_dismissed",
            "no_order",
            "family_assistance_order",
            "supervision_order",
            "application_withdrawn",
        },
        "extended_family": {
            "residence_order",
            "special_guardianship_order",
            "child_arrangements_order",
        },
        "out_of_home": {
            "emergency_protection_order",
            "care_order",
            "secure_accommodation_order",
        },
        "adoption": {"placement_order"},
    }


def test_every_grouped_order_is_a_legal_order_and_every_group_has_a_rank() -> None:
    assert set(codes.ORDER_GROUPS) <= set(codes.LEGAL_ORDERS)
    assert set(codes.ORDER_GROUPS.values()) == set(codes.ORDER_GROUP_PRECEDENCE)
    assert tuple(codes.ORDER_GROUP_LABELS) == codes.ORDER_GROUP_PRECEDENCE


@pytest.mark.parametrize(
    ("orders", "group"),
    [
        (["care_order", "placement_order"], "adoption"),
        (["supervision_order", "care_order", "special_guardianship_order"], "out_of_home"),
        (["supervision_order", "child_arrangements_order"], "extended_family"),
        (["no_order", "interim_care_order"], "home"),
        (["interim_care_order", "code:77"], None),
        ([], None),
    ],
)
def test_the_most_serious_order_gives_the_group(orders: list[str], group: str | None) -> None:
    assert codes.most_serious_group(orders) == group


def test_stated_levels_come_from_the_surest_down() -> None:
    assert codes.STATED_LEVELS == ("high", "medium", "low")
    assert tuple(codes.LINK_LEVELS)[:3] == codes.STATED_LEVELS


@pytest.mark.parametrize(
    "bands", [AGE_BANDS_OF_PARENTS, AGE_BANDS_OF_CHILDREN[:3], AGE_BANDS_OF_CHILDREN[3:]]
)
def test_age_bands_meet_without_gap_or_overlap(bands: tuple[codes.AgeBand, ...]) -> None:
    assert [band.below for band in bands[:-1]] == [band.from_age for band in bands[1:]]


def test_every_area_lies_in_a_region_and_every_region_has_areas() -> None:
    assert list(codes.REGION_OF_AREA) == list(range(1, 153))
    assert set(codes.REGION_OF_AREA.values()) == set(range(1, 10))


def test_places_have_neutral_names() -> None:
    assert codes.area_name(7) == "area 007"
    assert codes.region_name(3) == "region 3"
