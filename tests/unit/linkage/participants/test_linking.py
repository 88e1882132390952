"""A dirty list finds its people, says what it did, and lets nothing out."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pandas as pd
import pytest

from justice_analysis import engine
from justice_analysis.errors import EngineError, LinkageError, UsageError
from justice_analysis.linkage import participants as linking
from justice_analysis.linkage.participants import folder as folders
from justice_analysis.linkage.participants.links import PEOPLE
from justice_analysis.linkage.participants.rules import rule_sql, usable_rules
from justice_analysis.linkage.participants.training import _blended, _expectation_maximised

NOBODY = "Surname,Forename,DOB,Gender,Postcode,Index date\n"


def test_typing_errors_swapped_names_and_missing_postcodes_are_overcome(linked):
    at = linked.thresholds.set_index("threshold").loc[0.9]
    assert at["recall"] >= 0.97
    assert at["precision"] >= 0.99


def test_attrition_goes_from_submitted_to_each_person_once(linked):
    assert list(linked.attrition["step"]) == [
        "submitted",
        "usable",
        "distinct people",
        "matched above the threshold",
        "matched to one person alone",
        "each person once",
    ]
    assert linked.attrition["people"].is_monotonic_decreasing
    assert linked.attrition["people"].iloc[0] == 210
    assert linked.attrition["people"].iloc[-1] == len(linked.people)


def test_people_have_a_key_a_date_and_no_name(linked):
    assert list(linked.people.columns) == list(PEOPLE)
    assert linked.people["source_key"].str.startswith("key-").all()
    assert linked.people["participant"].is_unique
    assert (linked.people["match_probability"] >= 0.9).all()


def test_match_rates_are_by_gender_age_and_what_is_missing(linked):
    rates = linked.match_rates.set_index(["characteristic", "group"])
    assert {"all", "gender", "age_band", "postcode_filled"} <= set(rates.index.levels[0])
    everyone = rates.loc[("all", "all participants")]
    assert everyone["matched"] == len(linked.people)
    assert rates.loc["gender", "people"].sum() == everyone["people"]
    assert (rates["lower"] <= rates["match_rate"]).all()
    assert (rates["match_rate"] <= rates["upper"]).all()


def test_the_model_says_what_each_level_is_worth(linked):
    model = linked.model
    fields = {each["field"]: each["levels"] for each in model["comparisons"]}
    assert set(fields) == {"forename", "surname", "birth_date", "gender", "postcode", "pnc_id"}
    for levels in fields.values():
        assert sum(level["m"] for level in levels) == pytest.approx(1)
        assert sum(level["u"] for level in levels) == pytest.approx(1)
        assert levels[0]["weight"] > 0 > levels[-1]["weight"]
    assert model["training_rules"]
    assert "seed 3" in model["u_from"]


def test_the_same_seed_gives_the_same_links_and_splink_says_nothing(
    lists, quick, linked, capfd, caplog
):
    backend = engine.connect(threads=1)
    with caplog.at_level(logging.DEBUG):
        again = linking.link_participants(
            linking.read_participants(lists.participants, backend=backend),
            linking.read_population(lists.population, backend=backend),
            settings=quick,
            seed=3,
        )
    assert capfd.readouterr() == ("", "")
    assert not [one for one in caplog.records if one.name.startswith("splink")]
    assert logging.getLogger("splink").level == logging.NOTSET
    assert "splink" not in str(backend.con.sql("select table_name from duckdb_tables()").fetchall())
    pd.testing.assert_frame_equal(again.people, linked.people)
    assert "precision" not in again.thresholds.columns
    for one, other in zip(again.model["comparisons"], linked.model["comparisons"], strict=True):
        for level, same in zip(one["levels"], other["levels"], strict=True):
            assert level["weight"] == pytest.approx(same["weight"], abs=1e-9)


def test_what_splink_raises_comes_out_as_ours_without_its_text():
    def fail():
        raise ValueError("the value MARLOW cannot be read")

    with pytest.raises(EngineError) as refused:
        engine.quietly(fail, "scoring pairs")
    assert "MARLOW" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_too_few_people_are_linked_and_refused_for_analysis(tmp_path, lists, backend, monkeypatch):
    monkeypatch.setattr(folders, "write_charts", lambda *_, **__: None)
    rows = lists.participants.read_text(encoding="utf-8").splitlines()
    few = tmp_path / "few.csv"
    few.write_text("\n".join(rows[:41]) + "\n", encoding="utf-8")
    settings = linking.LinkSettings(random_pairs=5e4, minimum_matched=50)
    links = linking.link_participants(
        linking.read_participants(few, backend=backend),
        linking.read_population(lists.population, backend=backend),
        settings=settings,
    )
    assert links.attrition["people"].iloc[0] == 40
    assert "at least 60 people must be submitted, and 40 were" in links.refusal
    assert "at least 50 people must be matched" in links.refusal
    with pytest.raises(LinkageError, match="no effect is estimated"):
        links.require_enough()
    written = linking.write_links(links, tmp_path / "few")
    assert linking.read_links(written).refusal == links.refusal


def test_fields_that_cannot_tell_people_apart_are_refused(tmp_path, lists, backend):
    file = tmp_path / "list.csv"
    file.write_text(NOBODY + "Marlow,Ada,,F,,2016-05-13\n" * 2, encoding="utf-8")
    people = tmp_path / "people.csv"
    text = lists.population.read_text(encoding="utf-8").splitlines()
    blank = [",".join([*(row.split(",")[:1]), "", *row.split(",")[2:]]) for row in text[1:]]
    people.write_text("\n".join([text[0], *blank]) + "\n", encoding="utf-8")
    with pytest.raises(LinkageError, match="must be filled in both files"):
        linking.link_participants(
            linking.read_participants(file, backend=backend),
            linking.read_population(people, backend=backend),
        )


def test_lists_on_two_engines_are_refused(lists, backend):
    listed = linking.read_participants(lists.participants, backend=engine.connect())
    people = linking.read_population(lists.population, backend=backend)
    with pytest.raises(UsageError, match="one engine"):
        linking.link_participants(listed, people)


def test_settings_without_sense_are_refused_all_at_once():
    with pytest.raises(UsageError) as refused:
        linking.LinkSettings(threshold=1.0, random_pairs=10, training=(("surname",),))
    assert "3 problems" in str(refused.value)


def test_a_rule_is_used_only_where_its_fields_are_filled():
    rules = (("swapped",), ("postcode", "surname_start"), ("birth_date",))
    assert usable_rules(rules, {"surname", "postcode"}) == (("postcode", "surname_start"),)
    assert rule_sql(("birth_date", "postcode")) == (
        "l.birth_date = r.birth_date and l.postcode = r.postcode"
    )


def test_no_level_is_impossible_whatever_the_data_held():
    began = [
        {"sql_condition": "x", "is_null_level": True},
        {"m_probability": 0.9, "u_probability": 0.01},
        {"m_probability": 0.06, "u_probability": 0.04},
        {"m_probability": 0.04, "u_probability": 0.95},
    ]
    learnt = [
        began[0],
        {"m_probability": 0.8, "u_probability": 0.02},
        # A level that no pair reached is left as it began.
        began[2],
        {"m_probability": 0.2, "u_probability": 0.98},
    ]
    blended = _blended(
        {"comparisons": [{"comparison_levels": began}]},
        {"comparisons": [{"comparison_levels": learnt}]},
        sampled=1_000,
        likely=90,
        assumed_pairs=10,
    )
    levels = blended["comparisons"][0]["comparison_levels"][1:]
    assert [level["m_probability"] for level in levels] == pytest.approx([0.81, 0.006, 0.184])
    assert levels[1]["u_probability"] == pytest.approx(0.5 / 1_001.5)
    assert began[1]["m_probability"] == 0.9


def test_a_rule_that_cannot_train_leaves_the_model_as_it_was():
    settings = SimpleNamespace(core_model_settings=["forename", "surname"])

    def fail(_):
        settings.core_model_settings.pop()
        raise ValueError("m_probability value 0.0 is below the minimum")

    training = SimpleNamespace(estimate_parameters_using_expectation_maximisation=fail)
    linker = SimpleNamespace(_settings_obj=settings, training=training)
    assert not _expectation_maximised(linker, ("surname",))
    assert settings.core_model_settings == ["forename", "surname"]
