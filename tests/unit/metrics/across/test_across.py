"""Options, bad input and outputs of contact across the courts."""

from __future__ import annotations

import random

import pytest

from justice_analysis import definitions
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import load
from justice_analysis.errors import MetricError, OptionError
from tests.property.test_across import drawn, some_parties
from tests.spec import tables
from tests.spec.contacts import contact_warehouse

OF_COURTS = ("contact_overlap", "next_contact", "contact_sequences", "parents_in_court")
FIRST_KNOWN = {"cohort": "defendants_first_known"}


@pytest.fixture(scope="module")
def courts(backend):
    return drawn(backend, some_parties(random.Random(5)))


def run(name, warehouse, **options):
    return definitions.get(name).compute(warehouse, **options)


def copied(row, number):
    """The same party as somebody else, in another case."""
    names = [name for name in ("person", "case", "set") if row[name]]
    return {**row, **{name: str(int(row[name]) + number) for name in names}}


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("contact_overlap", {"cohort": "everyone"}, "cohort must be"),
        ("contact_overlap", {"when": "during"}, "when must be"),
        ("contact_overlap", {"years": 0}, "years must lie from 1 to 10"),
        ("contact_overlap", {"years": 11}, "years must lie from 1 to 10"),
        ("next_contact", {"horizons": ()}, "horizons must be above 0"),
        ("next_contact", {"horizons": (365, 0)}, "horizons must be above 0"),
        ("contact_sequences", {"years": 2}, "has no option years"),
        ("parents_in_court", {"jurisdiction": "family"}, "jurisdiction must be"),
        ("parents_in_court", {"years": 0}, "years must lie from 1 to 10"),
        ("offending_and_education", {"offending": "arson"}, "offending must be"),
        ("offending_and_education", {"persistent_absence": 1.0}, "must lie between 0 and 1"),
    ],
)
def test_options_that_are_unknown_or_out_of_range_are_refused(courts, name, options, words):
    with pytest.raises(OptionError, match=words):
        run(name, courts, **options)


@pytest.mark.parametrize("name", OF_COURTS)
def test_fewer_than_two_jurisdictions_are_refused(backend, name):
    with pytest.raises(MetricError, match="needs cases of two at least: 0 is loaded"):
        run(name, tables.warehouse(backend, {}))


def test_a_warehouse_without_pupils_is_refused(backend):
    with pytest.raises(MetricError, match="needs pupils with a school year"):
        run("offending_and_education", tables.warehouse(backend, {}))


@pytest.mark.parametrize("name", ["contact_overlap", "next_contact"])
def test_a_cohort_without_anyone_is_refused(courts, name):
    with pytest.raises(MetricError, match="must hold people: it holds none"):
        run(name, courts, **FIRST_KNOWN, index_from="2023-01-01")


def test_a_window_that_is_covered_for_no_one_is_refused(courts):
    with pytest.raises(MetricError, match="it does for no one"):
        run("contact_overlap", courts, **FIRST_KNOWN, years=10)


def test_courts_never_covered_at_one_time_have_no_orders(backend):
    drawing = """
    case | set | court    | received   | person | role
    1    | 1   | family   | 2011-01-01 | 1      | applicant
    2    | 2   | criminal | 2016-01-01 | 1      | defendant
    """
    apart = {"family": ("2010-01-01", "2012-01-01"), "criminal": ("2015-01-01", "2020-01-01")}
    with pytest.raises(MetricError, match="covered by every jurisdiction: none is"):
        run("contact_sequences", contact_warehouse(backend, drawing, covered=apart))


def test_courts_without_stated_coverage_are_refused(backend):
    drawing = """
    case | set | court    | received   | person | role
    1    | 1   | family   | 2011-01-01 | 1      | applicant
    2    | 2   | criminal | 2016-01-01 | 1      | defendant
    """
    held = contact_warehouse(backend, drawing)
    held.coverage = held.coverage.filter(held.coverage.source == "family_court")
    with pytest.raises(MetricError, match="needs coverage"):
        run("contact_sequences", held)


def test_outputs_do_not_fail_disclosure_control(backend):
    few = some_parties(random.Random(5))
    courts = drawn(backend, [copied(row, 10_000 * n) for n in range(15) for row in few])
    profile = load("ons-srs")
    outputs = [
        run("contact_sequences", courts).output("Orders"),
        *run("contact_overlap", courts, **FIRST_KNOWN, years=1).outputs.values(),
        run("next_contact", courts, **FIRST_KNOWN).estimates("Next contact"),
    ]
    for number, output in enumerate(outputs):
        judged = judge([Candidate(f"output_{number}", output, True, "0" * 64)], profile)[0]
        assert judged.verdict.status in ("pass", "review"), judged.verdict.reasons
