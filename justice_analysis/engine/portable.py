"""What the engines answer differently, found in an expression before it runs."""

from __future__ import annotations

import ibis.expr.operations as ops
import ibis.expr.types as ir

from justice_analysis.errors import EngineError, listed

# Operation: what to use. Each was seen to differ, or to have no fixed answer.
_REFUSED: dict[str, str] = {
    **dict.fromkeys(
        ["First", "Last", "NthValue", "ArgMin", "ArgMax", "Arbitrary"], "first_per_group"
    ),
    **dict.fromkeys(
        ["Mode", "ArrayCollect", "GroupConcat"], "a count, or row_number with a total order"
    ),
    **dict.fromkeys(
        ["IntervalFromInteger", "IntervalAdd", "DateAdd", "DateSub", "TimestampAdd"],
        "add_days or add_months",
    ),
    **dict.fromkeys(
        ["DateDiff", "TimestampDiff", "TimestampSub", "TimestampDelta"], "days_between"
    ),
    **dict.fromkeys(["StringToDate", "StringToTimestamp"], "to_date"),
    **dict.fromkeys(["Sample", "RandomScalar", "RandomUUID", "Hash"], "digest"),
    **dict.fromkeys(
        ["ApproxCountDistinct", "ApproxMedian", "ApproxQuantile", "ApproxMultiQuantile"],
        "the exact aggregate",
    ),
    **dict.fromkeys(["TimestampNow", "DateNow"], "a date from the parameters"),
}
_ROUNDED = (ops.Floor, ops.Ceil, ops.Round)
_DAYS = (ops.Median, ops.Quantile, ops.MultiQuantile)


def check_portable(expression: ir.Expr, step: str) -> None:
    """Refuse an expression that DuckDB and Spark are known to answer differently.

    Raises
    ------
    EngineError
        Naming every such operation and what to use in its place.
    """
    problems = {found for node in expression.op().find(ops.Node) if (found := _problem(node))}
    if problems:
        raise EngineError(f"{step}: {listed(sorted(problems))}")


def _problem(node: ops.Node) -> str | None:
    name = type(node).__name__
    if name in _REFUSED:
        return f"{name} is not the same on every engine: use {_REFUSED[name]}."
    if isinstance(node, ops.Literal) and node.dtype.is_interval():
        return "an interval gives wrong dates on DuckDB: use add_days or add_months."
    if isinstance(node, ops.JoinChain) and any(link.how == "asof" for link in node.rest):
        return "as-of joins do not run on Spark: join by inequality, then first_per_group."
    if isinstance(node, ops.Cast | ops.TryCast):
        return _cast_problem(node)
    if isinstance(node, ops.Divide | ops.FloorDivide | ops.Modulus) and _may_be_zero(node.right):
        return "a division by a column may be by 0, which fails on Spark: use divide or nullif."
    if isinstance(node, ops.DateDelta) and getattr(node.part, "value", None) != "day":
        return "months are not counted alike on every engine: use months_between."
    if isinstance(node, _DAYS) and node.arg.dtype.is_temporal():
        return "quantiles of dates fail on Spark: take them of days_between."
    if isinstance(node, ops.WindowFunction) and not node.order_by and _needs_order(node.func):
        return f"{type(node.func).__name__} needs an order, one that leaves no ties."
    return _pattern_problem(node)


def _cast_problem(node: ops.Cast | ops.TryCast) -> str | None:
    held, wanted = node.arg.dtype, node.to
    if isinstance(node.arg, ops.Literal):
        return None
    if held.is_string() and not wanted.is_string() and not _is_checked(node):
        return "text must be read by to_date, to_integer, to_number or to_boolean, not by a cast."
    if held.is_floating() and wanted.is_string():
        return "floats are written differently as text: round, and cast to a whole number first."
    if held.is_floating() and wanted.is_integer() and not node.arg.find(_ROUNDED):
        return "floats must be rounded (round, floor) before a cast: engines cut or round them."
    return None


def _is_checked(node: ops.Cast | ops.TryCast) -> bool:
    """Whether the text passed a pattern first, as in the `to_` functions."""
    guard = node.arg
    return (
        isinstance(node, ops.TryCast)
        and isinstance(guard, ops.SearchedCase | ops.IfElse)
        and bool(guard.find(ops.RegexSearch))
    )


def _may_be_zero(divisor: ops.Value) -> bool:
    bare = divisor.arg if isinstance(divisor, ops.Cast) else divisor
    return not isinstance(bare, ops.NullIf) and not (
        isinstance(bare, ops.Literal) and bare.value != 0
    )


def _needs_order(function: ops.Node) -> bool:
    return isinstance(function, ops.RowNumber | ops.Lag | ops.Lead)


def _pattern_problem(node: ops.Node) -> str | None:
    if not isinstance(node, ops.RegexSearch | ops.RegexExtract | ops.RegexReplace):
        return None
    pattern = getattr(node.pattern, "value", "")
    if any(sign in str(pattern) for sign in ("(?=", "(?!", "(?<", r"\1")):
        return "patterns with look-ahead or back-references do not run on every engine."
    return None
