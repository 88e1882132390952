import numpy as np
import pytest

from justice_analysis.errors import SourceError
from justice_analysis.synthetic import calibration_table, synthesise
from justice_analysis.synthetic.calibration import columns, return_probability


@pytest.fixture(scope="module")
def table(world):
    return calibration_table(world.folder / "truth")


def test_every_planted_figure_is_met_within_three_standard_errors(table):
    planted = table[table["planted_value"].notna()]
    gap = (planted["achieved"] - planted["planted_value"]).abs() / planted["standard_error"]
    assert len(planted) == 29
    assert (gap < 3).all(), planted.loc[gap >= 3, "target"].tolist()


def test_published_targets_are_planted_as_published(table):
    planted = table[table["published"] & table["planted_value"].notna()]
    assert len(planted) == 23
    np.testing.assert_allclose(planted["planted_value"], planted["target_value"], atol=2e-3)


def test_returns_with_a_new_child_are_about_one_mother_in_five(table):
    row = table[table["target"].str.contains("with a new child by 10")].iloc[0]
    assert row["achieved"] == pytest.approx(0.20, abs=0.02)


def test_each_target_names_its_source(table):
    assert table["source"].str.len().gt(10).all()
    assert table["target"].is_unique


def test_return_probability_is_kaplan_meier_where_there_is_one_cause():
    time = np.array([100, 200, 200, 300, 400, 900])
    cause = np.array([1, 1, 0, 1, 0, 0])
    estimate, error, people, returns = return_probability(time, cause, 1)
    assert estimate == pytest.approx(1 - (5 / 6) * (4 / 5) * (2 / 3))
    assert error > 0
    assert people == 6
    assert returns == 3


def test_return_probability_counts_other_returns_as_no_longer_at_risk():
    time, cause = np.array([10, 20, 30, 40]), np.array([1, 2, 1, 1])
    estimate, _, _, returns = return_probability(time, cause, 1)
    assert estimate == pytest.approx(0.75)
    assert returns == 3


def test_a_folder_without_truth_is_refused(tmp_path):
    with pytest.raises(SourceError, match="truth of a synthetic world"):
        calibration_table(tmp_path)


def test_open_crown_court_cases_grow_about_as_published(table):
    rows = table[table["target"].str.startswith("open Crown Court cases")]
    assert len(rows) == 4
    gap = (rows["achieved"] - rows["target_value"]).abs()
    assert (gap < 3 * rows["standard_error"] + 0.06).all()


def test_the_parts_of_a_large_world_are_read_together(world, tmp_path):
    folder = synthesise(4_000, 3, tmp_path / "parts", chunk_people=2_000).folder / "truth"
    assert sorted(columns(folder, "person")["person_id"]) == list(range(1, 4_001))
    assert len(calibration_table(folder)) == len(calibration_table(world.folder / "truth"))


def test_children_of_care_proceedings_are_convicted_about_as_published(table):
    rows = table[table["target"].str.endswith("convicted by 24")].set_index("target")
    assert len(rows) == 2
    assert (rows["achieved"] - rows["target_value"]).abs().max() < 0.08
