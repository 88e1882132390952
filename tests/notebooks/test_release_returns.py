"""The three papers on releases run on real data and leave whole; their prose finds its numbers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from justice_analysis import disclosure, studies
from justice_analysis.publishing.book import read_papers
from justice_analysis.publishing.paper.blocks import Number, inside
from tests.golden.conftest import golden
from tests.releases import releases_warehouse

__all__ = ["golden", "releases_warehouse"]

PROJECT = studies.find_project()
STUDY = "release_returns"
VARIANTS = ("default", "iowa", "north_carolina")
SOURCES = {"default": "rossi", "iowa": "iowa_releases", "north_carolina": "recid"}
EVERY = {
    "selection", "headline", "headline_by_cause", "headline_by_group", "return_over_time",
    "return_by_horizon", "return_by_group", "return_by_group_and_horizon", "beside",
    "proportional", "between", "numbers",
}  # fmt: skip
OF_CAUSES = {
    "adjusted_new", "adjusted_technical", "return_by_group_new", "return_by_group_technical",
}  # fmt: skip


@pytest.fixture(scope="module")
def released(releases_warehouse, tmp_path_factory) -> Path:
    """All three, run and released under the profile of open data."""
    root = tmp_path_factory.mktemp("papers")
    jobs = [
        studies.Job(PROJECT, STUDY, name, releases_warehouse, root / "runs") for name in VARIANTS
    ]
    assert [studies.run_one(job).state for job in jobs] == ["ran"] * 3
    assert not disclosure.bundle([job.folder for job in jobs], root / "release", "open").refused
    return root / "release"


@pytest.fixture(scope="module")
def papers(released):
    made = read_papers(
        [released],
        book_folder=PROJECT.root / "book",
        notebooks=PROJECT.notebooks,
        parameters=PROJECT.parameters,
    )
    return {paper.variant: paper for paper in made}


def folder_of(released: Path, variant: str) -> Path:
    return released / "request" / STUDY / variant


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_shows_what_its_source_has_and_names_that_source_alone(released, variant):
    folder = folder_of(released, variant)
    shown = {path.stem for path in folder.glob("*.csv")} - {"outputs"}
    assert shown == EVERY | (OF_CAUSES if variant == "iowa" else {"adjusted"})
    provenance = yaml.safe_load((folder / "provenance.txt").read_text("utf-8"))
    assert list(provenance["sources"]) == [SOURCES[variant]]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_number_of_its_prose_is_a_released_one_with_its_definition(papers, variant):
    paper = papers[variant]
    numbers = [item for item in inside(paper.blocks) if isinstance(item, Number)]
    assert len(numbers) >= 8
    assert {number.definition for number in numbers} == {"reappearance", "adjusted_reappearance"}
    assert paper.known
    assert paper.not_known
    assert all(headline.trend for headline in paper.headlines if "conviction" in headline.say)


@pytest.mark.parametrize(
    ("variant", "model", "covariate", "people"),
    [("default", "rossi_efron", "fin", 432), ("north_carolina", "recid_cox", "workprg", 1445)],
)
def test_the_released_ratios_are_those_of_coxph(
    released, golden, variant, model, covariate, people
):
    rows = pd.read_csv(folder_of(released, variant) / "beside.csv").set_index("model")
    fits = golden("cox_models").set_index(["model", "term"])
    expected = fits.loc[(model, covariate)]
    found = rows.loc["adjusted", ["estimate", "lower", "upper"]].tolist()
    assert found == pytest.approx(expected[["exp_coef", "lo", "hi"]].tolist(), rel=1e-6)
    assert rows.loc["adjusted", "people"] == people
