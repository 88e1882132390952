"""What a protocol tells of itself stands in no paper on real data."""

from __future__ import annotations

import json

import pytest

from justice_analysis.publishing.book import read_papers
from justice_analysis.publishing.paper.blocks import Heading, inside, plain_text
from tests.unit.publishing.conftest import CARD

TOLD = "## How well is the truth recovered?\n\nBy five years {released}`recovered/true` came true."
PLAIN = "## How well is the truth recovered?\n\nNothing to compare with."


def headings(small, study, text, tag):
    path = small.notebooks / f"{study}.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(one for one in notebook["cells"] if one["id"] == "ages")
    cell["source"], cell["metadata"]["tags"] = text, [tag]
    path.write_text(json.dumps(notebook))
    papers = read_papers(
        [small.release],
        book_folder=small.book,
        notebooks=small.notebooks,
        parameters=small.parameters,
        cards=[CARD],
        contracts=[],
    )
    paper = next(paper for paper in papers if paper.study == study)
    return [plain_text(one.words) for one in inside(paper.blocks) if isinstance(one, Heading)]


@pytest.mark.parametrize("tag", ["feasibility", "recovery"])
def test_a_paper_on_real_data_leaves_out_what_only_a_protocol_can_tell(small, tag):
    said = headings(small, "release_returns", TOLD, tag)
    assert "How well is the truth recovered?" not in said


def test_a_protocol_shows_it(small):
    said = headings(small, "repeat_mothers", PLAIN, "recovery")
    assert "How well is the truth recovered?" in said
