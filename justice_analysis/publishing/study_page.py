"""One study variant and where it stands in the book: names, prose and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import escape, plain, words
from justice_analysis.publishing.prose import StudyText, fill_parameters, fill_released
from justice_analysis.publishing.released_reader import ReleasedOutput, ReleasedStudy

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
        return f"{self.study.study}-{self.study.variant}"

    @property
    def title(self) -> str:
        """Title of the page: the parameter file's, since variants ask different questions."""
        return str(self.parameters.get("title") or self._fill_plain(self.text.title))

    @property
    def variant_title(self) -> str:
        """What the variant is called in lists."""
        return words(self.study.variant)

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

    def parameter_text(self, name: str) -> str:
        """The value of a parameter that the study ran with, for prose that variants share."""
        ran = self.study.provenance.get("parameters") or {}
        if name not in ran:
            page = f"{self.study.name} ({self.chapter}/{self.slug})"
            raise BookError(f"{page}: the prose uses the parameter {name}, which did not run.")
        return str(ran[name])

    def _fill_plain(self, markdown: str) -> str:
        filled = fill_parameters(markdown, self.parameter_text)
        return fill_released(filled, self.released_text)

    def fill(self, markdown: str) -> str:
        """Put released numbers into prose, each tied to its definition."""
        return fill_released(fill_parameters(markdown, self.parameter_text), self._number)

    def _number(self, reference: str) -> str:
        text = self.released_text(reference)
        output = self.study.output(reference.partition("/")[0])
        assert output is not None
        hint = f"{output.context.get('unit') or 'Released number'}. How it is defined"
        shown = plain(text)
        if self.cards and output.card in self.cards:
            shown = f'[{shown}](../definitions/{output.card}.md "{escape(hint)}")'
        return f'<span class="released-number" data-output="{escape(reference)}">{shown}</span>'

    def file_name(self, output: ReleasedOutput, suffix: str) -> str:
        """What a released file is called beside the page; a synthetic one says so."""
        mark = "-synthetic" if self.is_synthetic else ""
        return f"{self.slug}-{output.id}{mark}{suffix}"

    def download(self, output: ReleasedOutput, label: str, suffix: str = ".csv") -> str:
        """A link to a released file: the table, or what must be known to read it (`.txt`)."""
        return f"{{download}}`{label} <{self.file_name(output, suffix)}>`"
