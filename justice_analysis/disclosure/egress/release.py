"""The gate on a release: before it is put in place, and whenever it is verified."""

from __future__ import annotations

import re
from pathlib import Path

from justice_analysis.disclosure.egress.finding import Finding, report
from justice_analysis.disclosure.egress.gate import scan
from justice_analysis.disclosure.egress.known import CHECKSUMS
from justice_analysis.disclosure.profiles.profile import Profile, load, names
from justice_analysis.errors import DisclosureError, listed

STATED = re.compile(r"^profile: ([\w.-]+)$", re.MULTILINE)


def refuse_findings(request: Path, profile: Profile) -> None:
    """Let a finished request pass only if the gate finds nothing in it.

    Raises
    ------
    DisclosureError
        With every finding: its file, what it is and how many, never a value.
    """
    found = scan(request, profile)
    if found:
        raise DisclosureError(
            "nothing is released: a request must hold nothing that may not leave, and the gate "
            f"found {len(found)}. Mend the outputs they come from and bundle again. "
            f"{listed(report(found))}"
        )


def rescan(request: Path) -> tuple[Finding, ...]:
    """Scan a request as it lies there, under the profile that its provenance names.

    A data owner's own profile is a file that did not leave with the request: what it allows was
    judged when the release was made, and only the rules that hold everywhere are applied again.
    Checksums that no longer fit are left to `checksums.verify`, which names the changed files.
    """
    found = scan(request, stated_profile(request))
    return tuple(one for one in found if (one.file, one.rule) != (CHECKSUMS, "hash"))


def stated_profile(request: Path) -> Profile | None:
    """Load the profile that every provenance of a request names, if it comes with the package."""
    stated: set[str] = set()
    for path in sorted(request.glob("*/*/provenance.txt")):
        if not path.is_symlink():
            stated |= set(STATED.findall(path.read_text("utf-8", errors="replace")))
    known = stated & set(names())
    return load(known.pop()) if len(known) == 1 and len(stated) == 1 else None
