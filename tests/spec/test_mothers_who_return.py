"""Mothers who return, drawn: the day of their second set is that of the metric recurrence."""

from __future__ import annotations

from justice_analysis import engine
from justice_analysis.cohorts.declared import care, registry
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from tests.spec.family import care_warehouse

# The court received the second set three days before Cafcass did.
TWO_SOURCES = """
case | set | issued     | order      | mother | role       | child | born       | source
A    | 1   | 2014-02-01 | 2014-09-01 | m      | respondent | a     | 2013-12-01 | cafcass_england
B    | 2   | 2016-05-10 | 2016-11-01 | m      | respondent | b     | 2016-05-01 | family_court
C    | 2   | 2016-05-13 | 2016-11-01 | m      | respondent | b     | 2016-05-01 | cafcass_england
"""


def test_a_set_in_two_sources_has_the_day_that_recurrence_gives_it(backend):
    drawn = care_warehouse(backend, TWO_SOURCES)
    people = engine.execute(registry.get("mothers_who_return").of(drawn).table)
    assert [str(day)[:10] for day in people["index_date"]] == ["2016-05-13"]


def test_the_precedence_is_the_default_of_recurrence():
    assert RecurrenceOptions().precedence == care.RECURRENCE_PRECEDENCE
