"""The end of a study's page: downloads, definitions, variants, citation, provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import SYNTHETIC, facts, hidden_toctree, plain, sentence
from justice_analysis.publishing.released_reader import ReleasedOutput
from justice_analysis.publishing.study_page import StudyPage


def downloads(page: StudyPage) -> list[str]:
    """The released tables as files."""
    if not page.study.released:
        return []
    lines = [
        f"- {page.download(output, f'{_file_title(output)} (CSV)')}, "
        f"{page.download(output, 'how to read it (TXT)', '.txt')}"
        for output in page.study.released
    ]
    word = "simulated " if page.is_synthetic else ""
    note = f"Each file holds the {word}numbers as they were released; a hidden cell is empty."
    return ["## Data", note, "\n".join(lines)]


def _file_title(output: ReleasedOutput) -> str:
    return output.title.replace("`", "").replace("<", "").replace(">", "")


def definitions(page: StudyPage) -> list[str]:
    """Definitions that the numbers were computed by; an unknown one stops the build."""
    used = sorted({output.card for output in page.study.released if output.card})
    unknown = [name for name in used if page.cards is not None and name not in page.cards]
    if unknown:
        raise BookError(
            f"{page.study.name}: no definition card is registered as {', '.join(unknown)}."
        )
    if not used or page.cards is None:
        return []
    lines = [f"- [{plain(page.cards[name])}](../definitions/{name}.md)" for name in used]
    return ["## Definitions used", "\n".join(lines)]


def variants(page: StudyPage) -> list[str]:
    """The other variants of the study."""
    if not page.siblings:
        return []
    lines = [f"- [{plain(other.title)}]({other.slug}.md)" for other in page.siblings]
    return [
        "## The same study with other choices",
        "\n".join(lines),
        hidden_toctree([f"{other.variant_title} <{other.slug}>" for other in page.siblings]),
    ]


def citation(page: StudyPage) -> list[str]:
    """How to cite the page and, on real data, its sources."""
    stated = page.study.provenance
    version = stated.get("package_version") or stated.get("package")
    nature = " on synthetic data" if page.is_synthetic else ""
    line = (
        f"*{plain(sentence(page.title))}* {page.kind}{nature}, "
        f"justice_analysis {plain(version)}, study {plain(page.study.name)}"
    )
    released = stated.get("released") or stated.get("released_date")
    line += f", released {plain(released)}." if released else "."
    known = page.datasets or {}
    lines = [
        f"- {plain(sentence(known[name][1]))}"
        for name in _sources(page)
        if name in known and known[name][1] and not page.is_synthetic
    ]
    data = ["Data:", "\n".join(lines)] if lines else []
    return ["## How to cite", line, *data]


def _sources(page: StudyPage) -> Mapping[str, Any]:
    sources = page.study.provenance.get("sources")
    return sources if isinstance(sources, Mapping) else {}


def provenance(page: StudyPage) -> list[str]:
    """What the page was made from: data, versions and parameters."""
    stated = page.study.provenance
    pairs: list[tuple[str, object]] = [
        ("Study", page.study.study),
        ("Variant", page.study.variant),
        ("Data", SYNTHETIC if page.is_synthetic else "Real data"),
        *((f"Source: {name}", _source(value)) for name, value in _sources(page).items()),
        ("Release profile", stated.get("profile")),
        ("Package version", stated.get("package_version") or stated.get("package")),
        ("Warehouse fingerprint", _fingerprint(stated)),
        ("Run", stated.get("run")),
    ]
    return [
        "## Provenance",
        "What this page was made from. Its figures, tables and numbers are released files.",
        *_datasets(page),
        facts(pairs),
        *_settings("Parameters", stated.get("parameters") or page.parameters.get("parameters")),
        *_controls(page),
        *_settings("Stricter rules of the study", stated.get("disclosure")),
    ]


def _controls(page: StudyPage) -> list[str]:
    """What was done to the numbers before they left, each control once."""
    applied = dict.fromkeys(
        sentence(control)
        for output in page.study.released
        for control in output.context.get("controls") or ()
    )
    if not applied:
        return []
    return ["### Disclosure control", "\n".join(f"- {plain(control)}" for control in applied)]


def _datasets(page: StudyPage) -> list[str]:
    known = page.datasets or {}
    links = [
        f"[{plain(known[name][0])}](../catalogue/{name}.md)"
        for name in _sources(page)
        if name in known
    ]
    return [f"Described in the catalogue: {', '.join(links)}."] if links else []


def _source(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    items: list[tuple[str, Callable[[Any], str]]] = [
        ("nature", lambda nature: "synthetic data" if nature == "synthetic" else f"{nature} data"),
        ("extract_date", lambda date: f"extract of {date}"),
        ("seed", lambda seed: f"seed {seed}"),
    ]
    return ", ".join(show(value[key]) for key, show in items if value.get(key) is not None)


def _fingerprint(stated: Mapping[str, Any]) -> object:
    warehouse = stated.get("warehouse")
    if isinstance(warehouse, Mapping):
        return warehouse.get("fingerprint")
    return warehouse or stated.get("warehouse_fingerprint")


def _settings(title: str, values: object) -> list[str]:
    if not isinstance(values, Mapping) or not values:
        return []
    return [f"### {title}", facts((name, _value(value)) for name, value in values.items())]


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
