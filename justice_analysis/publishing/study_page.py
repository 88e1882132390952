"""The page of one study variant: prose of the notebook, released objects, provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import (
    SYNTHETIC,
    admonition,
    escape,
    facts,
    front_matter,
    hidden_toctree,
    plain,
    sentence,
    words,
)
from justice_analysis.publishing.prose import (
    CLOSING,
    MAIN_POINTS,
    POLICY,
    Cell,
    StudyText,
    below_title,
    fill_released,
    without_heading,
)
from justice_analysis.publishing.released_reader import ReleasedOutput, ReleasedStudy
from justice_analysis.publishing.released_table import show_table

DEFAULT = "default"


@dataclass(frozen=True)
class StudyPage:
    """One study variant and where it stands in the book.

    Attributes
    ----------
    siblings
        Other variants of the study, shown on the page of the first one.
    cards
        Title of each registered definition by name; its page is `definitions/<name>`.
    datasets
        Title and citation of each dataset in the catalogue by name.
    """

    study: ReleasedStudy
    text: StudyText
    parameters: Mapping[str, Any]
    siblings: tuple[StudyPage, ...] = ()
    cards: Mapping[str, str] | None = None
    datasets: Mapping[str, tuple[str, str]] | None = None

    @property
    def is_synthetic(self) -> bool:
        """Whether it is a protocol paper."""
        return self.study.is_synthetic

    @property
    def kind(self) -> str:
        """What the page is called."""
        return "Protocol paper" if self.is_synthetic else "Paper"

    @property
    def chapter(self) -> str:
        """Folder of the book that it stands in."""
        return "protocols" if self.is_synthetic else "papers"

    @property
    def slug(self) -> str:
        """File name of the page."""
        study, variant = self.study.study, self.study.variant
        return study if variant == DEFAULT else f"{study}-{variant}"

    @property
    def title(self) -> str:
        """Title of the page; a variant adds what it is called."""
        title = self._fill_plain(self.text.title)
        return title if self.study.variant == DEFAULT else f"{title} ({self.variant_title})"

    @property
    def variant_title(self) -> str:
        """What the variant is called in its parameter file, else its name in words."""
        return str(self.parameters.get("title") or words(self.study.variant))

    @property
    def description(self) -> str:
        """The line under the title."""
        return self._fill_plain(self.text.description)

    def released_text(self, reference: str) -> str:
        """The released wording of a number in the prose.

        Raises
        ------
        BookError
            If it does not exist, was not released, or is hidden.
        """
        page = f"{self.study.name} ({self.chapter}/{self.slug})"
        output_id, _, name = reference.partition("/")
        output = self.study.output(output_id)
        if output is None:
            raise BookError(
                f"{page}: the prose uses {output_id}/{name}, but no output is called {output_id}."
            )
        if not output.is_released:
            raise BookError(
                f"{page}: the prose uses {output_id}/{name}, but {output_id} was not released."
            )
        row = next((row for row in output.rows if row.get("name") == name), None)
        if row is None or "text" not in row:
            raise BookError(f"{page}: the prose uses {output_id}/{name}, which is not in it.")
        if not row["text"]:
            raise BookError(
                f"{page}: the prose uses {output_id}/{name}, which is hidden for confidentiality."
            )
        return row["text"]

    def _fill_plain(self, markdown: str) -> str:
        return fill_released(markdown, self.released_text)

    def fill(self, markdown: str) -> str:
        """Put released numbers into prose, each tied to its definition."""
        return fill_released(markdown, self._number)

    def _number(self, reference: str) -> str:
        text = self.released_text(reference)
        output = self.study.output(reference.partition("/")[0])
        assert output is not None
        hint = f"{output.context.get('unit') or 'Released number'}. How it is defined"
        shown = plain(text)
        if self.cards and output.card in self.cards:
            shown = f'[{shown}](../definitions/{output.card}.md "{escape(hint)}")'
        return f'<span class="released-number" data-output="{escape(reference)}">{shown}</span>'


def study_files(page: StudyPage) -> dict[str, str | Path]:
    """The page and the files it needs, by path in the book; a `Path` is copied as it is."""
    _refuse_lost_cells(page)
    files: dict[str, str | Path] = {f"{page.chapter}/{page.slug}.md": study_markdown(page)}
    for output in page.study.released:
        assert output.csv_file is not None
        files[f"{page.chapter}/{_file(page, output, '.csv')}"] = output.csv_file
        if output.figure:
            files[f"{page.chapter}/{_file(page, output, '.png')}"] = output.figure
    return files


def _file(page: StudyPage, output: ReleasedOutput, suffix: str) -> str:
    return f"{page.slug}-{output.id}{suffix}"


def _refuse_lost_cells(page: StudyPage) -> None:
    lost = [
        output.id
        for output in page.study.outputs
        if output.cell and not page.text.has_cell(output.cell)
    ]
    if lost:
        raise BookError(
            f"{page.study.name}: {len(lost)} outputs ({', '.join(lost)}) come from cells that "
            "the notebook no longer has. Run and release the study again."
        )


def study_markdown(page: StudyPage) -> str:
    """The whole page, in the order a reader wants it."""
    parts = [
        front_matter({"synthetic": page.is_synthetic, "kind": page.kind}),
        f"# {plain(page.title)}",
        page.fill(page.text.description),
        _status(page),
        *([] if page.is_synthetic else _summary(page)),
        *_analysis(page),
        *_downloads(page),
        *_closing(page),
        *_definitions(page),
        *_variants(page),
        *_citation(page),
        *_provenance(page),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _status(page: StudyPage) -> str:
    released = page.study.provenance.get("released") or page.study.provenance.get("released_date")
    items = [page.kind]
    items += [SYNTHETIC] if page.is_synthetic else []
    items += [f"Variant: {page.variant_title}"] if page.study.variant != DEFAULT else []
    items += [f"Released {released}"] if released else []
    line = f'<p class="status">{escape(" · ".join(items))}</p>'
    if not page.is_synthetic:
        return line
    return (
        f"{line}\n\n::::::{{admonition}} A protocol, not a finding\n:class: protocol\n\n"
        "This page shows how the study will be done and what its tables will look like. Every "
        "number comes from simulated people. None says anything about the real world.\n::::::"
    )


def _summary(page: StudyPage) -> list[str]:
    boxes = ((MAIN_POINTS, "Main points"), (POLICY, "What this means for policy"))
    return [
        admonition(title, page.fill(_joined(page.text.tagged(tag))), style=tag)
        for tag, title in boxes
        if page.text.tagged(tag)
    ]


def _joined(cells: tuple[Cell, ...]) -> str:
    return "\n\n".join(without_heading(cell.text) for cell in cells)


def _analysis(page: StudyPage) -> list[str]:
    parts: list[str] = []
    for cell in page.text.cells:
        boxed = {MAIN_POINTS, POLICY} & set(cell.tags)
        if cell.is_prose and not boxed and not cell.closing_section:
            parts.append(page.fill(below_title(cell.text)))
        parts += [_shown(page, output) for output in _displayed(page, cell)]
    return parts


def _displayed(page: StudyPage, cell: Cell) -> list[ReleasedOutput]:
    return [out for out in page.study.outputs if out.cell and out.cell == cell.id]


def _shown(page: StudyPage, output: ReleasedOutput) -> str:
    if not output.is_released:
        reason = sentence(output.reason or "it did not pass disclosure control")
        return (
            f'<p class="not-released" id="{_anchor(output)}"><strong>{escape(output.title)}.'
            f"</strong> This output was not released: {escape(reason)}</p>"
        )
    if output.kind == "text":
        return ""
    table = _table(page, output)
    if not output.figure:
        return table
    return (
        f"{_figure(page, output)}\n\n<details class=\"numbers\">\n"
        "<summary>The numbers behind this figure</summary>\n\n"
        f"{table}\n\n</details>"
    )


def _anchor(output: ReleasedOutput) -> str:
    return f"output-{output.id.replace('_', '-')}"


def _figure(page: StudyPage, output: ReleasedOutput) -> str:
    alt = " ".join(str(output.context["alt_text"]).split())
    if page.is_synthetic and SYNTHETIC.lower() not in alt.lower():
        alt = f"{SYNTHETIC}. {alt}"
    quoted = alt.replace("\\", "\\\\").replace('"', '\\"')
    caption = " ".join(_caption(page, output))
    return (
        f"```{{figure}} {_file(page, output, '.png')}\n"
        f':alt: "{quoted}"\n:class: released-figure\n\n{caption}\n```'
    )


def _caption(page: StudyPage, output: ReleasedOutput) -> list[str]:
    subtitle = output.context.get("subtitle") or output.title
    notes = [plain(sentence(note)) for note in output.context.get("notes") or ()]
    return [f"{SYNTHETIC}."] * page.is_synthetic + [plain(sentence(subtitle)), *notes]


def _table(page: StudyPage, output: ReleasedOutput) -> str:
    shown = show_table(output, is_synthetic=page.is_synthetic)
    notes = list(shown.notes)
    if not output.figure:
        notes += [sentence(note) for note in output.context.get("notes") or ()]
    parts = [shown.html]
    parts += [f'<p class="table-notes">{escape(" ".join(notes))}</p>'] if notes else []
    return "\n\n".join([*parts, _download(page, output, "Download these numbers (CSV)")])


def _download(page: StudyPage, output: ReleasedOutput, label: str) -> str:
    return f"{{download}}`{label} <{_file(page, output, '.csv')}>`"


def _downloads(page: StudyPage) -> list[str]:
    if not page.study.released:
        return []
    lines = [
        f"- {_download(page, output, f'{_file_title(output)} (CSV)')}"
        for output in page.study.released
    ]
    word = "simulated " if page.is_synthetic else ""
    note = f"Each file holds the {word}numbers as they were released; a hidden cell is empty."
    return ["## Data", note, "\n".join(lines)]


def _file_title(output: ReleasedOutput) -> str:
    return output.title.replace("`", "").replace("<", "").replace(">", "")


def _closing(page: StudyPage) -> list[str]:
    cells = [cell for cell in page.text.cells if cell.is_prose]
    return [
        page.fill(below_title(cell.text))
        for section in CLOSING
        for cell in cells
        if cell.closing_section == section
    ]


def _definitions(page: StudyPage) -> list[str]:
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


def _variants(page: StudyPage) -> list[str]:
    if not page.siblings:
        return []
    lines = [f"- [{plain(other.variant_title)}]({other.slug}.md)" for other in page.siblings]
    return [
        "## The same study with other choices",
        "\n".join(lines),
        hidden_toctree([f"{other.variant_title} <{other.slug}>" for other in page.siblings]),
    ]


def _citation(page: StudyPage) -> list[str]:
    stated = page.study.provenance
    version = stated.get("package_version") or stated.get("package")
    line = (
        f"*{plain(sentence(page.title))}* {page.kind}{' on synthetic data' if page.is_synthetic else ''}, "
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


def _provenance(page: StudyPage) -> list[str]:
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
        facts(pairs),
        *_parameters(page),
    ]


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


def _parameters(page: StudyPage) -> list[str]:
    ran = page.study.provenance.get("parameters") or page.parameters.get("parameters") or {}
    if not ran:
        return []
    return ["### Parameters", facts((name, _value(value)) for name, value in ran.items())]


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
