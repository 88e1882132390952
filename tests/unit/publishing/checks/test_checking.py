"""What a check of a built book finds, each on a page that is otherwise as it should be."""

from __future__ import annotations

import dataclasses
import json

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.checks import book as checking
from justice_analysis.publishing.checks.book import check_book
from justice_analysis.publishing.traces.file import Use, write_traces

HEAD = '<!DOCTYPE html><html lang="en-GB"><head><title>{}</title>{}</head><body>'
FILES = "".join(
    f'<a class="download" href="../_downloads/{{slug}}.{kind}">{kind}</a>'
    for kind in ("pdf", "docx", "xlsx", "ods", "cff", "bib")
)
TABLE = "<table><caption>Return by age</caption><tr><th>Age</th></tr><tr><td>1</td></tr></table>"
NUMBER = (
    '<a class="traced-number" href="../index.html#known" aria-describedby="hint-1">24.2%</a>'
    '<span id="hint-1">What share</span>'
)
ALT = "Line chart: the share who return rises to 24% by five years."
PAPER = (
    f'<h1>A paper</h1><p>{NUMBER}</p><img src="../_images/a.png" alt="{ALT}">{TABLE}'
    '<p>(<a class="cited" href="#ref-a2020">A, 2020</a>)</p>'
    '<ol><li id="ref-a2020">A (2020). <a href="https://doi.org/10.1/a">doi</a></li></ol>'
)
USE = Use(
    page="papers/one", kind="number", reference="headline/share", study="study", variant="one",
    output="headline", file="study/one/headline.csv", sha256="0", text="24.2%",
    release="release", released="2026-11-23",
)  # fmt: skip


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of three pages, and a way to write any of them otherwise."""
    monkeypatch.setattr(checking, "read_releases", lambda folders: ())
    monkeypatch.setattr(checking, "stale_uses", lambda uses, studies: ())
    html = tmp_path / "html"

    def write(name: str, body: str = "", *, title: str = "A title", head: str = "") -> None:
        slug = name.split("/")[-1] + ("-synthetic" if name.startswith("protocols") else "")
        if name.count("/") and "{files}" in body:
            body = body.replace("{files}", FILES.replace("{slug}", slug))
            (html / "_downloads").mkdir(exist_ok=True, parents=True)
            for kind in ("pdf", "docx", "xlsx", "ods", "cff", "bib"):
                (html / "_downloads" / f"{slug}.{kind}").touch()
        file = html / f"{name}.html"
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(f"{HEAD.format(title, head)}{body}</body></html>", encoding="utf-8")

    (html / "_images").mkdir(parents=True)
    (html / "_images" / "a.png").write_bytes(b"0" * 100)
    (html / "book.css").write_text("p { color: red }")
    write(
        "index",
        '<h1 id="known">Home</h1><a href="papers/one.html#ref-a2020">One</a>',
        head='<link rel="stylesheet" href="book.css"><link rel="icon" href="data:,">',
    )
    write("papers/one", PAPER + "{files}")
    write(
        "protocols/two",
        '<div class="synthetic-banner">Synthetic data</div><h1>Two</h1>{files}',
        title="Synthetic data: Two",
    )
    write_traces([USE], [], tmp_path)
    write.out = tmp_path
    return write


def found(book) -> list[tuple[str, str, str]]:
    return [(one.page, one.what, one.said) for one in check_book(book.out).problems]


def test_a_book_as_it_should_be_has_no_problem_and_is_counted(book):
    check = check_book(book.out)
    assert check.problems == []
    assert check.counts | {"links": 0} == {
        "pages": 3, "links": 0, "pictures": 1, "tables": 1, "numbers": 1, "citations": 1,
        "traces": 1,
    }  # fmt: skip
    assert check.first_page_bytes == sum(
        (book.out / "html" / name).stat().st_size for name in ("index.html", "book.css")
    )


@pytest.mark.parametrize(
    ("body", "what", "said"),
    [
        ('<a href="gone.html">x</a>', "link", "leads to gone.html, which is not in the book"),
        ('<a href="two/">x</a>', "link", "leads to two/, which is not in the book"),
        ('<a href="#gone">x</a>', "link", "leads to #gone: that page has no part gone"),
        ('<a href="../index.html#gone">x</a>', "link", "that page has no part gone"),
        ('<a href="../_downloads/gone.csv">x</a>', "link", "gone.csv, which is not in the book"),
        ('<script src="https://x.org/a.js"></script>', "request", "asks the network for https"),
        ('<img src="//x.org/a.png" alt="Line chart of the share by year">', "request", "//x.org"),
        ('<p style="background: url(http://x.org/a)"></p>', "request", "http://x.org/a"),
        ("<style>@import 'https://x.org/a.css';</style>", "request", "https://x.org/a.css"),
        ('<form action="https://x.org"></form>', "request", "https://x.org"),
        ('<img src="../_images/gone.png" alt="Line chart of the share by year">', "file", "gone"),
        ('<img src="../_images/a.png">', "picture", "a.png has no alternative text"),
        ('<img src="../_images/a.png" alt="">', "picture", "a.png has no alternative text"),
        ('<img src="../_images/a.png" alt="Chart">', "picture", "says what it shows"),
        ('<img src="../_images/a.png" alt="a_b_c_d_e_f.png">', "picture", "says what it shows"),
        ('<svg role="img"></svg>', "picture", "svg has no alternative text"),
        ("<table><tr><th>a</th></tr></table>", "table", "table 2 has no caption"),
        ("<table><caption>B</caption></table>", "table", "table 2 (B) has no headers"),
        ('<a class="cited" href="#ref-b">B</a>', "reference", "b is cited and not in the list"),
        ('<li id="ref-b">B</li>', "reference", "b is in the list of references and not cited"),
        ("<h1>Again</h1>", "page", "one heading of the first level: 2 found"),
        ('<p id="ref-a2020"></p>', "page", "the id ref-a2020 stands on it more than once"),
        ('<a class="traced-number">25%</a>', "number", "“25%” is traced to no release"),
        ('<p aria-describedby="hint-2"></p>', "page", "described by hint-2"),
    ],
)
def test_each_problem_of_a_page_is_found_and_named(book, body, what, said):
    book("papers/one", PAPER + body + "{files}")
    problems = [one for one in found(book) if one[1] == what]
    assert len(problems) == 1
    assert problems[0][0] == "papers/one"
    assert said in problems[0][2]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://example.org">x</a>',
        '<a href="mailto:a@example.org">x</a>',
        '<a href="#">x</a>',
        '<img src="data:image/png;base64,0" alt="" aria-hidden="true">',
        '<link rel="canonical" href="https://example.org">',
        '<svg role="img" aria-label="Share who return, by year: 3%, 12%, 24%"></svg>',
    ],
)
def test_what_is_allowed_is_no_problem(book, body):
    book("papers/one", PAPER + body + "{files}")
    assert found(book) == []


def test_a_synthetic_page_without_its_mark_is_found(book):
    book("protocols/two", "<h1>Two</h1>{files}", title="Synthetic data: Two")
    assert [one[1] for one in found(book)] == ["page"]
    book("protocols/two", '<p class="synthetic-banner"></p><h1>Two</h1>{files}', title="Two")
    assert "must say so in its title and at its top" in found(book)[0][2]


def test_a_paper_without_one_of_its_files_is_found(book):
    book("papers/one", PAPER + FILES.replace("{slug}", "one").replace("one.ods", "one.odt"))
    assert ("papers/one", "file", "the paper does not offer one.ods") in found(book)


def test_style_sheets_ask_nobody_either(book):
    (book.out / "html" / "book.css").write_text("p { background: url(https://x.org/a.woff2) }")
    assert found(book) == [("", "request", "book.css asks the network for https://x.org/a.woff2")]


def test_a_number_of_the_front_page_may_be_any_papers(book):
    book("index", f'<h1 id="known">Home</h1>{NUMBER.replace("../", "")}')
    assert found(book) == []
    interval = dataclasses.replace(USE, text="24.2% (95% interval 23% to 25%)")
    write_traces([interval], [], book.out)
    book("papers/one", PAPER.replace("24.2%", interval.text, 1) + "{files}")
    book("index", '<h1 id="known">Home</h1><a class="traced-number" href="#known">24.2%</a>')
    assert found(book) == []


def test_sizes_have_limits(book, monkeypatch):
    monkeypatch.setattr(checking, "BOOK_LIMIT", 1000)
    monkeypatch.setattr(checking, "FIRST_PAGE_LIMIT", 100)
    assert [(what, said.split(" must")[0]) for _, what, said in found(book)] == [
        ("size", "the book"),
        ("size", "the first page with all it loads"),
    ]


def test_what_is_stale_is_a_problem_of_its_page(book, monkeypatch):
    monkeypatch.setattr(
        checking,
        "stale_uses",
        lambda uses, studies: [(use, "its cell has changed") for use in uses],
    )
    (problem,) = found(book)
    assert problem == ("papers/one", "number", "headline/share is stale: its cell has changed")


def test_a_release_that_is_gone_is_said_once(book):
    file = book.out / "traces.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "releases": ["../gone"]}))
    assert found(book) == [("", "number", "the release gone that the book was built from is gone")]


def test_problems_have_the_line_of_their_source(book):
    source = book.out / "_source" / "papers" / "one.md"
    source.parent.mkdir(parents=True)
    source.write_text("# A paper\n\nSee [that](gone.md).\n")
    book("papers/one", PAPER + '<a href="gone.html">that</a>{files}')
    assert [one.line for one in check_book(book.out).problems] == [3]


def test_where_there_is_no_book_is_said(tmp_path):
    with pytest.raises(BookError, match="justice book build"):
        check_book(tmp_path)
