"""Twenty kinds of leak, each in several disguises: kind -> file, content, rule that finds it."""
# ruff: noqa: E501  (files drawn in a line each)

from __future__ import annotations

import gzip
import hashlib
import io
import json
import pickle
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.unit.disclosure.egress import files as make
from tests.unit.disclosure.egress.files import HOME, WINDOWS_HOME

Leak = tuple[str, Callable[[], bytes], str]
"""File name, its content, the rule that must find it."""


def _hash(number: int, kind: str = "sha256") -> str:
    return hashlib.new(kind, str(number).encode()).hexdigest()


def _nhs(number: int) -> str:
    nine = f"{943476000 + number:09d}"
    check = 11 - sum(int(one) * (10 - at) for at, one in enumerate(nine)) % 11
    return "" if check == 10 else nine + str(check % 11)


NHS = [number for number in map(_nhs, range(40)) if number]


def _pnc(year: int, serial: int) -> str:
    letter = "ZABCDEFGHJKLMNPQRTUVWXY"[int(f"{year % 100:02d}{serial:07d}") % 23]
    return f"{year}/{serial:07d}{letter}"


PERSONS = [(f"p{n}", 1950 + n, n % 12 + 1, n % 27 + 1, "F" if n % 2 else "M") for n in range(30)]
BIRTHS = [f"{year}-{month:02d}-{day:02d}" for _, year, month, day, _ in PERSONS]
HASHED = [(_hash(n), "F", 40 + n) for n in range(20)]
ROWS = [
    (20 + n % 5, "F" if n % 3 else "M", "theft" if n % 2 else "fraud", 100 + n) for n in range(40)
]
ROW_NAMES = ("age", "sex", "offence", "duration_days")
NAMED = ["Sarah Smith", "David Jones", "Fatima Khan", "Emma O'Brien", "John Taylor", "Anna Lee"]
CODES = ["SW1A 2AA", "LS1 4AP", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT"]


def text(words: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: words.encode(encoding)


def table(names: tuple[str, ...], rows: list[tuple], sign: str = ",") -> Callable[[], bytes]:
    return text(make.csv_text(names, rows, sign))


def _parquet(kind: str) -> bytes:
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    rows = pa.table({"age": [20, 30], "sex": ["F", "M"]})
    made = io.BytesIO()
    if kind == "parquet":
        pyarrow.parquet.write_table(rows, made)
    else:
        pyarrow.feather.write_feather(rows, made)
    return made.getvalue()


def _database(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "rows.db"
        if kind == "sqlite":
            opened = sqlite3.connect(path)
            opened.execute("create table rows (age int)")
            opened.commit()
        else:
            import duckdb

            opened = duckdb.connect(str(path))
            opened.execute("create table rows (age int)")
        opened.close()
        return path.read_bytes()


def _array(save: Callable[..., None]) -> bytes:
    made = io.BytesIO()
    save(made, np.arange(5))
    return made.getvalue()


def _plotly() -> str:
    data = [{"x": list(range(30)), "y": list(range(30)), "type": "scatter"}]
    return (
        '<html><body><div id="a" class="plotly-graph-div"></div><script>'
        f"Plotly.newPlot('a', {json.dumps(data)}, {{}})</script></body></html>"
    )


def _svg() -> str:
    circles = "".join(f'<circle cx="{n}" cy="{n * 7 % 50}" r="1"/>' for n in range(40))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{circles}</svg>'


def _matplotlib_svg() -> bytes:
    from matplotlib.figure import Figure

    figure, made = Figure(), io.BytesIO()
    figure.subplots().plot(range(60), [n * 7 % 50 for n in range(60)])
    figure.savefig(made, format="svg")
    return made.getvalue()


def _html_table(names: tuple[str, ...], rows: list[tuple]) -> str:
    lines = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [names, *rows]
    )
    return f"<html><body><table>{lines}</table></body></html>"


def _error() -> dict[str, object]:
    return {
        "output_type": "error",
        "ename": "ConversionException",
        "evalue": "Could not convert string 'x' to INT32",
        "traceback": ["Traceback (most recent call last)"],
    }


def _bomb() -> bytes:
    return make.package({"a.csv": b"0" * 60_000_000})


def _zip_in_docx() -> bytes:
    inner = make.package({"rows.csv": make.csv_text(("person_hash", "sex", "age"), HASHED)})
    return make.docx(more={"word/embeddings/archive.zip": inner})


def _taken_off_the_list() -> bytes:
    """An archive with a file that its list no longer names."""
    whole = make.package({"a.txt": "fine", "b.csv": "person_id\n1\n", "c.txt": "fine"})
    made = io.BytesIO(whole)
    with zipfile.ZipFile(made, "a") as opened:
        opened.filelist.remove(opened.NameToInfo.pop("b.csv"))
        opened.writestr("d.txt", "fine")
    return made.getvalue()


KEYED = make.csv_text(("person_id", "share"), [(n, n / 40) for n in range(10)])
HASH_CSV = make.csv_text(("row", "sex", "age"), HASHED)
SMALL = [("a", 40), ("b", 3), ("c", 85)]
WORDS = make.paragraph

PLANTED: dict[str, list[Leak]] = {
    "hash columns": [
        ("names.json", text(json.dumps({_hash(n): {"v": n} for n in range(9)})), "hash"),
        ("inline.md", text(f"# Notes\n\n{_html_table(('k', 'v'), HASHED)}\n"), "hash"),
        (
            "latex.ipynb",
            lambda: make.notebook(
                make.shown(
                    "text/latex",
                    ["\\begin{tabular}\n", *(f"{k} & {s} & {a} \\\\\n" for k, s, a in HASHED)],
                )
            ),
            "hash",
        ),
        ("a.csv", text(HASH_CSV), "hash"),
        ("marked.csv", text(HASH_CSV, "utf-8-sig"), "hash"),
        ("wide.csv", text(HASH_CSV, "utf-16"), "hash"),
        ("wide_unmarked.csv", text(HASH_CSV, "utf-16-le"), "hash"),
        ("semicolons.csv", text(HASH_CSV.replace(",", ";")), "hash"),
        ("bars.txt", text(HASH_CSV.replace(",", "|")), "hash"),
        ("titled.csv", text("Table 1: people by age\n\n" + HASH_CSV), "hash"),
        (
            "base64.csv",
            table(
                ("k", "v"),
                [(make.base64_of(hashlib.sha256(str(n).encode()).digest()), n) for n in range(9)],
            ),
            "hash",
        ),
        ("md5.txt", text(f"One of them is {_hash(1, 'md5')}."), "hash"),
        ("a.json", text(json.dumps([{"k": _hash(n), "v": n} for n in range(9)])), "hash"),
        ("a.jsonl", text("\n".join(json.dumps({"k": _hash(n)}) for n in range(9))), "hash"),
        ("a.yaml", text("\n".join(f"- k: {_hash(n)}" for n in range(9))), "hash"),
        ("page.html", text(_html_table(("k", "sex", "age"), HASHED)), "hash"),
        ("a.xlsx", lambda: make.xlsx([("k", "sex", "age"), *HASHED]), "hash"),
        ("a.ods", lambda: make.ods([("k", "sex", "age"), *HASHED]), "hash"),
        ("a.docx", lambda: make.docx(make.word_table([("k", "sex", "age"), *HASHED])), "hash"),
        ("packed.csv", lambda: gzip.compress(HASH_CSV.encode(), mtime=0), "hash"),
        ("packed.zip", lambda: make.package({"a.csv": HASH_CSV}), "hash"),
        ("nested.zip", lambda: make.package({"b.zip": make.package({"a.csv": HASH_CSV})}), "hash"),
        ("report.docx", _zip_in_docx, "hash"),
    ],
    "key-like columns": [
        (
            "printed.html",
            text(
                "<html><pre>   person_id  age sex\n0  10001   40   F\n1  10002   41   M\n"
                "2  10003   42   F\n3  10004   43   M\n</pre></html>"
            ),
            "key",
        ),
        ("pasted.ipynb", lambda: make.notebook(source=[f'rows = """{KEYED}"""']), "key"),
        ("lying.csv", text("person_id,1001,1002,1003\nage,40,41,42\n"), "key"),
        ("single.csv", text("person_id\n1\n2\n"), "key"),
        ("delivered.csv", table(("CAP_INCIDENTID_E", "v"), [(1, 2)]), "key"),
        (
            "unquoted.html",
            text(
                "<html><script>rows = [{person_id: 1, v: 2}, {person_id: 2, v: 3},"
                "{person_id: 3, v: 4}]</script></html>"
            ),
            "key",
        ),
        (
            "framed.html",
            text(
                f'<html><iframe srcdoc="{_html_table(("person_id", "v"), [(1, 2)])}">'
                "</iframe></html>"
            ),
            "key",
        ),
        ("carets.txt", text(KEYED.replace(",", "^")), "key"),
        ("a.csv", text(KEYED), "key"),
        (
            "large.csv",
            table(("k", "v"), [(n * 7_919_317_771 + 10**15, 4) for n in range(1, 20)]),
            "key",
        ),
        (
            "uuid.csv",
            table(
                ("k", "v"), [(f"{n:08x}-12ab-4cde-8f00-{n * 997:012x}", 4) for n in range(1, 20)]
            ),
            "key",
        ),
        ("plain_id.csv", table(("id", "v"), [(n, "x") for n in range(30)]), "key"),
        ("codes.csv", table(("ref", "v"), [(f"AB{n * 7919:07d}x", "x") for n in range(30)]), "key"),
        ("prison.csv", table(("Prison Number", "v"), [("x", 1)]), "key"),
        ("columns.json", text(json.dumps({"defendantId": [1, 2, 3], "age": [40, 50, 60]})), "key"),
        (
            "split.json",
            text(
                json.dumps({"columns": ["case_id", "v"], "data": [["a", 1]] * 2, "case_id": [1, 2]})
            ),
            "key",
        ),
        (
            "printed.ipynb",
            lambda: make.notebook(
                {
                    "output_type": "stream",
                    "name": "stdout",
                    "text": "   person_id  age sex\n0      10001   40   F\n1      10002   41   M\n"
                    "2      10003   42   F\n3      10004   43   M\n",
                }
            ),
            "key",
        ),
        (
            "index.html",
            text(_html_table(("", "person_id", "sex"), [(0, 11, "F"), (1, 12, "M")])),
            "key",
        ),
        (
            "metadata.ipynb",
            lambda: make.notebook(metadata={"note": make.base64_of(KEYED * 3)}),
            "key",
        ),
        ("commented.html", text(f"<html><body><p>Fine</p><!--\n{KEYED}--></body></html>"), "key"),
        (
            "address.html",
            text(
                "<html><body><a download href='data:text/csv;base64,"
                f"{make.base64_of(KEYED)}'>x</a></body></html>"
            ),
            "key",
        ),
        (
            "script.html",
            text(
                "<html><script>var rows = "
                f"{json.dumps([{'person_id': n, 'v': n} for n in range(9)])};"
                "</script></html>"
            ),
            "key",
        ),
        (
            "description.png",
            lambda: make.png([(b"tEXt", b"Description\0" + KEYED.encode())]),
            "key",
        ),
    ],
    "dates of birth": [
        ("born.txt", text("She was born on 12 March 1987 in Leeds."), "birth_date"),
        ("dob.txt", text("DOB: 12/03/1987"), "birth_date"),
        (
            "serial.xlsx",
            lambda: make.xlsx([("dob", "v"), *((20454 + n, 40) for n in range(9))]),
            "birth_date",
        ),
        ("a.csv", table(("dob", "v"), [(one, 40) for one in BIRTHS]), "birth_date"),
        ("unnamed.csv", table(("d", "v"), [(one, 40) for one in BIRTHS]), "birth_date"),
        (
            "british.csv",
            table(("d", "v"), [(f"{one[8:]}/{one[5:7]}/{one[:4]}", 40) for one in BIRTHS]),
            "birth_date",
        ),
        ("month.csv", table(("birth_month", "v"), [(one[:7], 40) for one in BIRTHS]), "birth_date"),
        (
            "a.docx",
            lambda: make.docx(make.word_table([("d", "v"), *((d, 40) for d in BIRTHS)])),
            "birth_date",
        ),
    ],
    "postcodes": [
        ("a.csv", table(("area", "v"), [(one, 40) for one in CODES]), "postcode"),
        ("a.txt", text("The mothers lived near LS1 4AP and in Leeds."), "postcode"),
        ("small.csv", table(("area", "v"), [(one.lower(), 40) for one in CODES]), "postcode"),
        (
            "outward.csv",
            table(("postcode_district", "v"), [("LS1", 40), ("LS2", 45)]),
            "postcode_district",
        ),
    ],
    "numbers given to people": [
        ("wide_digits.txt", text("See AB\uff11\uff12\uff13\uff14\uff15\uff16C."), "national_id"),
        ("unseen.txt", text("See AB12\u200b3456C."), "national_id"),
        (
            "orphan.xlsx",
            lambda: make.xlsx(
                more={"xl/sharedStrings.xml": "<sst><si><t>AB 12 34 56 C</t></si></sst>"}
            ),
            "national_id",
        ),
        (
            "list.xlsx",
            lambda: make.xlsx(
                before="<dataValidations><dataValidation><formula1>"
                '"AB123456C,AB123457C"</formula1></dataValidation></dataValidations>'
            ),
            "national_id",
        ),
        ("nhs.csv", table(("k", "v"), [(one, 40) for one in NHS]), "national_id"),
        ("nhs.txt", text(f"NHS number {NHS[0][:3]} {NHS[0][3:6]} {NHS[0][6:]}."), "national_id"),
        ("nino.txt", text("See AB 12 34 56 C for more."), "national_id"),
        ("pnc.txt", text(f"The record {_pnc(2001, 12345)} was set aside."), "national_id"),
        ("pnc.csv", table(("k", "v"), [(_pnc(1999, n * 71), 40) for n in range(9)]), "national_id"),
        ("prison.txt", text("Prisoner A1234BC left."), "national_id"),
        (
            "probation.csv",
            table(("k", "v"), [(f"X{n * 7919:06d}", 40) for n in range(9)]),
            "national_id",
        ),
        ("case.txt", text("In case LU19C00123 the order was made."), "case_number"),
        ("nhs.json", text(json.dumps({"nhs_number": int(NHS[1]), "v": 1})), "national_id"),
    ],
    "ways to reach a person": [
        ("a.txt", text("Write to jane.doe@example.org."), "email"),
        ("b.txt", text("Ring 07700 900123 after five."), "phone"),
        ("c.csv", table(("k", "v"), [("01632960001", 40), ("01632960002", 45)]), "phone"),
        ("escaped.json", text('{"contact": "jane\\u0040example.org"}'), "email"),
        (
            "link.docx",
            lambda: make.docx(
                more={
                    "word/_rels/document.xml.rels": '<Relationships><Relationship Type="x/hyperlink" Target="mailto:jane@example.org" '
                    'TargetMode="External"/></Relationships>'
                }
            ),
            "email",
        ),
    ],
    "names of people": [
        ("street.txt", text("The mother lived at 12 Acacia Avenue."), "person_name"),
        ("a.csv", table(("surname", "v"), [("x", 40)]), "person_name"),
        ("b.csv", table(("who", "v"), [(one, 40) for one in NAMED]), "person_name"),
        ("c.xlsx", lambda: make.xlsx([("who", "v"), *((one, 40) for one in NAMED)]), "person_name"),
    ],
    "rows of single people": [
        (
            "unnamed.csv",
            table(("T", "E", "group"), [(n * 7 % 50, n % 2, "a") for n in range(30)]),
            "row_level",
        ),
        ("twice.csv", table(("T", "b"), [(n % 9, "a") for n in range(12)]), "row_level"),
        ("a.csv", table(ROW_NAMES, ROWS), "row_level"),
        ("ones.csv", table(("age", "people"), [(n, 1) for n in range(18, 60)]), "row_level"),
        (
            "dates.csv",
            table(
                ("when", "what"),
                [(f"2019-{n % 12 + 1:02d}-{n * 7 % 27 + 1:02d}", "a") for n in range(30)],
            ),
            "row_level",
        ),
        (
            "repeated.csv",
            table(("sex", "age", "value"), [("F", 30, 1.5), ("M", 31, 2.5)] * 10),
            "row_level",
        ),
        (
            "exact.csv",
            table(("group", "estimate"), [(n, 1 / (n + 7)) for n in range(9)]),
            "unrounded",
        ),
        ("headerless.csv", text("\n".join(f"{n},{n * 1.5},F" for n in range(20))), "no_header"),
        (
            "a.ipynb",
            lambda: make.notebook(make.shown("text/html", _html_table(ROW_NAMES, ROWS))),
            "row_level",
        ),
        ("a.ods", lambda: make.ods([ROW_NAMES, *ROWS]), "row_level"),
    ],
    "small counts": [
        ("lying.csv", text("group,a,b,c\npeople,40,3,85\n"), "small_count"),
        ("a.csv", table(("group", "people"), SMALL), "small_count"),
        ("zero.csv", table(("group", "n"), [("a", 40), ("b", 0)]), "small_count"),
        ("thousands.csv", text('group,at_risk\na,"1,204"\nb,"7"\nc,"2,400"\n'), "small_count"),
        (
            "total.csv",
            table(("age", "men", "women"), [("a", 40, 50), ("b", 3, 60), ("Total", 43, 110)]),
            "small_count",
        ),
        (
            "a.docx",
            lambda: make.docx(make.word_table([("group", "people"), *SMALL])),
            "small_count",
        ),
        (
            "a.md",
            text("| group | people |\n|---|---|\n| a | 40 |\n| b | 3 |\n| c | 85 |\n"),
            "small_count",
        ),
        ("a.txt", text("The youngest group (n = 4) is left out."), "small_count"),
        ("words.txt", text("Of these, 3 people returned."), "small_count"),
        ("a.json", text(json.dumps({"people": 4, "share": 0.5})), "small_count"),
        (
            "a.xlsx",
            lambda: make.xlsx([("Title", ""), (), ("group", "Number of people"), *SMALL]),
            "small_count",
        ),
    ],
    "long tables": [
        ("wide.csv", table(tuple(f"c{n}" for n in range(501)), [(0.5,) * 501]), "long_table"),
        ("a.csv", table(("day", "share"), [(n, 0.5) for n in range(501)]), "long_table"),
        (
            "a.html",
            text(_html_table(("day", "share"), [(n, 0.5) for n in range(501)])),
            "long_table",
        ),
    ],
    "hidden sheets, rows and text": [
        ("hidden.xlsx", lambda: make.xlsx(second=[("a", "b")], state="hidden"), "hidden_content"),
        ("very.xlsx", lambda: make.xlsx(second=[("a", "b")], state="veryHidden"), "hidden_content"),
        ("row.xlsx", lambda: make.xlsx(hidden_row=2), "hidden_content"),
        (
            "column.xlsx",
            lambda: make.xlsx(before='<cols><col min="2" max="2" hidden="1"/></cols>'),
            "hidden_content",
        ),
        (
            "name.xlsx",
            lambda: make.xlsx(names='<definedName name="k">{1,2,3}</definedName>'),
            "hidden_content",
        ),
        (
            "custom.xlsx",
            lambda: make.xlsx(more={"customXml/item1.xml": "<a>x</a>"}),
            "hidden_content",
        ),
        ("stranger.xlsx", lambda: make.xlsx(more={"xl/notes.csv": "a,b"}), "hidden_content"),
        (
            "format.xlsx",
            lambda: make.xlsx(
                more={
                    "xl/styles.xml": '<styleSheet><numFmts><numFmt formatCode=";;;"/></numFmts></styleSheet>'
                }
            ),
            "hidden_content",
        ),
        (
            "hidden.ods",
            lambda: make.ods(
                [("group", "people"), ("a", 40)],
                styles='<style:style style:name="h"><style:table-properties table:display="false"/>'
                "</style:style>",
                table='table:style-name="h"',
            ),
            "hidden_content",
        ),
        (
            "vanish.docx",
            lambda: make.docx(WORDS("secret", properties="<w:vanish/>")),
            "hidden_content",
        ),
        (
            "book.docx",
            lambda: make.docx(more={"word/embeddings/a.xlsx": make.xlsx()}),
            "hidden_content",
        ),
    ],
    "comments and changes": [
        (
            "a.xlsx",
            lambda: make.xlsx(
                more={
                    "xl/comments1.xml": "<comments><commentList><comment><text><t>Look</t></text></comment></commentList>"
                    "</comments>"
                }
            ),
            "comment",
        ),
        (
            "thread.xlsx",
            lambda: make.xlsx(
                more={
                    "xl/threadedComments/t1.xml": "<ThreadedComments><threadedComment><text>Look</text></threadedComment>"
                    "</ThreadedComments>"
                }
            ),
            "comment",
        ),
        (
            "a.docx",
            lambda: make.docx(
                more={
                    "word/comments.xml": '<w:comments xmlns:w="w"><w:comment><w:p/></w:comment></w:comments>'
                }
            ),
            "comment",
        ),
        ("a.ods", lambda: make.ods([("a", "b")], notes="<office:annotation/>"), "comment"),
        (
            "deleted.docx",
            lambda: make.docx("<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"),
            "tracked_change",
        ),
        (
            "note.pdf",
            lambda: make.pdf(more="/Annots [<</Subtype/Text/Contents (Look)>>]"),
            "comment",
        ),
    ],
    "stored copies of rows": [
        (
            "a.xlsx",
            lambda: make.xlsx(
                more={
                    "xl/pivotCache/pivotCacheRecords1.xml": "<pivotCacheRecords><r><n v='1'/></r><r><n v='2'/></r></pivotCacheRecords>"
                }
            ),
            "pivot_cache",
        ),
        (
            "link.xlsx",
            lambda: make.xlsx(
                more={
                    "xl/externalLinks/externalLink1.xml": "<externalLink><externalBook/></externalLink>"
                }
            ),
            "external_link",
        ),
        (
            "query.xlsx",
            lambda: make.xlsx(
                more={"xl/connections.xml": "<connections><connection/></connections>"}
            ),
            "external_link",
        ),
        (
            "remote.docx",
            lambda: make.docx(
                more={
                    "word/_rels/settings.xml.rels": '<Relationships><Relationship Type="x/attachedTemplate" '
                    'Target="https://example.org/a.dotm" TargetMode="External"/></Relationships>'
                }
            ),
            "external_link",
        ),
        (
            "chart.xlsx",
            lambda: make.xlsx(
                more={
                    "xl/charts/chart1.xml": "<chart><numCache><pt><v>40</v></pt><pt><v>41</v></pt></numCache></chart>"
                }
            ),
            "plot_data",
        ),
        (
            "attached.pdf",
            lambda: make.pdf(more="/Names <</EmbeddedFiles 4 0 R>>"),
            "hidden_content",
        ),
    ],
    "plots with their data": [
        (
            "drawn.pdf",
            lambda: make.pdf(page=" ".join(f"{n} {n * 7 % 50} l" for n in range(200)) + " "),
            "plot_data",
        ),
        ("a.svg", text(_svg()), "plot_data"),
        ("drawn.svg", _matplotlib_svg, "plot_data"),
        ("a.html", text(_plotly()), "plot_data"),
        ("inline.html", text(f"<html><body>{_svg()}</body></html>"), "plot_data"),
        (
            "vega.json",
            text(
                json.dumps(
                    {
                        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
                        "data": {"values": [{"x": n, "y": n} for n in range(30)]},
                        "mark": "point",
                        "encoding": {"x": {"field": "x"}},
                    }
                )
            ),
            "plot_data",
        ),
        (
            "plotly.ipynb",
            lambda: make.notebook(
                make.shown(
                    "application/vnd.plotly.v1+json", {"data": [{"x": [1, 2, 3], "y": [1, 2, 3]}]}
                )
            ),
            "plot_data",
        ),
        (
            "bokeh.html",
            text("<html><script>Bokeh.embed.embed_items(docs_json, [])</script></html>"),
            "plot_data",
        ),
        ("svg.ipynb", lambda: make.notebook(make.shown("image/svg+xml", [_svg()])), "plot_data"),
    ],
    "tracebacks": [
        ("a.ipynb", lambda: make.notebook(_error()), "traceback"),
        (
            "python.txt",
            text('Traceback (most recent call last):\n  File "a.py", line 3\n'),
            "traceback",
        ),
        (
            "r.txt",
            text("Error in lm.fit(x, y) : NA/NaN/Inf in 'x'\nExecution halted\n"),
            "traceback",
        ),
        ("spark.txt", text("Caused by: java.lang.NumberFormatException: x"), "traceback"),
        (
            "duckdb.txt",
            text("Conversion Error: Could not convert string 'x' to INT32"),
            "traceback",
        ),
        (
            "stream.ipynb",
            lambda: make.notebook(
                {
                    "output_type": "stream",
                    "name": "stderr",
                    "text": ["ValueError: x is not in list\n"],
                }
            ),
            "traceback",
        ),
    ],
    "paths of the machine": [
        ("unix.txt", text(f"Read from {HOME}/project/rows.parquet"), "path"),
        ("mounted.txt", text("source: /safe_data/extract/a.csv"), "path"),
        ("windows.txt", text(f"Read from {WINDOWS_HOME}\\rows.csv"), "path"),
        ("unc.txt", text("Read from \\\\server01\\share\\rows.csv"), "path"),
        (
            "run.ipynb",
            lambda: make.notebook(
                metadata={"papermill": {"input_path": "/scratch/jdoe/study.ipynb"}}
            ),
            "path",
        ),
        ("store.yaml", text("warehouse: s3://justice-data/extract\n"), "path"),
        ("picture.png", lambda: make.png([(b"tEXt", f"Title\0{HOME}/a.ipynb".encode())]), "path"),
    ],
    "secrets": [
        ("a.txt", text("password = hunter2hunter2"), "secret"),
        ("url.yaml", text("database: postgresql://reader:s3cretword@db/justice\n"), "secret"),
        ("key.txt", text("-----BEGIN RSA PRIVATE KEY-----\n"), "secret"),
        ("cloud.json", text(json.dumps({"k": "AKIA" + "A1B2C3D4E5F6G7H8"})), "secret"),
        ("code.ipynb", lambda: make.notebook(source=["api_key = 'abcd1234efgh'"]), "secret"),
    ],
    "users and hidden metadata": [
        ("address.txt", text("Run on 10.12.0.7 at noon."), "user_name"),
        (
            "colours.png",
            lambda: make.png([(b"iCCP", b"sRGB\0\0" + zlib.compress(b"1,2,3\n" * 50))]),
            "hidden_content",
        ),
        ("versions.pdf", lambda: make.pdf() + b"5 0 obj <<>> endobj\n%%EOF\n", "hidden_content"),
        (
            "disguised.pdf",
            lambda: make.pdf(more="/Names <</Embedded#46iles 4 0 R>>"),
            "hidden_content",
        ),
        ("a.docx", lambda: make.docx(creator="Jane Doe"), "user_name"),
        ("a.xlsx", lambda: make.xlsx(creator="jdoe"), "user_name"),
        ("a.pdf", lambda: make.pdf(info="/Author (Jane Doe)"), "user_name"),
        ("run.yaml", text("user: jdoe\nhostname: srs-node-14\n"), "user_name"),
        ("author.png", lambda: make.png([(b"tEXt", b"Author\0Jane Doe")]), "metadata"),
        (
            "packed.png",
            lambda: make.png([(b"zTXt", b"Comment\0\0" + zlib.compress(b"made from the rows"))]),
            "metadata",
        ),
        ("exif.png", lambda: make.png([(b"eXIf", b"MM\0*camera")]), "metadata"),
        ("comment.jpg", lambda: make.jpeg(b"made by Jane"), "metadata"),
        ("after.png", lambda: make.png(after=b"person_id,age\n1,40\n"), "hidden_content"),
        ("chunk.png", lambda: make.png([(b"roWs", b"1,2,3")]), "hidden_content"),
        ("archive.png", lambda: make.png(after=make.package({"a.csv": "a,b\n"})), "hidden_content"),
        (
            "widgets.ipynb",
            lambda: make.notebook(metadata={"widgets": {"state": {"a": 1}}}),
            "hidden_content",
        ),
    ],
    "places too fine": [
        ("a.csv", table(("area", "latitude", "longitude"), [("a", 53.8, -1.5)]), "coordinates"),
        ("b.csv", table(("area", "v"), [(f"E0100{n:04d}", 40) for n in range(20)]), "coordinates"),
        ("c.txt", text("Seen at 53.79648, -1.54785 most often."), "coordinates"),
        (
            "d.geojson",
            text(json.dumps({"type": "Point", "coordinates": [-1.5, 53.8]})),
            "coordinates",
        ),
    ],
    "files of data or code, and packed or misleading files": [
        ("coded.pdf", lambda: make.pdf(page="[<0102030405>] TJ"), "unreadable"),
        ("letter.txt", text("{\\rtf1 hello}"), "unreadable"),
        ("object.yaml", text("a: !!python/object:os.system {}\n"), "code_file"),
        ("aliases.yaml", text("a: &a [1, 2]\nb: [*a, *a]\n"), "unreadable"),
        ("between.zip", _taken_off_the_list, "archive"),
        ("a.parquet", lambda: _parquet("parquet"), "row_data_file"),
        ("a.feather", lambda: _parquet("feather"), "row_data_file"),
        ("a.duckdb", lambda: _database("duckdb"), "row_data_file"),
        ("a.sqlite", lambda: _database("sqlite"), "row_data_file"),
        ("renamed.csv", lambda: _parquet("parquet"), "wrong_ending"),
        ("picture.png", lambda: _parquet("parquet"), "row_data_file"),
        ("a.npy", lambda: _array(np.save), "row_data_file"),
        ("a.npz", lambda: _array(np.savez), "row_data_file"),
        ("a.dta", lambda: b"<stata_dta><header>", "row_data_file"),
        ("a.sav", lambda: b"$FL2@(#) SPSS DATA FILE", "row_data_file"),
        ("a.rds", lambda: gzip.compress(b"X\n\0\0\0\3", mtime=0), "row_data_file"),
        ("a.pkl", lambda: pickle.dumps({"a": [1, 2, 3]}), "code_file"),
        ("oldest.bin", lambda: pickle.dumps({"a": [1, 2, 3]}, protocol=0), "code_file"),
        ("a.joblib", lambda: zlib.compress(pickle.dumps([1, 2])), "code_file"),
        ("macros.xlsm", lambda: make.xlsx(more={"xl/vbaProject.bin": b"\xd0\xcf"}), "code_file"),
        ("a.py", text("print('hello')"), "executable"),
        ("script.txt", text("#!/bin/sh\necho hello\n"), "executable"),
        ("fetch.csv", table(("a", "b"), [("x", '=HYPERLINK("https://x.org")')]), "formula"),
        ("bomb.zip", _bomb, "archive"),
        ("a.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(20), "archive"),
        (
            "entities.svg",
            text('<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'),
            "unreadable",
        ),
        ("damaged.xlsx", lambda: make.xlsx()[:400], "archive"),
        ("cut.png", lambda: make.png()[:40], "unreadable"),
        ("noise.bin", lambda: bytes(range(256)) * 4, "unreadable"),
        ("page.csv", text("<html><body>x</body></html>"), "wrong_ending"),
        (".hidden.csv", text("a,b\nx,y\n"), "hidden_file"),
        (".csv", text("a,b\nx,y\n"), "file_name"),
        ("~$draft.docx", lambda: make.docx(), "hidden_file"),
        ("jane.doe@example.org.txt", text("x"), "file_name"),
        (
            "blob.txt",
            text("x = " + make.base64_of(hashlib.sha512(b"a").digest() * 8)),
            "encoded_data",
        ),
    ],
}
