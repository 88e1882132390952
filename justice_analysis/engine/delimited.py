"""Delimited files, read as text; a row that does not fit stops the reading."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import ibis.expr.types as ir
from ibis.util import gen_name

from justice_analysis.engine.files import found_files, spark_view
from justice_analysis.engine.running import RAGGED, guarded
from justice_analysis.engine.sessions import is_spark, scratch_directory
from justice_analysis.errors import EngineError, SourceError, UsageError

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

Result = TypeVar("Result")
_BLOCK = 1 << 22
LONG = (
    f"no field may have more than {csv.field_size_limit():,} characters; one has, or its quote is "
    "not closed. Export the file again with its fields quoted."
)


def read_delimited(
    backend: BaseBackend,
    paths: Path | Sequence[Path],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> ir.Table:
    """Read delimited files that begin with a header, as one table of text.

    Parameters
    ----------
    backend
        The engine that will hold the table.
    paths
        A file, a folder that holds `*.csv` or `*.csv.gz`, or several. All have one header.
        A name that ends in `.gz` is gunzipped.
    delimiter
        One character.
    encoding
        A name that Python knows. A file not in UTF-8 is rewritten in the engine's own folder.

    Returns
    -------
    Table
        Every column is text, under its name exactly as written; an empty field is null.
        Blank lines are no rows.

    Raises
    ------
    SourceError
        If a file is missing, empty, truncated or in another encoding, if its header differs,
        or if a row has another number of columns. Each file is read through once to know.
    """
    if len(delimiter) != 1:
        raise UsageError("delimiter must be one character.")
    if _codec(encoding) is None:
        raise UsageError(f"encoding must be one that Python knows: {encoding} is not.")
    files = found_files(paths, "*.csv", "*.csv.gz")
    names = _common_header(files, delimiter, encoding)
    ready = [str(_whole_text(backend, file, delimiter, encoding)) for file in files]
    step = f"reading {files[0].name}"
    with suppress(SourceError, EngineError):
        return _read_through(backend, ready, names, delimiter, step)
    # The engine knows that something is wrong, and not what.
    for file in files:
        check_delimited(file, delimiter=delimiter, encoding=encoding)
    # Every row is whole: DuckDB does not read lines that end in more than one way.
    even = [str(_with_even_lines(backend, Path(file))) for file in ready]
    return _read_through(backend, even, names, delimiter, step)


def _read_through(
    backend: BaseBackend, ready: list[str], names: list[str], delimiter: str, step: str
) -> ir.Table:
    table = guarded(lambda: _scan(backend, ready, names, delimiter), step)
    # A ragged row is found only by reading to the end.
    guarded(lambda: backend.execute(table.count()), step)
    return table


def check_delimited(file: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Read a delimited file through, to say what is wrong with it where an engine failed.

    Raises
    ------
    SourceError
        If it is in another encoding, truncated, or rows have another number of columns.
    """
    _attempt(lambda: _check_rows(file, delimiter, encoding), file, encoding)


def start_of(file: Path, size: int = 1 << 16) -> bytes:
    """The first bytes of a file, gunzipped if its name ends in `.gz`.

    Raises
    ------
    SourceError
        If the file cannot be read, or is no whole gzip file.
    """

    def read() -> bytes:
        with _opened(file) as stream:
            return bytes(stream.read(size))

    return _attempt(read, file, "utf-8")


def _scan(backend: Any, files: list[str], names: list[str], delimiter: str) -> ir.Table:
    if is_spark(backend):
        return _scan_spark(backend, files, names, delimiter)
    return backend.read_csv(
        files,
        header=True,
        auto_detect=False,
        strict_mode=True,
        delim=delimiter,
        quote='"',
        escape='"',
        columns=dict.fromkeys(names, "varchar"),
    )


def _scan_spark(backend: Any, files: list[str], names: list[str], delimiter: str) -> ir.Table:
    from pyspark.sql.types import StringType, StructField, StructType

    frame = backend._session.read.csv(
        files,
        schema=StructType([StructField(name, StringType()) for name in names]),
        header=True,
        sep=delimiter,
        quote='"',
        escape='"',
        multiLine=True,
        mode="FAILFAST",
        nullValue="",
        emptyValue="",
    )
    table = spark_view(backend, frame)
    return table.mutate(**{name: table[name].nullif("") for name in names})


def _codec(encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return None
    return "utf-8-sig" if name == "utf-8" else name


def _common_header(files: list[Path], delimiter: str, encoding: str) -> list[str]:
    headers = [_header(file, delimiter, encoding) for file in files]
    for file, names in zip(files, headers, strict=True):
        if names != headers[0]:
            raise SourceError(f"{file.name} must have the header of {files[0].name}: it differs.")
    return headers[0]


def _header(file: Path, delimiter: str, encoding: str) -> list[str]:
    names = _attempt(lambda: _first_line(file, delimiter, encoding), file, encoding)
    if not names:
        raise SourceError(f"{file.name} must begin with a header: it is empty.")
    good = len({name.lower() for name in names if name})
    if good < len(names):
        # Where a header is missing, its names are values of a row: only their number is said.
        raise SourceError(
            f"{file.name}: the names in the header must be filled, and differ in more than case: "
            f"{len(names) - good} of {len(names)} are empty or repeat. Name each column once."
        )
    return names


def _first_line(file: Path, delimiter: str, encoding: str) -> list[str]:
    with _opened(file) as stream:
        text = io.TextIOWrapper(stream, encoding=_codec(encoding), newline="")
        return next(csv.reader(text, delimiter=delimiter), [])


def _whole_text(backend: BaseBackend, file: Path, delimiter: str, encoding: str) -> Path:
    """Read a file through where its engine would not notice what is wrong with it."""
    if is_spark(backend):
        _attempt(lambda: _check_rows(file, delimiter, encoding), file, encoding)
    if _codec(encoding) != "utf-8-sig":
        copy = scratch_directory(backend) / f"{gen_name('text')}.csv"
        _attempt(lambda: _decode(file, encoding, copy), file, encoding)
        return copy
    if file.suffix == ".gz" and not is_spark(backend):
        _attempt(lambda: _decode(file, encoding, None), file, encoding)
    return file


def _with_even_lines(backend: BaseBackend, file: Path) -> Path:
    """Copy a file whose lines end in several ways, so that they end in one."""
    copy = scratch_directory(backend) / f"{gen_name('text')}.csv"
    with _opened(file) as stream, copy.open("w", encoding="utf-8", newline="\n") as out:
        text = io.TextIOWrapper(stream, encoding="utf-8")
        shutil.copyfileobj(text, out, _BLOCK)
    return copy


def _check_rows(file: Path, delimiter: str, encoding: str) -> None:
    """Look at every row, since Spark takes any bytes, and a quote that is never closed."""
    ragged, first, rows, last_is_short = 0, 0, 0, False
    with _opened(file) as stream:
        text = io.TextIOWrapper(stream, encoding=_codec(encoding), newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        width = len(next(reader))
        for row in reader:
            if not row:
                continue
            rows += 1
            last_is_short = len(row) < width
            if len(row) != width:
                ragged += 1
                first = first or reader.line_num
    if ragged == 1 and last_is_short:
        raise SourceError(
            f"{file.name}: its last row has fewer columns than the header, so the file may be "
            "truncated. Copy it again."
        )
    if ragged:
        raise SourceError(
            f"{file.name}: {RAGGED.replace('some have not', _how_many(ragged, rows, first))}"
        )


def _how_many(ragged: int, rows: int, first: int) -> str:
    return f"{ragged:,} of {rows:,} have not, the first near line {first:,}"


def _decode(file: Path, encoding: str, copy: Path | None) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _opened(file) as stream, _written(copy) as out:
        while block := stream.read(_BLOCK):
            out.write(decoder.decode(block))
        out.write(decoder.decode(b"", final=True))


def _written(copy: Path | None) -> IO[str]:
    return copy.open("w", encoding="utf-8", newline="") if copy else _Nowhere()


class _Nowhere(io.StringIO):
    """Takes text and keeps none."""

    def write(self, text: str) -> int:
        return len(text)


def _opened(file: Path) -> Any:
    return gzip.GzipFile(file) if file.suffix == ".gz" else file.open("rb")


def _attempt(action: Callable[[], Result], file: Path, encoding: str) -> Result:
    try:
        return action()
    except SourceError:
        raise
    except UnicodeError:
        failure = _wrong_encoding(file, encoding)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        failure = f"{file.name} is not a whole gzip file: it may be truncated. Copy it again."
    except csv.Error as error:
        failure = f"{file.name}: {LONG if 'field limit' in str(error) else RAGGED}"
    except OSError:
        failure = f"{file.name} cannot be read. Check that you may read it."
    raise SourceError(failure)


def _wrong_encoding(file: Path, encoding: str) -> str:
    if encoding.lower() != "utf-8":
        return f"{file.name} must be in {encoding}, and is not, or it is truncated."
    return (
        f"{file.name} must be in utf-8, and is not. Files saved by Windows or Excel are often in "
        "Windows-1252: then write encoding: windows-1252 in an adapter."
    )
