"""The release history of a project: every output that left, kept inside the secure environment.

What leaves today is attacked together with everything that left before. The history holds true
counts, so it never leaves; it grows and is never rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date as day
from pathlib import Path

from justice_analysis.disclosure.earlier.history import store
from justice_analysis.disclosure.earlier.history.records import Record, Source, past_of, record_of
from justice_analysis.disclosure.earlier.history.store import Entry
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.errors import DisclosureError

FOLDER = "release-history"
RECORDED_IN = "history.json"
"""File of a release's checker tree that names its entry."""


@dataclass(frozen=True)
class History:
    """The entries of a history, as they stood when it was opened.

    Attributes
    ----------
    path
        The folder; it is made with the first entry.
    entries
        Releases and withdrawals, oldest first, proved to be as they were written.
    """

    path: Path
    entries: tuple[Entry, ...] = ()

    @classmethod
    def open(cls, path: str | Path) -> History:
        """Read a history; a folder that is not there has no entries.

        Raises
        ------
        DisclosureError
            If an entry was changed, removed, added or moved.
        """
        path = Path(path)
        if path.exists() and not path.is_dir():
            raise DisclosureError(f"a release history must be a folder: {path.name} is a file.")
        return cls(path, store.read(path))

    def verify(self) -> None:
        """Read the files again and refuse a history in which these entries changed.

        Raises
        ------
        DisclosureError
            Naming the entry.
        """
        found = store.read(self.path)
        for mine, theirs in zip(self.entries, found, strict=False):
            if mine.sha256 != theirs.sha256:
                raise DisclosureError(f"entry {mine.number} of the release history was rewritten.")
        if len(found) < len(self.entries):
            raise DisclosureError(f"entry {len(found) + 1} of the release history is missing.")

    def confirm(self, release: Path) -> None:
        """Refuse a history that does not hold a release folder that stands.

        The chain can't tell that its end was cut off with the head rewritten; the folder can.

        Raises
        ------
        DisclosureError
            If the folder names an entry that is not here; one that names none is let be.
        """
        named = release / "checker" / RECORDED_IN
        if not named.is_file():
            return
        try:
            said = json.loads(named.read_text(encoding="utf-8"))
            number, sha256 = said["entry"], said["entry_sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            raise DisclosureError(f"{release.name}/checker/{RECORDED_IN} cannot be read.") from None
        if number is not None and (number, sha256) not in {
            (entry.number, entry.sha256) for entry in self.entries
        }:
            raise DisclosureError(
                f"the release history {self.path.name} does not hold the release in "
                f"{release.name}: it is another project's, or entries were taken from it."
            )

    @property
    def withdrawn(self) -> frozenset[str]:
        """Releases that did not leave."""
        return frozenset(e.release_id for e in self.entries if e.what == "withdrawal")

    @property
    def releases(self) -> tuple[Entry, ...]:
        """Releases that left, oldest first."""
        gone = self.withdrawn
        return tuple(e for e in self.entries if e.what == "release" and e.release_id not in gone)

    def past(
        self,
        profile: Profile,
        *,
        datasets: Collection[str] | None = None,
        synthetic: bool | None = None,
    ) -> list[Past]:
        """Return every output that has left, once, as an attacker holds it.

        Parameters
        ----------
        profile
            The rules that new outputs are judged under; rules that protect nothing compare
            with nothing.
        datasets
            Datasets of the new outputs: outputs of others alone count other people.
        synthetic
            Whether the new outputs are synthetic: made-up people are not those who live.

        Returns
        -------
        list of Past
            Oldest first. An output that left twice in the same way is in it once.
        """
        if not any(profile.protects(kind) for kind in profile.mechanism):
            return []
        kept: dict[str, Past] = {}
        for entry in self.releases:
            for record in entry.content["outputs"]:
                if _may_be_the_same_people(record, datasets, synthetic):
                    kept.setdefault(_shown_as(record), past_of(record, entry.release_id))
        return list(kept.values())

    def variants(self, study: str, fingerprint: str | None) -> frozenset[str]:
        """Variants of a study that have left, of the same data."""
        return frozenset(
            record["variant"]
            for entry in self.releases
            for record in entry.content["outputs"]
            if record["study"] == study and record["fingerprint"] == fingerprint
        )

    def prepare(self, records: Sequence[Record], *, date: str | None = None) -> Entry:
        """Make the entry of a release that was judged against this history.

        Parameters
        ----------
        records
            What `record_of` gives for every output that passed.
        date
            Day of the release, as ISO text; today if missing.
        """
        if not records:
            raise DisclosureError("a release in the history must have an output: it has none.")
        last = self.entries[-1] if self.entries else None
        date = date or day.today().isoformat()
        number = last.number + 1 if last else 1
        content = {
            "what": "release",
            "release_id": f"{date}-{number:04d}",
            "date": date,
            "outputs": list(records),
        }
        return store.make_entry(content, after=last)

    def append(self, entry: Entry) -> History:
        """Write an entry that was prepared; return the history with it.

        Raises
        ------
        DisclosureError
            If another release was made since this history was opened: the outputs were not
            compared with it, so they must be judged again.
        """
        store.append(self.path, entry)
        return History(self.path, (*self.entries, entry))

    def withdraw(self, release_id: str, why: str, *, date: str | None = None) -> History:
        """Record that a release was not approved and did not leave; nothing is erased.

        Raises
        ------
        DisclosureError
            If there is no such release, or it was withdrawn before, or no reason is given.
        """
        if release_id not in {entry.release_id for entry in self.releases}:
            raise DisclosureError(
                f"a release to withdraw must be in the history and not withdrawn: {release_id} "
                "is not such a one."
            )
        if not why.strip():
            raise DisclosureError("a withdrawal must say why the release did not leave.")
        content = {
            "what": "withdrawal",
            "release_id": release_id,
            "date": date or day.today().isoformat(),
            "why": why,
        }
        return self.append(store.make_entry(content, after=self.entries[-1]))

    def withdraw_remade(self, release: Path, why: str) -> None:
        """Withdraw the release in a folder that is to be made again, if it stands here.

        Parameters
        ----------
        release
            The release folder; it need not be there.
        """
        named = release / "checker" / RECORDED_IN
        if not named.is_file():
            return
        release_id = json.loads(named.read_text(encoding="utf-8"))["release_id"]
        if release_id in {entry.release_id for entry in self.releases}:
            self.withdraw(release_id, why)


def _may_be_the_same_people(
    record: Record, datasets: Collection[str] | None, synthetic: bool | None
) -> bool:
    if synthetic is not None and record["is_synthetic"] != synthetic:
        return False
    theirs = record["datasets"]
    return datasets is None or not theirs or bool({*datasets} & {*theirs})


def _shown_as(record: Record) -> str:
    """Name what was shown, so that the same thing released twice is attacked once."""
    parts = ("output", "roles", "columns", "hidden", "profile")
    return json.dumps([record[part] for part in parts], sort_keys=True)


def beside(run_folders: Sequence[str | Path]) -> Path:
    """Return the place of the history of runs: beside their runs folder.

    Raises
    ------
    DisclosureError
        If the runs lie in several projects.
    """
    runs = [Path(folder) for folder in run_folders if (Path(folder) / "manifest.json").is_file()]
    places = {run.resolve().parent.parent.parent / FOLDER for run in runs}
    if len(places) > 1:
        raise DisclosureError(
            f"runs that leave together must lie in one runs folder, beside their history: "
            f"{len(places)} were found. Name the history."
        )
    return next(iter(places), Path(FOLDER))


__all__ = ["FOLDER", "Entry", "History", "Source", "beside", "past_of", "record_of"]
