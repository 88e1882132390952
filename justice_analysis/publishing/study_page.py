"""One study variant and where it stands in the book: names, prose and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import words
from justice_analysis.publishing.prose import StudyText
from justice_analysis.publishing.released.reader import ReleasedOutput, ReleasedStudy
from justice_analysis.publishing.writers.office_files import in_words

DEFAULT = "default"


@dataclass(frozen=True)
class StudyPage:
    """One study variant and where it stands in the book.

    Attributes
    ----------
    siblings
        Other variants of the study, shown on the page of the first one.
    """

    study: ReleasedStudy
    text: StudyText
    parameters: Mapping[str, Any]
    siblings: tuple[StudyPage, ...] = ()

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
    def path(self) -> str:
        """Path of the page in the book, without suffix."""
        return f"{self.chapter}/{self.slug}"

    @property
    def variant_title(self) -> str:
        """What the variant is called in lists."""
        return words(self.study.variant)

    def parameter_text(self, name: str) -> str:
        """The value of a parameter that the study ran with, for prose; a day in words."""
        ran = self.study.provenance.get("parameters") or {}
        if name not in ran:
            raise BookError(f"the prose uses the parameter {name}, which did not run.")
        return in_words(str(ran[name]))

    def file_name(self, output: ReleasedOutput, suffix: str) -> str:
        """What a released file is called beside the page; a synthetic one says so."""
        mark = "-synthetic" if self.is_synthetic else ""
        return f"{self.slug}-{output.id}{mark}{suffix}"
