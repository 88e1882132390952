"""The errors that users see: one plain sentence each, never a value from a row."""

from __future__ import annotations

from collections.abc import Sequence


class JusticeError(Exception):
    """Something a user can act on: what must hold, what was found, what to do."""

    exit_code = 1


class UsageError(JusticeError):
    """The call itself is wrong: an unknown name, option or combination of options."""

    exit_code = 2


class OptionError(UsageError):
    """A metric's or model's options contradict each other or the warehouse."""


class ParameterError(UsageError):
    """A parameter file or a notebook's parameters cell breaks the runner's rules."""


class AdapterError(UsageError):
    """An adapter file names tables, columns or codes that are not there."""


class EngineError(JusticeError):
    """The engine failed; its own message is dropped because it may hold values of rows."""


class ContractError(JusticeError):
    """A descriptor, or files held against it, are not as the contract says."""


class SourceError(JusticeError):
    """A file is missing, truncated, empty or unreadable."""


class LedgerError(JusticeError):
    """Rows in are not rows kept plus rows set aside."""


class WarehouseError(JusticeError):
    """A warehouse is missing, half-written, locked or of another version."""


class LinkageError(JusticeError):
    """Links break a cardinality or a level that was asked for was not delivered."""


class IntervalError(JusticeError):
    """An interval ends before it starts, or an event precedes entry."""


class MetricError(JusticeError):
    """A metric cannot be computed on this warehouse."""


class DisclosureError(JusticeError):
    """An output may not be released as it stands."""


class StudyError(JusticeError):
    """A study failed to run or its run folder cannot be used."""


class BookError(JusticeError):
    """The book cannot be built from what it was given."""


def listed(problems: Sequence[str]) -> str:
    """Join problems into one readable message: a single one inline, several as a list."""
    if len(problems) == 1:
        return problems[0]
    return f"{len(problems)} problems:\n" + "\n".join(f"  - {problem}" for problem in problems)
