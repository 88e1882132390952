"""What is planted in a synthetic world, and its own calendar."""

from __future__ import annotations

import pytest
import yaml

from justice_analysis import studies
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out import calendar_of_truth, planted


def test_the_calendar_of_a_world_names_numbers_and_no_real_court(small_world):
    calendar = calendar_of_truth(small_world / "truth")
    assert calendar.groups == ("all",)
    assert len(calendar.rows) == 76
    assert {row.place.split(":")[0] for row in calendar.rows} == {"xhibit_court"}
    assert calendar.gaps() == ()


def test_the_effect_by_intention_to_treat_is_diluted_by_use(small_world):
    effect = planted(small_world / "truth")
    assert effect.once_reached == pytest.approx(effect.where_used * effect.used_share)


def test_the_study_says_the_share_and_effects_that_are_planted(small_world):
    project = studies.find_project()
    told = yaml.safe_load(project.parameter_file("section_28", "default").read_text("utf-8"))
    effect = planted(small_world / "truth")
    assert told["parameters"]["used_share"] == pytest.approx(effect.used_share)
    words = project.notebook("section_28").read_text("utf-8")
    assert f"a change of {{given}}`{100 * effect.once_reached:.1f}`" in words
    assert f"{{given}}`{100 * effect.where_used:.0f}` points where" in words


def test_a_folder_without_truth_is_refused(tmp_path):
    with pytest.raises(MetricError, match=r"must hold criminal_court\.parquet"):
        calendar_of_truth(tmp_path)
    with pytest.raises(MetricError, match="must say what is planted"):
        planted(tmp_path)
