"""Text to numbers of 60 bits, the same on every engine: what row ids are made of.

Both engines compute MD5, and no other digest as fast. It is used to spread keys, not to hide
them: a delivered key that must stay hidden was hashed before it came here.
"""

from __future__ import annotations

import hashlib
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from sqlglot import expressions as sge

MASK = 2**60 - 1
# Characters of a digest that was delivered as a key: SHA-256 in hexadecimal.
DIGEST_LENGTH = 64
_DIGITS = 15


class TextNumber(ops.Unary):
    """The first 60 bits of a text's MD5, the bytes taken from the lowest."""

    arg: ops.Value[dt.String]

    dtype = dt.int64


class LeadingDigits(ops.Unary):
    """The number that the first 15 hexadecimal digits of a text write; null if they do not."""

    arg: ops.Value[dt.String]

    dtype = dt.int64


def _md5_duckdb(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    kind = sge.DataType(this=sge.DataType.Type.UINT128)
    mask = sge.Cast(this=sge.convert(MASK), to=kind)
    masked = sge.BitwiseAnd(this=compiler.f.anon.md5_number(arg), expression=mask)
    return compiler.cast(sge.Paren(this=masked), dt.int64)


def _digits_duckdb(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    digits = compiler.f.anon.concat("0x", compiler.f.anon.substr(arg, 1, _DIGITS))
    number = sge.TryCast(this=digits, to=sge.DataType.build("BIGINT", dialect="duckdb"))
    # DuckDB reads 0x1_0 as a number too.
    plain = compiler.f.anon.instr(arg, "_").eq(0)
    return compiler.if_(plain, number, sge.Null())


def _md5_spark(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    digest = compiler.f.anon.md5(arg)
    # The eighth byte gives its lower half, then come the seven before it.
    parts = [compiler.f.anon.substr(digest, 16, 1)]
    parts += [compiler.f.anon.substr(digest, 2 * byte - 1, 2) for byte in range(7, 0, -1)]
    return _from_hexadecimal(compiler, compiler.f.anon.concat(*parts))


def _digits_spark(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    is_hexadecimal = compiler.f.anon.regexp(arg, f"^[0-9A-Fa-f]{{{_DIGITS}}}")
    number = _from_hexadecimal(compiler, compiler.f.anon.substr(arg, 1, _DIGITS))
    return compiler.if_(is_hexadecimal, number, sge.Null())


def _from_hexadecimal(compiler: Any, digits: Any) -> Any:
    return compiler.cast(compiler.f.anon.conv(digits, 16, 10), dt.int64)


# Ibis finds the SQL of an operation by this name on its compiler. Spark has the common form.
SQLGlotCompiler.visit_TextNumber = _md5_spark
SQLGlotCompiler.visit_LeadingDigits = _digits_spark
DuckDBCompiler.visit_TextNumber = _md5_duckdb
DuckDBCompiler.visit_LeadingDigits = _digits_duckdb


def text_number(text: ir.StringValue) -> ir.IntegerValue:
    """60 bits of the MD5 of a text, as a whole number; null where the text is missing."""
    return TextNumber(text).to_expr()


def key_number(text: ir.StringValue) -> ir.IntegerValue:
    """A delivered key as a number of 60 bits; null where it is missing.

    A text of 64 hexadecimal digits is a digest already, and its first 15 digits are the number,
    in a third of the time. Any other text is digested. Shorter hexadecimal texts are, since they
    may be counters that begin alike.
    """
    is_digest = text.length() == DIGEST_LENGTH
    leading = LeadingDigits(text).to_expr()
    return is_digest.ifelse(leading.fill_null(text_number(text)), text_number(text))


def number_of(text: str) -> int:
    """What `text_number` gives for one text, without an engine."""
    digest = hashlib.md5(text.encode("utf-8"), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "little") & MASK
