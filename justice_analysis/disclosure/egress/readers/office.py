"""What all Office files have in common: properties, embedded files, links, macros."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.disclosure.egress.finding import Flag, Inner, Parts, Text
from justice_analysis.disclosure.egress.readers import archive, xml

SOFTWARE = frozenset({"", "python-docx", "openpyxl", "xlsxwriter", "justice analysis"})
"""Names of programs that stand where a person's would."""
PEOPLE = ("creator", "lastModifiedBy", "manager", "Manager", "initial-creator", "printed-by")
PROGRAMS = ("vbaproject.bin", "activex", "macrosheets/", "dialogsheets/")
EMBEDDED = ("/embeddings/", "/media/", "/objects/", "pictures/", "object ")
PART = (".xml", ".rels", ".vml", ".odttf", ".bin", ".rdf")


def opened(content: bytes) -> dict[str, bytes]:
    """Open a package within the limits on size."""
    return dict(archive.members(content))


def common_parts(files: Mapping[str, bytes]) -> Parts:
    """Properties, embedded files, links to outside, macros and strangers in a package."""
    for number, (name, content) in enumerate(files.items(), start=1):
        low, place = name.lower(), f"part {number}"
        if any(word in low for word in PROGRAMS):
            yield Flag("code_file", 1, "macros")
        elif low.startswith("docprops/thumbnail"):
            yield Flag("hidden_content", 1, "a picture of the first page")
        elif any(word in f"/{low}" for word in EMBEDDED) and not low.endswith((".rels", ".xml")):
            yield Inner(name.rpartition("/")[2], content, f"embedded file, {place}")
            if "/embeddings/" in f"/{low}":
                yield Flag("hidden_content", 1, "embedded file")
        elif low.startswith("customxml/") and low.endswith(".xml") and "props" not in low:
            yield from _custom_xml(content)
        elif low.endswith(".rels"):
            yield from _links(content)
        elif "printersettings" in low:
            yield Text(_wide_words(content), "printer settings")
        elif low in ("mimetype", "layout-cache") or low.endswith(PART[:-2]) or low.endswith(".rdf"):
            continue
        else:
            yield Flag("hidden_content", 1, "a file that does not belong")
            yield Inner(name.rpartition("/")[2], content, f"a file that does not belong, {place}")
    for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"):
        if name in files:
            yield from _properties(files[name], custom="custom" in name)


def _custom_xml(content: bytes) -> Parts:
    words = xml.words(xml.parsed(content), separator="\n")
    if words.strip():
        yield Flag("hidden_content", 1, "custom XML")
        yield Inner("", words.encode(), "custom XML")


def _links(content: bytes) -> Parts:
    for link in xml.parsed(content).iter("Relationship"):
        if link.attrib.get("TargetMode") != "External":
            continue
        target, kind = link.attrib.get("Target", ""), link.attrib.get("Type", "")
        on_the_web = target.startswith(("https://", "http://", "mailto:", "#"))
        if not (kind.endswith("/hyperlink") and on_the_web):
            yield Flag("external_link")
        yield Text(target, "a link")


def _properties(content: bytes, *, custom: bool) -> Parts:
    root = xml.parsed(content)
    named = [
        element
        for element in root.iter()
        if element.tag in PEOPLE and (element.text or "").strip().lower() not in SOFTWARE
    ]
    if named:
        yield Flag("user_name", len(named), "properties")
    if custom and len(root):
        yield Flag("metadata", len(root), "custom properties")
    yield Text(xml.words(root, separator="\n"), "properties")


def _wide_words(content: bytes) -> str:
    return content.replace(b"\0", b"").decode("latin-1")
