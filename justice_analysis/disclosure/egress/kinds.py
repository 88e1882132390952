"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import io
import json
import zipfile


def words_of(listed: str) -> frozenset[str]:
    """Make a set of words written in one string."""
    return frozenset(listed.split())


STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ\x00", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!", "packed"),
    (b"\x28\xb5\x2f\xfd", "packed"),
    (b"PAR1", "data"),
    (b"ARROW1", "data"),
    (b"FEA1", "data"),
    (b"\xff\xff\xff\xff", "data"),  # Arrow stream
    (b"SQLite format 3\x00", "data"),
    (b"RDX", "data"),
    (b"RDA", "data"),
    (b"X\n\x00\x00", "data"),
    (b"A\n2\n", "data"),
    (b"A\n3\n", "data"),
    (b"$FL2", "data"),
    (b"$FL3", "data"),
    (b"<stata_dta>", "data"),
    (b"HEADER RECORD*******", "data"),
    (b"\x93NUMPY", "data"),
    (b"\x89HDF", "data"),
    (b"Obj\x01", "data"),
    (b"ORC", "data"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "program"),
)
SAS = bytes(12) + b"\xc2\xea\x81\x60"
ENDINGS: dict[str, frozenset[str]] = {
    "png": frozenset({"png"}),
    "jpeg": frozenset({"jpg", "jpeg"}),
    "gif": frozenset({"gif"}),
    "tiff": frozenset({"tif", "tiff"}),
    "pdf": frozenset({"pdf"}),
    "zip": frozenset({"zip"}),
    "xlsx": frozenset({"xlsx"}),
    "xlsm": frozenset({"xlsm"}),
    "docx": frozenset({"docx"}),
    "pptx": frozenset({"pptx"}),
    "ods": frozenset({"ods"}),
    "odt": frozenset({"odt"}),
    "gzip": frozenset({"gz"}),
    "notebook": frozenset({"ipynb"}),
    "json": frozenset({"json", "geojson"}),
    "jsonl": frozenset({"jsonl", "ndjson", "json"}),
    "html": frozenset({"html", "htm"}),
    "svg": frozenset({"svg"}),
    "xml": frozenset({"xml"}),
    "plain": frozenset({"csv", "tsv", "txt", "md", "rst", "yaml", "yml"}),
}
SCRIPTS = words_of(
    "sh bash py pyw r rmd qmd do sas sps js mjs ts bat cmd ps1 vbs exe dll so jar sql pl rb "
    "scala jl m class pyc com scr lnk url desktop"
)
DATA = words_of(
    "parquet pq feather arrow ipc duckdb ddb db sqlite sqlite3 rds rda rdata sav zsav por dta "
    "sas7bdat xpt npy h5 hdf5 avro orc gpkg shp dbf accdb mdb xlsb xls"
)
CODE = words_of("pkl pickle joblib npz pt pth dill cloudpickle keras onnx rdata")


READABLE = frozenset().union(*ENDINGS.values())


def fits(kind: str, ending: str) -> bool:
    """Whether a file's ending says what its content is."""
    return ending in ENDINGS[kind] if kind in ENDINGS else ending not in READABLE


def of(content: bytes) -> str:
    """Name what some bytes are: a kind of `ENDINGS`, `data`, `code`, `program` or `unknown`."""
    if not content:
        return "plain"
    for start, kind in STARTS:
        if content.startswith(start):
            return of_zip(content) if kind == "zip" else _unless_text(kind, content)
    old_stata = content[:1] in (b"q", b"r", b"s") and content[1:3] in (b"\x01\x01", b"\x02\x01")
    if content[8:12] == b"DUCK" or content.startswith(SAS) or old_stata:
        return "data"
    if _is_pickle(content):
        return "code"
    if content[257:262] == b"ustar":
        return "packed"
    text = as_text(content)
    return "unknown" if text is None else of_text(text)


def _unless_text(kind: str, content: bytes) -> str:
    """Two letters are not enough where a sentence may begin with them."""
    if content[:2] in (b"MZ", b"OR", b"RI", b"RD", b"BZ") and as_text(content) is not None:
        return "plain"
    return kind


def _is_pickle(content: bytes) -> bool:
    if content[:1] == b"\x80" and len(content) > 2 and 2 <= content[1] <= 5:
        return content.rstrip()[-1:] == b"." or content[2:3] in b"\x95ccq}]("
    if content[:2] in (b"x\x01", b"x\x9c", b"x\xda"):
        return True  # zlib: what joblib writes
    return content[:1] in (b"(", b"c") and content[-1:] == b"." and b"\np" in content


def of_zip(content: bytes) -> str:
    """Tell the office formats, NumPy's and plain archives apart by what they hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            names = set(opened.namelist())
            first = opened.read("mimetype")[:80] if "mimetype" in names else b""
    except Exception:
        return "zip"  # its reader says that it cannot be opened
    if b"opendocument.spreadsheet" in first:
        return "ods"
    if b"opendocument" in first:
        return "odt"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "xlsm"
    for inside, kind in (
        ("xl/workbook.xml", "xlsx"),
        ("word/document.xml", "docx"),
        ("ppt/presentation.xml", "pptx"),
        ("xl/workbook.bin", "data"),
    ):
        if inside in names:
            return kind
    if names and all(name.endswith(".npy") for name in names):
        return "data"
    if any(name.endswith(("data.pkl", ".pkl")) for name in names):
        return "code"
    return "zip"


def of_text(text: str) -> str:
    """Tell the languages of text apart by how they begin."""
    start = text.lstrip("\ufeff \t\r\n")
    head = start[:2000].lower()
    if head.startswith(("{", "[")):
        return _of_json(start)
    if head.startswith("<"):
        if "<svg" in head and "<html" not in head:
            return "svg"
        markup = ("<html", "<!doctype html", "<table", "<div", "<body", "<script", "<p>", "<head")
        return "html" if any(word in head for word in markup) else "xml"
    return "plain"


def _of_json(start: str) -> str:
    try:
        content = json.loads(start)
    except RecursionError:
        return "json"
    except ValueError:
        first, _, rest = start.partition("\n")
        try:
            json.loads(first)
        except ValueError:
            return "plain"
        return "jsonl" if rest.strip() else "json"
    is_notebook = isinstance(content, dict) and "cells" in content and "nbformat" in content
    return "notebook" if is_notebook else "json"


def as_text(content: bytes) -> str | None:
    """Read bytes as text, in any of the usual encodings; None where they are no text."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content:
        return _unmarked_wide(content)
    text = _decoded(content, "utf-8")
    text = content.decode("cp1252", errors="replace") if text is None else text
    odd = sum(content.count(bytes([code])) for code in (*range(9), *range(14, 27), 28, 29, 30, 31))
    return text if odd * 100 <= len(content) else None


def _unmarked_wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain English is zero."""
    half = max(len(content) // 2, 1)
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if content[offset::2].count(0) > 0.6 * half:
            return _decoded(content[: len(content) // 2 * 2], encoding)
    return None


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
