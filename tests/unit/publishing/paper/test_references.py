"""Works cited are read from BibTeX and shown in one style."""

from __future__ import annotations

import subprocess
import sys

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.references import FILE, latex_text, read_references
from justice_analysis.studies import find_project

ONE = "@article{one2020,\n  author = {Example, A.},\n  year = {2020},\n  title = {A title}\n}\n"


def read(tmp_path, text):
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    return read_references(file)


def work(tmp_path, **fields):
    given = {"author": "Example, A.", "year": "2020", "title": "A title"} | fields
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in given.items())
    return read(tmp_path, f"@article{{one,\n{body}}}\n")["one"]


def test_a_book_without_references_has_none(tmp_path):
    assert read_references(tmp_path / FILE) == {}


@pytest.mark.parametrize(
    ("author", "short"),
    [
        ("Goodman-Bacon, A.", "Goodman-Bacon, 2020"),
        ("Callaway, B. and Sant'Anna, P. H. C.", "Callaway and Sant'Anna, 2020"),
        ("Bedston, S. and Hu, Y. and Philip, G.", "Bedston and others, 2020"),
        ("Bedston, S. and others", "Bedston and others, 2020"),
        ("{Ministry of Justice}", "Ministry of Justice, 2020"),
        ("{Ministry of Justice} and {Cafcass}", "Ministry of Justice and Cafcass, 2020"),
        (r"M{\"u}ller, J{\'o}n", "Müller, 2020"),
        ("van Houwelingen, Hans C.", "van Houwelingen, 2020"),
    ],
)
def test_a_sentence_cites_one_two_or_the_first_of_many(tmp_path, author, short):
    assert work(tmp_path, author=author).short == short


def test_the_list_gives_authors_year_title_and_where_published(tmp_path):
    shown = work(
        tmp_path,
        author="Callaway, Brantly and Sant'Anna, Pedro H. C.",
        journal="Journal of Examples \\& Proofs",
        volume="225",
        number="2",
        pages="200--230",
    )
    assert shown.full == (
        "Callaway, B. and Sant'Anna, P. H. C. (2020) A title. "
        "Journal of Examples & Proofs 225(2), 200-230."
    )


@pytest.mark.parametrize(
    ("fields", "full"),
    [
        ({"publisher": "A Press"}, "Example, A. (2020) A title. A Press."),
        ({"institution": "A body"}, "Example, A. (2020) A title. A body."),
        ({"title": "Does it work?"}, "Example, A. (2020) Does it work?"),
        ({"note": "News of it"}, "Example, A. (2020) A title. News of it."),
        ({"journal": "A Journal", "number": "3"}, "Example, A. (2020) A title. A Journal."),
        ({"author": "{A body}"}, "A body (2020) A title."),
        ({"author": "Lee, Jean-Paul"}, "Lee, J.-P. (2020) A title."),
    ],
)
def test_what_is_not_known_is_left_out(tmp_path, fields, full):
    assert work(tmp_path, **fields).full == full


def test_an_address_comes_from_the_doi_first(tmp_path):
    url = "https://example.org/a"
    assert work(tmp_path).address is None
    assert work(tmp_path, url=url).address == url
    for doi in ("10.1000/x(1)", "https://doi.org/10.1000/x(1)"):
        assert work(tmp_path, url=url, doi=doi).address == "https://doi.org/10.1000/x(1)"


def test_latex_becomes_text():
    assert (
        latex_text(r"{\'E}tude \& {UK} na{\"i}ve 10\% \emph{soft}") == "Étude & UK naïve 10% soft"
    )
    assert latex_text("<script>alert(1)</script>") == "<script>alert(1)</script>"


def test_the_entry_is_kept_as_it_was_written(tmp_path):
    assert read(tmp_path, f"% a note\n{ONE}\n")["one2020"].bibtex == ONE.strip()


def test_works_that_would_be_cited_alike_get_letters(tmp_path):
    works = read(tmp_path, ONE + ONE.replace("one2020", "two2020"))
    assert [one.short for one in works.values()] == ["Example, 2020a", "Example, 2020b"]
    assert works["two2020"].full.startswith("Example, A. (2020b) ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE + ONE, "references.bib, line 6: the key one2020 stands 2 times"),
        (ONE + ONE.replace("one2020", "One2020"), "line 6: the key One2020 stands 2 times"),
        (ONE.replace("  author = {Example, A.},\n", ""), "line 1: one2020 has no author"),
        ("\n\n" + ONE.replace("A title", ""), "line 3: one2020 has no title"),
        (ONE.replace("  year = {2020},\n", ""), "line 1: one2020 has no year"),
        (ONE.replace("{2020}", "{soon}"), "must have a year of four digits"),
        (ONE.replace("title = {A title}", "title = {A title}, doi = {x}"), "must have a doi"),
        (ONE.replace("title =", "url = {javascript:a}, title ="), "begins with https://"),
        (ONE.replace("title = {A title}", "title == {A title}"), "line 4: must be BibTeX"),
        (ONE[:-3], "must be BibTeX"),
        (ONE.replace("{2020}", "soon"), "must be BibTeX"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path, text, said):
    with pytest.raises(BookError, match=r"references\.bib") as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_every_problem_is_told_at_once(tmp_path):
    with pytest.raises(BookError) as caught:
        read(tmp_path, "@misc{a, year = 2020}\n@misc{b, year = 2020}")
    assert str(caught.value).count("has no title") == 2


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BookError, match="UTF-8"):
        read_references(tmp_path / FILE)


def test_the_books_own_references_can_be_read():
    works = read_references(find_project().root / "book" / FILE)
    assert works["bedston2019"].short == "Bedston and others, 2019"
    assert works["broadhurst2015"].address == "https://doi.org/10.1093/bjsw/bcv130"


def test_reading_bibtex_is_loaded_when_it_is_needed():
    said = "import sys, justice_analysis.publishing.paper.references; "
    said += "sys.exit('pybtex' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
