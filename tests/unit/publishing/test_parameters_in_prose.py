"""Parameters are said in prose as the study ran with them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.study_page import StudyPage

RAN = {"index_from": "2011-01-01", "least_days": 60, "programme": "An example"}
PAGE = StudyPage(SimpleNamespace(provenance={"parameters": RAN}), SimpleNamespace(), {})


@pytest.mark.parametrize(
    ("name", "said"),
    [("index_from", "1 January 2011"), ("least_days", "60"), ("programme", "An example")],
)
def test_a_parameter_is_said_as_it_ran_and_a_day_in_words(name, said):
    assert PAGE.parameter_text(name) == said


def test_a_parameter_that_did_not_run_is_refused():
    with pytest.raises(BookError, match="did not run"):
        PAGE.parameter_text("index_to")
