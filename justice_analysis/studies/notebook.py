"""Running one notebook in a clean kernel, and what is kept of it."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from justice_analysis import errors
from justice_analysis.errors import StudyError


def read(file: Path) -> Any:
    """Read a notebook; one that is missing or broken is refused in a sentence."""
    import nbformat

    try:
        return nbformat.read(file, as_version=4)
    except FileNotFoundError:
        raise StudyError(f"the notebook {file.name} does not exist.") from None
    except Exception:
        raise StudyError(f"{file.name} must be a notebook (nbformat 4): it is not.") from None


def sha256(cells: Sequence[Any]) -> str:
    """One hash over all cells of a notebook as it ran, prose included."""
    sources = [f"{cell.cell_type}\n{cell.source}" for cell in cells]
    return hashlib.sha256("\f".join(sources).encode()).hexdigest()


def code_sha256(cells: Iterable[Mapping[str, Any]]) -> str:
    """One hash over a notebook's code: what its results depend on. Prose may be reworded.

    Parameters
    ----------
    cells
        Cells as the notebook file has them; each code cell counts with its id, by which the
        book finds where an output was shown.
    """
    digest = hashlib.sha256()
    for cell in cells:
        if cell["cell_type"] == "code":
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            digest.update(f"{cell.get('id', '')}\n{text}\f".encode())
    return digest.hexdigest()


def execute(
    source: Path,
    target: Path,
    *,
    values: Mapping[str, Any],
    environment: Mapping[str, str],
    progress: bool = False,
) -> Any:
    """Execute a notebook with papermill and write it, stripped, to `target`.

    Raises
    ------
    StudyError
        If a cell fails: the cell's number and kind of error, and the message only where
        it is one of ours, since any other may hold values of rows. Also if the kernel dies.
    """
    import papermill

    with _clean_environment(environment), tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / source.name
        try:
            papermill.execute_notebook(
                str(source),
                str(raw),
                parameters=dict(values),
                progress_bar=progress,
                cwd=str(target.parent),
                kernel_name="python3",
                language="python",
                kernel_manager_class=_kernel_manager_class(),
            )
        except papermill.PapermillExecutionError as error:
            raise StudyError(_failure(source.stem, error)) from None
        except Exception as error:
            raise StudyError(
                f"{source.stem} did not run to its end ({type(error).__name__}): its kernel may "
                "have died. Give it more memory, or run fewer studies side by side."
            ) from None
        executed = read(raw)
    _strip(executed)
    _write(executed, target)
    return executed


def _kernel_manager_class() -> Any:
    """Kernels of this very Python; over a socket file on Linux, not over TCP."""
    from jupyter_client.manager import AsyncKernelManager

    class LocalKernelManager(AsyncKernelManager):
        transport = "ipc" if sys.platform == "linux" else "tcp"

    return LocalKernelManager


def _failure(study: str, error: Any) -> str:
    ours = getattr(errors, error.ename.rsplit(".", 1)[-1], None)
    said = f": {error.evalue}" if ours else f" ({error.ename})."
    return f"{study} stopped in code cell {error.exec_count}{said}"


def _strip(notebook: Any) -> None:
    """Drop papermill's timings, paths and environment; keep what the study shows."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)


def _write(notebook: Any, file: Path) -> None:
    import nbformat

    partial = file.with_suffix(".partial")
    nbformat.write(notebook, partial)
    os.replace(partial, file)


def shown_outputs(notebook: Any) -> list[dict[str, str]]:
    """Every candidate that the notebook displayed: `id`, `sha256`, `cell`; once each."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            mark = output.get("metadata", {}).get("justice")
            if mark:
                found[mark["candidate"]] = {
                    "id": mark["candidate"],
                    "sha256": mark["sha256"],
                    "cell": cell["id"],
                }
    return list(found.values())


@contextmanager
def _clean_environment(added: Mapping[str, str]) -> Iterator[None]:
    """Nothing of the user's own start-up files reaches the kernel."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as profile:
        os.environ.update({"IPYTHONDIR": profile, "PYTHONNOUSERSITE": "1", **added})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
