"""Write the tree that never leaves, from what was judged and what leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from justice_analysis.disclosure.checker import acro, crate, page, record
from justice_analysis.disclosure.checker.dossier import Decided, collect
from justice_analysis.disclosure.profiles.profile import strictest
from justice_analysis.errors import DisclosureError

README = Path(__file__).parent / "README.txt"


def write(
    folder: Path,
    decided: Decided,
    *,
    made: datetime,
    compared: Sequence[str] = (),
    not_compared: Sequence[str] | None = None,
) -> None:
    """Write what a checker reads into `checker/`.

    Parameters
    ----------
    folder
        The release folder; its `request/` is complete, with checksums, and its `checker/` holds
        the underlying counts of each run.
    decided
        Each run with its decisions and the profile they were judged under.
    made
        When the release was made, with its time zone.
    compared, not_compared
        Sentences on what the request was compared with (earlier releases, published tables), and
        on what it was not; without the second, the page asks for all of it to be done by hand.

    Raises
    ------
    DisclosureError
        If a study has the name of a folder of the checker's.
    """
    from justice_analysis import __version__

    if any(run.manifest["study"] == acro.FOLDER for run, _, _ in decided):
        raise DisclosureError(f"no study may be named {acro.FOLDER}: a folder for checkers is.")
    checker, request = folder / "checker", folder / "request"
    dossiers = collect(request, decided)
    profile = strictest([under for _, _, under in decided])
    acro.write(checker, dossiers, profile, made=made, tool=__version__)
    package = crate.write(checker, request, dossiers, made=made, tool=__version__)
    record.write(folder, dossiers, made=made, tool=__version__, crate=package)
    said = page.Comparison() if not_compared is None else page.Comparison(compared, not_compared)
    page.write(checker, dossiers, made=made, tool=__version__, compared=said)
    (checker / "README.txt").write_bytes(README.read_bytes())
