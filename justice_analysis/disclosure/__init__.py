"""Disclosure control: the only maker of released objects.

A run writes candidates (`write_candidate`). `release` judges one; `bundle` judges the runs that
leave together and writes the release folder. What has no rule is refused.
"""

from justice_analysis.disclosure.bundle import bundle, check
from justice_analysis.disclosure.candidate import (
    Candidate,
    digest_of,
    read_candidate,
    write_candidate,
)
from justice_analysis.disclosure.checksums import verify
from justice_analysis.disclosure.earlier.history import History
from justice_analysis.disclosure.profiles.profile import Profile, load, names, stricter
from justice_analysis.disclosure.released import Released, release
from justice_analysis.disclosure.request.report import ReleaseReport, ReportLine
from justice_analysis.disclosure.verdict import Verdict

__all__ = [
    "Candidate",
    "History",
    "Profile",
    "ReleaseReport",
    "Released",
    "ReportLine",
    "Verdict",
    "bundle",
    "check",
    "digest_of",
    "load",
    "names",
    "read_candidate",
    "release",
    "stricter",
    "verify",
    "write_candidate",
]
