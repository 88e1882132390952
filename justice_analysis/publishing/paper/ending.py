"""The end of a paper: data, definitions, variants, how to cite, provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import SYNTHETIC, sentence
from justice_analysis.publishing.paper.blocks import (
    Block,
    Bullets,
    Facts,
    Files,
    Heading,
    Link,
    Paragraph,
    Text,
    Words,
)
from justice_analysis.publishing.paper.front import Front
from justice_analysis.publishing.released.reader import ReleasedOutput
from justice_analysis.publishing.study_page import StudyPage

KINDS = {
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": "all tables, Excel",
    "ods": "all tables, OpenDocument",
    "cff": "citation, CFF",
    "bib": "citation, BibTeX",
}


def file_names(slug: str, *, is_synthetic: bool) -> dict[str, str]:
    """What the files of a whole paper are called beside its page, by kind."""
    mark = "-synthetic" if is_synthetic else ""
    return {kind: f"{slug}{mark}.{kind}" for kind in KINDS}


def downloads(page: StudyPage) -> list[Block]:
    """The paper, and the released tables, as files."""
    names = file_names(page.slug, is_synthetic=page.is_synthetic)
    whole = tuple((KINDS[kind], names[kind]) for kind in ("pdf", "docx", "xlsx", "ods"))
    lines = [("This paper", whole), *(_file_line(page, output) for output in page.study.released)]
    word = "simulated " if page.is_synthetic else ""
    note = f"Each CSV holds the {word}numbers as they were released; a hidden cell is empty."
    return [_heading("Data"), _said(note), Files(tuple(lines))]


def _file_line(page: StudyPage, output: ReleasedOutput) -> tuple[str, tuple[tuple[str, str], ...]]:
    kinds = (
        ("CSV", page.file_name(output, ".csv")),
        ("how to read it, TXT", page.file_name(output, ".txt")),
    )
    return output.title, kinds


def definitions(page: StudyPage, cards: Mapping[str, str]) -> list[Block]:
    """Definitions that the numbers were computed by; an unknown one stops the build."""
    used = sorted({output.card for output in page.study.released if output.card})
    unknown = [name for name in used if name not in cards]
    if unknown:
        raise BookError(
            f"{page.study.name}: no definition card is registered as {', '.join(unknown)}."
        )
    if not used:
        return []
    links = tuple(Link((Text(cards[name]),), f"definitions/{name}") for name in used)
    return [_heading("Definitions used"), _bullets((link,) for link in links)]


def variants(page: StudyPage, titles: Mapping[str, str]) -> list[Block]:
    """The other variants of the study."""
    if not page.siblings:
        return []
    links = [(Link((Text(titles[other.study.name]),), other.path),) for other in page.siblings]
    return [_heading("The same study with other choices"), _bullets(links)]


def citation(page: StudyPage, front: Front, title: str) -> str:
    """How to cite the paper, in a sentence."""
    stated = page.study.provenance
    version = stated.get("package_version") or stated.get("package")
    nature = " on synthetic data" if page.is_synthetic else ""
    names = ", ".join(author.name for author in front.authors)
    return (
        f"{names} ({front.date[:4]}) {sentence(title)} {page.kind}{nature}, version "
        f"{front.version} ({front.status}). justice_analysis {version}, study {page.study.name}, "
        f"released {released_day(page)}."
    )


def released_day(page: StudyPage) -> str:
    """Day on which the numbers were released, as the release states it."""
    stated = page.study.provenance
    return str(stated.get("released") or stated.get("released_date") or "on a day not stated")


def citing(page: StudyPage, said: str, datasets: Mapping[str, tuple[str, str]]) -> list[Block]:
    """How to cite the paper and, on real data, its sources; with files for reference managers."""
    names = file_names(page.slug, is_synthetic=page.is_synthetic)
    files = tuple((KINDS[kind], names[kind]) for kind in ("bib", "cff"))
    lines = [
        (Text(sentence(datasets[name][1])),)
        for name in _sources(page)
        if name in datasets and datasets[name][1] and not page.is_synthetic
    ]
    data: list[Block] = [_said("Data:"), _bullets(lines)] if lines else []
    return [_heading("How to cite"), _said(said), *data, Files((("This paper", files),))]


def _sources(page: StudyPage) -> Mapping[str, Any]:
    sources = page.study.provenance.get("sources")
    return sources if isinstance(sources, Mapping) else {}


def provenance(
    page: StudyPage, front: Front, datasets: Mapping[str, tuple[str, str]]
) -> list[Block]:
    """What the paper was made from: data, versions and parameters."""
    stated = page.study.provenance
    pairs: list[tuple[str, object]] = [
        ("Study", page.study.study),
        ("Variant", page.study.variant),
        ("Data", SYNTHETIC if page.is_synthetic else "Real data"),
        *((f"Source: {name}", _source(value)) for name, value in _sources(page).items()),
        ("Released", released_day(page)),
        ("Release profile", stated.get("profile")),
        ("Package version", stated.get("package_version") or stated.get("package")),
        ("Warehouse fingerprint", _fingerprint(stated)),
        ("Run", stated.get("run")),
        ("DOI", front.doi),
        ("Contact", front.contact),
    ]
    return [
        _heading("Provenance"),
        _said("What this page was made from. Its figures, tables and numbers are released files."),
        *_datasets(page, datasets),
        _facts(pairs),
        *_settings("Parameters", stated.get("parameters") or page.parameters.get("parameters")),
        *_controls(page),
        *_settings("Stricter rules of the study", stated.get("disclosure")),
    ]


def _controls(page: StudyPage) -> list[Block]:
    """What was done to the numbers before they left, each control once."""
    applied = dict.fromkeys(
        sentence(control)
        for output in page.study.released
        for control in output.context.get("controls") or ()
    )
    if not applied:
        return []
    return [_heading("Disclosure control", 3), _bullets((Text(said),) for said in applied)]


def _datasets(page: StudyPage, known: Mapping[str, tuple[str, str]]) -> list[Block]:
    links = [
        Link((Text(known[name][0]),), f"catalogue/{name}")
        for name in _sources(page)
        if name in known
    ]
    if not links:
        return []
    parted = [word for link in links for word in (Text(", "), link)][1:]
    return [Paragraph((Text("Described in the catalogue: "), *parted, Text(".")))]


def _source(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    items: list[tuple[str, Callable[[Any], str]]] = [
        ("nature", lambda nature: "synthetic data" if nature == "synthetic" else f"{nature} data"),
        ("extract_date", lambda date: f"extract of {date}"),
        ("seed", lambda seed: f"seed {seed}"),
    ]
    return ", ".join(show(value[key]) for key, show in items if value.get(key))


def _fingerprint(stated: Mapping[str, Any]) -> object:
    warehouse = stated.get("warehouse")
    if isinstance(warehouse, Mapping):
        return warehouse.get("fingerprint")
    return warehouse or stated.get("warehouse_fingerprint")


def _settings(title: str, values: object) -> list[Block]:
    if not isinstance(values, Mapping) or not values:
        return []
    return [_heading(title, 3), _facts([(name, _value(value)) for name, value in values.items()])]


def _value(value: object) -> str:
    """A parameter in words: lists by commas, what has parts by its parts."""
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_value(part)}" for name, part in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_value, value)) or "none"
    return str(value)


def _heading(said: str, level: int = 2) -> Heading:
    return Heading(level, (Text(said),))


def _said(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def _bullets(lines: Any) -> Bullets:
    items: list[Words] = list(lines)
    return Bullets(tuple((Paragraph(words),) for words in items))


def _facts(pairs: list[tuple[str, object]]) -> Facts:
    """Names and what they stand for; empty ones are left out."""
    shown = [(name, value) for name, value in pairs if value not in (None, "", (), [])]
    return Facts(tuple((name, (Text(" ".join(str(value).split())),)) for name, value in shown))
