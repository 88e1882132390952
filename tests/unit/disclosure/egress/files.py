"""Files of many kinds, made in memory: nothing binary is kept with the tests."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from justice_analysis.disclosure import Profile, load

ALL_TYPES = tuple(
    [
        "csv",
        "tsv",
        "txt",
        "md",
        "yaml",
        "json",
        "jsonl",
        "geojson",
        "png",
        "jpg",
        "svg",
        "pdf",
        "html",
        "xlsx",
        "xlsm",
        "docx",
        "pptx",
        "ods",
        "odt",
        "ipynb",
        "zip",
        "gz",
        "xml",
        "parquet",
        "feather",
        "arrow",
        "duckdb",
        "sqlite",
        "pkl",
        "joblib",
        "npz",
        "npy",
        "rds",
        "dta",
        "sav",
        "py",
        "sh",
        "gpkg",
        "bin",
        "xls",
        "7z",
        "h5",
    ]
)


# Put together, so that no file of the project names a path of a machine.
HOME = "/" + "home/jdoe"
WINDOWS_HOME = "C:" + r"\Users\jdoe"


def any_type() -> Profile:
    """The strictest profile, with every type of file allowed: other rules must find the leak."""
    import dataclasses

    return dataclasses.replace(load("ons-srs"), file_types=ALL_TYPES)


def csv_text(names: Sequence[str], rows: Iterable[Sequence[object]], sign: str = ",") -> str:
    lines = [sign.join(names), *(sign.join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def package(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file with the same bytes every time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def png(chunks: Iterable[tuple[bytes, bytes]] = (), after: bytes = b"") -> bytes:
    """One grey dot, with other chunks."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    dot = chunk(b"IDAT", zlib.compress(b"\0\x7f"))
    others = b"".join(chunk(*one) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + head + others + dot + chunk(b"IEND", b"") + after


def jpeg(comment: bytes = b"") -> bytes:
    mark = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    return (
        b"\xff\xd8" + b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0" + mark + b"\xff\xda\0\2..\xff\xd9"
    )


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator></cp:coreProperties>"
)


def sheet_xml(rows: Sequence[Sequence[object]], *, before: str = "", hidden_row: int = 0) -> str:
    def cell(value: object) -> str:
        if isinstance(value, (int, float)):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    lines = "".join(
        f'<row r="{at}"{" hidden=" + chr(34) + "1" + chr(34) if at == hidden_row else ""}>'
        f"{''.join(map(cell, row))}</row>"
        for at, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{lines}</sheetData></worksheet>'


def xlsx(
    rows: Sequence[Sequence[object]] = (("group", "people"), ("a", 40), ("b", 85)),
    *,
    state: str = "",
    names: str = "",
    creator: str = "",
    more: Mapping[str, str | bytes] = {},
    second: Sequence[Sequence[object]] | None = None,
    **sheet: object,
) -> bytes:
    """A workbook of one sheet, and a second one with the state asked for."""
    sheets = '<sheet name="Table" sheetId="1"/>'
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "docProps/core.xml": CORE.format(title="Table", creator=creator),
        "xl/worksheets/sheet1.xml": sheet_xml(rows, **sheet),
    }
    if second is not None:
        sheets += f'<sheet name="Notes" sheetId="2" state="{state or "visible"}"/>'
        files["xl/worksheets/sheet2.xml"] = sheet_xml(second)
    files["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}"><sheets>{sheets}</sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )
    return package({**files, **more})


def paragraph(words: str, *, properties: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{escape(words)}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[object]]) -> str:
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(str(cell))}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{lines}</w:tbl>"


def docx(
    body: str = paragraph("What was found."),
    *,
    creator: str = "",
    more: Mapping[str, str | bytes] = {},
) -> bytes:
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "docProps/core.xml": CORE.format(title="Context", creator=creator),
            "word/document.xml": f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>',
            **more,
        }
    )


def ods(
    rows: Sequence[Sequence[object]], *, styles: str = "", table: str = "", notes: str = ""
) -> bytes:
    def cell(value: object) -> str:
        return f"<table:table-cell><text:p>{escape(str(value))}</text:p></table:table-cell>"

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">'
        f"{styles}<office:body><table:table {table}>{lines}</table:table>{notes}</office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return package({"mimetype": kind, "content.xml": content})


def notebook(
    *outputs: Mapping[str, object], metadata: Mapping[str, object] = {}, **cell: object
) -> bytes:
    described = {
        "cell_type": "code",
        "source": ["metrics.recurrence(warehouse)"],
        "metadata": {},
        "outputs": list(outputs),
        **cell,
    }
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [described]}
    ).encode()


def shown(kind: str, content: object) -> dict[str, object]:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: content}}


def pdf(*, info: str = "", more: str = "", page: str = "(What was found) Tj") -> bytes:
    stream = zlib.compress(f"BT /F1 12 Tf {page} ET".encode())
    return (
        f"%PDF-1.7\n1 0 obj <</Type/Catalog {more}>> endobj\n2 0 obj <<{info}>> endobj\n"
        f"3 0 obj <</Length {len(stream)}/Filter/FlateDecode>>\nstream\n".encode()
        + stream
        + b"\nendstream endobj\ntrailer <</Root 1 0 R/Info 2 0 R>>\n%%EOF\n"
    )


def base64_of(content: bytes | str) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()
