"""Looking at unknown files inside a secure environment, and drafting an adapter for them.

`files` opens what is there, `kinds` and `columns` say what each column holds, `overlaps` which
columns refer to which, `layouts` and `pieces` how tables were cut up, `matching` what they may be
in a contract and `drafting` writes that down. `rounding` has the rule for what may be shown.
"""

from justice_analysis.sources.profile.drafting import draft_adapter
from justice_analysis.sources.profile.folder import FileProfile, FolderProfile, profile_folder
from justice_analysis.sources.profile.report import render, to_json

__all__ = [
    "FileProfile",
    "FolderProfile",
    "draft_adapter",
    "profile_folder",
    "render",
    "to_json",
]
