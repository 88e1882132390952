"""`justice metric compare`: what is printed of a metric and its published figures."""

from __future__ import annotations

import json

from justice_analysis import warehouse


def test_figures_stand_beside_the_metric_and_nothing_is_a_finding(justice, small_warehouse):
    code, out, _ = justice("metric", "compare", "recurrence", "--data", small_warehouse)
    assert code == 0
    assert out.startswith("Synthetic data: simulated people. No number here is a finding")
    assert "recurrence_mothers_5_years" in out
    assert "Source: Bedston et al. (2019)" in out
    assert "secondary: another source" in out
    assert "about 25" in out
    assert "competing-risks" in out


def test_a_script_gets_the_same_as_json(justice, small_warehouse):
    words = ("metric", "compare", "recurrence", "--data", small_warehouse, "--json")
    found = json.loads(justice(*words, "-o", "lookback_years=0")[1])
    assert found["is_synthetic"] is True
    first = found["figures"][0]
    assert (first["published"], first["unit"], first["status"]) == (22, "percent", "confirmed")
    assert first["lower"] < first["here"] < first["upper"]
    assert first["why_not"] is None


def test_what_cannot_be_compared_says_why(justice, small_warehouse):
    words = ("metric", "compare", "deprivation_of_liberty", "--data", small_warehouse)
    code, out, _ = justice(*words)
    assert code == 0
    assert "Not compared: deprivation_of_liberty cannot be computed" in out
    assert "none" in out


def test_real_data_is_not_called_synthetic(justice, open_warehouse, monkeypatch):
    assert not warehouse.open(open_warehouse).is_synthetic
    _, out, _ = justice("metric", "compare", "deprivation_of_liberty", "--data", open_warehouse)
    assert "Synthetic" not in out
    code, _, err = justice("metric", "compare", "completeness", "--data", open_warehouse)
    assert code != 0
    assert "no published figure is known" in err
