"""What the attacks found, in one sentence at the end of the run."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what each block of attacks recorded, from every worker."""
    found: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            is_attack = "tests/attack" in getattr(report, "nodeid", "")
            if is_attack and getattr(report, "when", "") == "call":  # not what was deselected
                found.update(dict(report.user_properties))
    if found:
        terminalreporter.write_line(
            f"attack: {found['pinned']} of {found['sequences']} sequences of releases give a "
            f"protected number away; {found['pinned_by_primary_suppression']} do with primary "
            f"suppression alone. Rows shown: {found['rows_shown']:,}; with primary suppression "
            f"alone {found['rows_shown_by_primary_suppression']:,}."
        )
