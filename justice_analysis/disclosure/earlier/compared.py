"""What a request was compared with, said so that it is true."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """What the outputs of a request were attacked together with.

    Attributes
    ----------
    protects
        Whether the profile protects anything; if not, nothing has to be compared.
    history
        Name of the release history's folder.
    releases, outputs
        Earlier releases, and outputs of these, that may count the same people.
    others
        Further outputs in the history: of other datasets, or of synthetic against real data.
    published
        Published tables, by title and source.
    not_matched
        A sentence for each published table that was given and matched to no output.
    variants
        Other variants of the studies that were judged as if they left too.
    """

    protects: bool = True
    history: str = ""
    releases: int = 0
    outputs: int = 0
    others: int = 0
    published: tuple[str, ...] = ()
    not_matched: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """Sentences on what it was compared with."""
        if not self.protects:
            return ()
        past = (
            f"Compared with {_count(self.outputs, 'output')} of "
            f"{_count(self.releases, 'earlier release')} in {self.history}."
        )
        said = [past] if self.releases else []
        if self.published:
            said.append(f"Compared with what others published: {'; '.join(self.published)}.")
        if self.variants:
            said.append(f"Judged as if these left too: {', '.join(self.variants)}.")
        return tuple(said)

    @property
    def not_said(self) -> tuple[str, ...]:
        """Sentences on what it was not compared with, so that a person looks."""
        if not self.protects:
            return (
                "Nothing was compared: the profile protects nothing, since its data are open or "
                "made up.",
            )
        missing = []
        if not self.releases:
            missing.append(
                f"{self.history} holds no earlier release of these data: compare with releases "
                "that were made without it."
            )
        if self.others:
            missing.append(
                f"{_count(self.others, 'output')} in {self.history} of other data "
                f"{'was' if self.others == 1 else 'were'} not compared."
            )
        if not self.published:
            missing.append("No published table was compared: look for those on the same people.")
        return (*missing, *self.not_matched)


def joined(parts: list[Compared]) -> Compared:
    """Join what the groups of one request were compared with."""
    first, *rest = parts or [Compared()]
    for other in rest:
        first = Compared(
            protects=first.protects or other.protects,
            history=first.history or other.history,
            releases=max(first.releases, other.releases),
            outputs=max(first.outputs, other.outputs),
            others=min(first.others, other.others),
            published=tuple(dict.fromkeys((*first.published, *other.published))),
            not_matched=tuple(n for n in first.not_matched if n in other.not_matched),
            variants=tuple(dict.fromkeys((*first.variants, *other.variants))),
        )
    return first


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
