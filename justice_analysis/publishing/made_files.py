"""The files of each whole paper (PDF, Word, workbooks, citation), made only where it changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from functools import partial
from importlib import import_module, metadata
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.ending import file_names
from justice_analysis.publishing.paper.paper import Paper

# Module and function by kind of file; imported only where a file must be made.
WRITERS: Mapping[str, tuple[str, str]] = {
    "pdf": ("justice_analysis.publishing.writers.pdf", "write_pdf"),
    "docx": ("justice_analysis.publishing.writers.word", "write_word"),
    "xlsx": ("justice_analysis.publishing.workbook", "write_xlsx"),
    "ods": ("justice_analysis.publishing.workbook", "write_ods"),
    "cff": ("justice_analysis.publishing.paper.citing", "citation_cff"),
    "bib": ("justice_analysis.publishing.paper.citing", "citation_bibtex"),
}
_TEXTS = ("cff", "bib")  # their functions return text
_DIGEST = ".digest"
# What the files depend on beside the paper: all of these folders and files, and these versions.
_CODE = ("paper", "writers", "workbook", "markup.py", "mathml.py")
_NOT_CODE = ("__pycache__",)
_LIBRARIES = ("typst", "python-docx", "gptables", "XlsxWriter", "odfdo", "matplotlib")
_PROCESSES = 2


def made_files(
    papers: Sequence[Paper],
    folder: Path,
    *,
    progress: Callable[[str], None] | None = None,
) -> dict[str, dict[str, Path]]:
    """Make the files of the papers that changed, and forget those of papers that are gone.

    Parameters
    ----------
    folder
        Kept between builds; a folder for each paper.

    Returns
    -------
    dict
        For each paper's slug, its files by name.

    Raises
    ------
    BookError
        If a file cannot be made; files that were made before stay as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    code = code_digest()
    wanted = {paper.slug: f"{code} {paper_digest(paper)}" for paper in papers}
    changed = [paper for paper in papers if _stands(folder / paper.slug) != wanted[paper.slug]]
    for place, paper in enumerate(_each_made(changed, folder, wanted), start=1):
        if progress:
            progress(f"Files of papers: {place} of {len(changed)} made ({paper.slug})")
    _forget(folder, keep=set(wanted))
    return {paper.slug: _paths(paper, folder) for paper in papers}


def _paths(paper: Paper, folder: Path) -> dict[str, Path]:
    names = file_names(paper.slug, is_synthetic=paper.is_synthetic).values()
    return {name: folder / paper.slug / name for name in names}


def _stands(folder: Path) -> str | None:
    """Digest of what the files there were made from; missing where they are not all there."""
    try:
        digest, *names = (folder / _DIGEST).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return digest if all((folder / name).is_file() for name in names) else None


def _each_made(papers: Sequence[Paper], folder: Path, wanted: Mapping[str, str]) -> Iterator[Paper]:
    """Make papers' files, two papers at a time, each as it is done in the order given."""
    make = partial(_make, folder=folder, wanted=wanted, writers=WRITERS)
    processes = min(_PROCESSES, len(papers), os.cpu_count() or 1)
    if processes < 2:
        for paper in papers:
            make(paper)
            yield paper
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            for paper, _ in zip(papers, pool.map(make, papers), strict=True):
                yield paper
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _make(
    paper: Paper,
    *,
    folder: Path,
    wanted: Mapping[str, str],
    writers: Mapping[str, tuple[str, str]],
) -> None:
    """Make all files of one paper: they appear together or not at all."""
    from justice_analysis import engine  # brings Ibis with it

    partial_folder = folder / f".{paper.slug}.{os.getpid()}.partial"
    shutil.rmtree(partial_folder, ignore_errors=True)
    partial_folder.mkdir()
    names = file_names(paper.slug, is_synthetic=paper.is_synthetic)
    try:
        for kind, name in names.items():
            _write(paper, kind, partial_folder / name, writers[kind])
        marked = "\n".join([wanted[paper.slug], *names.values()])
        (partial_folder / _DIGEST).write_text(f"{marked}\n", encoding="utf-8")
        engine.swap_in(partial_folder, folder / paper.slug)
    finally:
        shutil.rmtree(partial_folder, ignore_errors=True)


def _write(paper: Paper, kind: str, path: Path, writer: tuple[str, str]) -> None:
    try:
        write = getattr(import_module(writer[0]), writer[1])
        if kind in _TEXTS:
            path.write_text(write(paper), encoding="utf-8", newline="\n")
        else:
            write(paper, path)
    except BookError as error:
        raise BookError(f"{paper.name}: {path.name} cannot be made: {error}") from None
    if not path.is_file():
        raise BookError(f"{paper.name}: {path.name} was not made.")


def _forget(folder: Path, *, keep: set[str]) -> None:
    for item in folder.iterdir():
        if item.name not in keep:
            shutil.rmtree(item) if item.is_dir() else item.unlink()


# What the files depend on -----------------------------------------------------------------------


def paper_digest(paper: Paper) -> str:
    """Digest of all that a paper holds, the bytes of its pictures among it."""
    return hashlib.sha256(json.dumps(_inert(paper), ensure_ascii=False).encode()).hexdigest()


def _inert(item: Any) -> Any:
    """A value as lists and words; a file as the digest of what is in it."""
    if isinstance(item, Path):
        return hashlib.sha256(item.read_bytes()).hexdigest()
    if is_dataclass(item):
        return [type(item).__name__, *(_inert(getattr(item, part.name)) for part in fields(item))]
    if isinstance(item, Mapping):
        return {str(name): _inert(value) for name, value in item.items()}
    if isinstance(item, tuple | list):
        return [_inert(one) for one in item]
    return item


def code_digest() -> str:
    """Digest of the writers: their code, templates and fonts, and the libraries they call."""
    digest, home = hashlib.sha256(), Path(__file__).parent
    for path in sorted(_code_files(home)):
        digest.update(f"{path.relative_to(home).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\0".encode())
    return digest.hexdigest()


def _code_files(home: Path) -> Iterator[Path]:
    for name in _CODE:
        path = home / name
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (one for one in found if one.is_file() and not set(one.parts) & set(_NOT_CODE))
