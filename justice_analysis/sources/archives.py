"""Zip files of delivered files: looked into, and taken out one member at a time.

A member is written as a path beneath its archive (`delivery.zip/2024/cases.csv`). Nothing is
ever written under a name that an archive gives: a member goes to a new folder of the engine's
own, which is removed with the engine.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from justice_analysis.errors import SourceError

_ENDING = ".zip"
_MOST_MEMBERS = 10_000
# Deflate reaches 1,032 to 1; no table of people comes near 500, and a small one does no harm.
_LARGEST_RATIO = 500
_HARMLESS_BYTES = 100 << 20
_BLOCK = 1 << 22
_NOT_DELIVERED = ("__MACOSX", ".")


def is_archive(path: Path) -> bool:
    """Whether a path is a zip file, by its ending."""
    return path.suffix.lower() == _ENDING and path.is_file()


def archive_of(path: Path) -> Path | None:
    """Give the zip file that a member is in; None for a file on its own."""
    return next((above for above in path.parents if is_archive(above)), None)


def real_file(path: Path) -> Path:
    """Give the file on disk that holds a delivered file: itself, or its archive."""
    return archive_of(path) or path


def members(archive: Path) -> tuple[Path, ...]:
    """List the files in a zip file, as paths beneath it.

    Raises
    ------
    SourceError
        If it is no whole zip file, is encrypted, holds names that lead out of a folder, or
        is made to fill a disk.
    """
    with _opened(archive) as content:
        infos = [one for one in content.infolist() if not one.is_dir()]
    _refuse_unsafe(archive, infos)
    return tuple(
        archive / _name(one)
        for one in infos
        if not any(part.startswith(_NOT_DELIVERED) for part in PurePosixPath(_name(one)).parts)
    )


def read_member(member: Path) -> bytes:
    """Read a small member, such as the description of an extract, into memory."""
    archive, info = _found(member)
    with _opened(archive) as content, content.open(info) as stream:
        return stream.read()


def take_out(member: Path, folder: Path) -> Path:
    """Write one member to a new folder beneath `folder`, under its own last name.

    Parameters
    ----------
    member
        From `members`.
    folder
        The engine's own folder.

    Raises
    ------
    SourceError
        If the member is damaged, or does not fit on the disk.
    """
    archive, info = _found(member)
    _refuse_no_room(archive, info, folder)
    target = Path(tempfile.mkdtemp(prefix="member-", dir=folder)) / member.name
    with _opened(archive) as content, content.open(info) as stream, target.open("wb") as out:
        shutil.copyfileobj(stream, out, _BLOCK)
    return target


def _name(info: zipfile.ZipInfo) -> str:
    # Some programs on Windows write its own separator, against the format.
    return info.filename.replace("\\", "/")


def _found(member: Path) -> tuple[Path, zipfile.ZipInfo]:
    archive = archive_of(member)
    assert archive is not None
    wanted = member.relative_to(archive).as_posix()
    with _opened(archive) as content:
        for info in content.infolist():
            if _name(info) == wanted:
                return archive, info
    raise SourceError(f"{archive.name} no longer holds {member.name}. Check the file.")


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file; whatever is wrong with it comes out as one sentence."""
    try:
        with zipfile.ZipFile(archive) as content:
            yield content
        return
    except (zipfile.BadZipFile, EOFError, zlib.error):
        failure = f"{archive.name} is not a whole zip file: it may be truncated. Copy it again."
    except NotImplementedError:
        failure = (
            f"{archive.name} is packed in a way that cannot be read here. Unpack it, or pack it "
            "again as an ordinary zip file."
        )
    except OSError:
        failure = f"{archive.name} cannot be read. Check that you may read it, and the disk."
    raise SourceError(failure)


def _refuse_unsafe(archive: Path, infos: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in infos):
        raise SourceError(f"{archive.name} is locked with a password. Unpack it first.")
    astray = sum(map(_leads_astray, infos))
    if astray:
        raise SourceError(
            f"{archive.name} must hold names within one folder: {astray:,} of {len(infos):,} lead "
            "out of it. Do not use this file; ask for it again."
        )
    names = {_name(info).lower() for info in infos}
    if len(names) < len(infos):
        raise SourceError(f"{archive.name} holds one name twice. Ask for it again.")
    packed = sum(info.compress_size for info in infos)
    bombs = sum(map(_is_bomb, infos))
    if len(infos) > _MOST_MEMBERS or bombs or packed > archive.stat().st_size:
        raise SourceError(
            f"{archive.name} would unpack to far more than a delivery holds, as files do that are "
            "made to fill a disk. Do not use it; ask for it again."
        )


def _leads_astray(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(_name(info))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0]


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    packed = max(info.compress_size, 1)
    return info.file_size > _HARMLESS_BYTES and info.file_size > _LARGEST_RATIO * packed


def _refuse_no_room(archive: Path, info: zipfile.ZipInfo, folder: Path) -> None:
    if info.file_size > shutil.disk_usage(folder).free:
        raise SourceError(
            f"{archive.name}: there is no room on the disk to unpack {Path(_name(info)).name}. "
            "Free some space, or spill elsewhere."
        )
