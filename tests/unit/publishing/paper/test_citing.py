"""How to cite a paper, as reference managers read it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from pybtex.database import parse_string

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.citing import citation_bibtex, citation_cff
from justice_analysis.publishing.paper.front import Author
from justice_analysis.publishing.paper.references import latex_text
from tests.unit.publishing.paper_sample import sample_paper

TOP = {
    *("cff-version", "message", "type", "title", "authors", "version", "date-released", "doi"),
    *("abstract", "keywords", "preferred-citation"),
}
CITED = {
    *("type", "title", "authors", "version", "date-released", "doi", "year", "month", "status"),
    *("notes", "languages"),
}
AWKWARD = 'Costs: 5% & "more" {of} #it_ \\ ~ ^ - "$x$": yes'


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return sample_paper(tmp_path_factory.mktemp("paper"))


def with_front(paper, **changes):
    return replace(paper, front=replace(paper.front, **changes))


def cff(paper):
    return yaml.safe_load(citation_cff(paper))


def entry(paper):
    return parse_string(citation_bibtex(paper), "bibtex").entries[paper.slug]


def test_the_citation_file_has_what_its_standard_asks_for(paper):
    content = cff(paper)
    assert {"cff-version", "message", "title", "authors"} <= set(content) <= TOP
    assert content["cff-version"] == "1.2.0"
    assert content["type"] in ("software", "dataset")
    cited = content["preferred-citation"]
    assert {"type", "title", "authors"} <= set(cited) <= CITED
    assert cited["type"] == "report"
    assert (cited["year"], cited["month"]) == (2026, 11)
    assert all(isinstance(content[key], str) for key in ("version", "date-released", "title"))
    assert len(set(content["keywords"])) == len(content["keywords"]) > 0


def test_a_body_has_a_name_and_a_person_a_family_name(paper):
    authors = (Author("The example authors"), Author("Sant'Anna, Pedro", None, "An example body"))
    assert cff(with_front(paper, authors=authors))["authors"] == [
        {"name": "The example authors"},
        {"family-names": "Sant'Anna", "given-names": "Pedro", "affiliation": "An example body"},
    ]


def test_an_orcid_is_an_address(paper):
    assert cff(paper)["authors"][0]["orcid"] == "https://orcid.org/0000-0002-1825-0097"


def test_the_abstract_is_plain_text(paper):
    assert cff(paper)["abstract"] == "An abstract with 24% (95% interval 23% to 25%)."
    assert "abstract" not in cff(replace(paper, abstract=()))


def test_what_is_not_published_says_so(paper):
    assert cff(paper)["preferred-citation"]["status"] == "in-preparation"
    in_review, published = (with_front(paper, status=s) for s in ("in review", "published"))
    assert cff(in_review)["preferred-citation"]["status"] == "submitted"
    assert "status" not in cff(published)["preferred-citation"]


def test_a_synthetic_paper_says_that_it_holds_no_findings(tmp_path):
    synthetic = sample_paper(tmp_path, is_synthetic=True)
    assert "no findings" in cff(synthetic)["message"]
    assert "synthetic data" in cff(synthetic)["keywords"]
    assert "on synthetic data" in entry(synthetic).fields["note"]


def test_a_title_with_any_sign_stays_as_it_is(paper):
    awkward = replace(paper, title=AWKWARD)
    assert cff(awkward)["title"] == AWKWARD
    assert latex_text(entry(replace(paper, title="A & B: 5% #x_y $z")).fields["title"]) == (
        "A & B: 5% #x_y $z"
    )
    assert entry(awkward).fields["title"].count("{") == entry(awkward).fields["title"].count("}")


def test_a_reference_manager_reads_the_entry(paper):
    read = entry(with_front(paper, authors=(Author("The A and B body"), Author("Doe, Jane"))))
    assert read.type == "misc"
    assert read.fields["year"] == "2026"
    body, person = read.persons["author"]
    assert [latex_text(name) for name in body.last_names] == ["The A and B body"]
    assert [latex_text(name) for name in (*person.last_names, *person.first_names)] == [
        "Doe",
        "Jane",
    ]


def test_a_doi_stands_without_its_address(paper):
    for given in ("10.1000/a_b(1)", "https://doi.org/10.1000/a_b(1)"):
        named = with_front(paper, doi=given)
        assert cff(named)["doi"] == "10.1000/a_b(1)"
        assert entry(named).fields["doi"] == "10.1000/a_b(1)"
    assert "doi" not in cff(paper)


def test_a_doi_that_is_none_is_refused_with_its_file(paper):
    wrong = with_front(paper, doi="soon", file="papers/example.yaml")
    for write in (citation_cff, citation_bibtex):
        with pytest.raises(BookError, match=r"papers/example\.yaml: the doi"):
            write(wrong)


def test_the_same_paper_gives_the_same_text(paper):
    assert citation_cff(paper) == citation_cff(paper)
    assert citation_bibtex(paper) == citation_bibtex(paper)
    assert "&id" not in citation_cff(paper)
