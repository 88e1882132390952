"""Two definitions on one warehouse: who meets both and who one, in drawn tables."""

from __future__ import annotations

import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.quality import definition_overlap
from tests.spec import tables
from tests.spec.family import care_warehouse

# A Monday: ages run from the Thursday, so these are 2, 10 and 40 days.
CHILDREN = """
case | set | issued     | order      | mother | role       | child | born       | decision
a    | A   | 2016-03-12 | 2016-06-01 | 1      | respondent | 11    | 2016-03-07 | care_order
b    | B   | 2016-03-20 | -          | 1      | respondent | 12    | 2016-03-07 | -
c    | B   | 2016-03-20 | -          | 1      | respondent | 13    | 2016-03-07 | -
d    | D   | 2016-04-19 | -          | 1      | respondent | 14    | 2016-03-07 | -
"""


def test_members_are_counted_with_their_families_and_those_in_neither_are_not(backend):
    held = care_warehouse(backend, CHILDREN)
    found = definition_overlap(held, first="newborn_england", second="newborn_pearson")
    rows = found.table.set_index("membership")[["members", "people", "groups"]]
    assert rows.to_dict("index") == {
        "all": {"members": 3, "people": 3, "groups": 2},
        "in both": {"members": 1, "people": 1, "groups": 1},
        "only in the second": {"members": 2, "people": 2, "groups": 1},
    }
    assert found.table.set_index("membership").loc["in both", "estimate"] == pytest.approx(1 / 3)
    assert found.output("").notes == ()


def test_nobody_in_both_is_said_not_to_speak_of_the_definitions(backend):
    held = care_warehouse(backend, CHILDREN)
    drawn = {"episode_id": 1, "person_id": 99, "kind": "care", "start_date": "2010-01-01",
             "source": "moj_dfe", "source_table": "drawn", "source_key": "drawn"}  # fmt: skip
    held.episode = tables.warehouse(backend, {"episode": [drawn]}).episode
    pair = {"first": "care_experienced_care_order", "second": "care_experienced_looked_after"}
    found = definition_overlap(held, **pair)
    assert found.table["membership"].tolist() == ["all", "only in the first", "only in the second"]
    assert "no link joins" in found.output("").notes[0]


def test_nobody_in_either_and_options_that_contradict_are_refused(backend):
    old = CHILDREN.replace("2016-03-07", "2010-03-01")
    with pytest.raises(MetricError, match="nothing to count"):
        definition_overlap(care_warehouse(backend, old))
    with pytest.raises(MetricError, match="care proceedings"):
        definition_overlap(tables.warehouse(backend, {}))
    with pytest.raises(OptionError, match="they are one"):
        definition_overlap(None, first="infant", second="infant")
    with pytest.raises(OptionError, match="of must be one of"):
        definition_overlap(None, of="metrics")
