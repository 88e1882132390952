"""The guide on writing a study, followed step by step: every block on the page is run."""

from __future__ import annotations

import pytest

from justice_analysis.publishing.book import read_papers
from justice_analysis.publishing.paper.blocks import Box, plain_text
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.traces.stale_studies import stale_uses
from justice_analysis.publishing.traces.uses import trace
from tests.guides.following import by_command, follow


@pytest.fixture(scope="module")
def followed(tmp_path_factory, pytestconfig):
    """The folder in which a reader followed the guide, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    guide = pytestconfig.rootpath / "book/guides/write-a-study.md"
    return folder, by_command(follow(guide, folder))


@pytest.fixture(scope="module")
def paper(followed):
    folder, _ = followed
    (made,) = read_papers(
        [folder / "release"],
        book_folder=folder / "book",
        notebooks=folder / "notebooks",
        parameters=folder / "parameters",
    )
    return made


def test_every_command_of_the_guide_ends_well(followed):
    _, printed = followed
    assert len(printed) == 5
    assert {command: code for command, (code, _) in printed.items() if code} == {}


def test_the_project_is_the_readers_own(followed):
    _, printed = followed
    assert printed["justice study list"][1].split()[-2:] == ["men_released", "default"]


def test_the_releases_make_a_paper_with_its_boxes_and_every_role_filled(paper):
    boxes = [block.title for block in paper.blocks if isinstance(block, Box)]
    assert boxes == ["Main points", "What this means for policy"]
    assert plain_text(paper.abstract).endswith(
        "26% (95% interval 22% to 31%) of the men were arrested."
    )
    assert [number.text for number in paper.numbers if "by_aid" in number.reference] == ["22.2%"]
    assert [work.key for work in paper.references] == ["rossi1980"]


def test_every_number_of_the_paper_can_be_traced_to_the_release(followed, paper):
    studies = read_releases([followed[0] / "release"])
    uses = trace(paper, studies)
    assert {use.kind for use in uses} >= {"number", "figure", "table"}
    assert stale_uses(uses, studies) == ()
