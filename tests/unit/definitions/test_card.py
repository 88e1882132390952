from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest

from justice_analysis import metrics
from justice_analysis.definitions import Need, check_choices, choice, registry
from justice_analysis.errors import OptionError, UsageError

CARD = metrics.get("recurrence").card


@dataclass(frozen=True)
class Options:
    clock: str = choice("issue", "where time starts", "issue", "final_order")
    days: int = choice(0, "days")

    def __post_init__(self):
        check_choices(self)


def test_a_card_reads_its_options_from_their_dataclass():
    card = dataclasses.replace(CARD, options_type=Options)
    assert [(o.name, o.default) for o in card.options] == [("clock", "issue"), ("days", 0)]


def test_a_value_outside_the_choices_is_refused():
    with pytest.raises(OptionError, match="clock must be one of issue, final_order"):
        Options(clock="never")


@pytest.mark.parametrize(
    ("field", "status"),
    [("WEEKOFBIRTH", "backed"), ("NOT_A_FIELD", "unbacked")],
)
def test_the_status_is_computed_from_the_contracts(field, status):
    card = dataclasses.replace(CARD, needs=(Need("cafcass_england", "ecms_people", field),))
    assert card.status == status


def test_a_metric_that_needs_an_assumed_name_is_assumed():
    need = Need("family_court", "cases", "receipt_date")
    assert dataclasses.replace(CARD, needs=(need,)).status == "assumed"


@pytest.mark.parametrize("name", metrics.names())
def test_every_card_says_what_it_means_and_what_does_not_count(name):
    card = metrics.get(name).card
    shown = " ".join(card.text().split())
    assert card.does_not_count
    assert all(option.meaning for option in card.options)
    assert card.known_breaks or card.gap
    assert card.source
    assert max(map(len, card.text().splitlines())) <= 88
    assert all(item in shown for item in (*card.does_not_count, *card.source, card.definition))
    assert (card.status == "unbacked") == (card.gap is not None)


def test_an_unknown_metric_names_the_nearest():
    with pytest.raises(UsageError, match="recurrence"):
        metrics.get("recurrance")


def test_two_metrics_cannot_share_a_name():
    with pytest.raises(UsageError, match="recurrence is taken"):
        registry.metric(CARD)(lambda warehouse: None)
