"""Run Sphinx on the source tree, and put its pages in place only when they are whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from justice_analysis.errors import BookError

SETTINGS = Path(__file__).parent / "site"
# Our own extensions of Sphinx, which conf.py names.
EXTENSIONS = tuple(Path(__file__).parent / name for name in ("mathml.py", "page_context.py"))
_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
_TOCTREE = re.compile(r"^```\{toctree\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TELLING = ("WARNING", "ERROR", "CRITICAL")
_NAMED = re.compile(rf"(?P<file>.+?\.md)(?::\d+)?: (?:{'|'.join(_TELLING)})")
# Left behind: what Sphinx keeps for itself, and what no page of the book loads.
_NOT_PUBLISHED = shutil.ignore_patterns(
    "*.map",
    ".buildinfo*",
    "objects.inv",
    "_sources",
    "basic.css",
    "pygments.css",
    "quality.css",
    "sphinx_highlight.js",
    "file.png",
    "minus.png",
    "plus.png",
)


def run_sphinx(
    source: Path, work: Path, *, afresh: bool, progress: Callable[[str], None] | None = None
) -> Path:
    """Build the pages and return the folder they are in.

    Parameters
    ----------
    source
        MyST pages, figures and tables.
    work
        Folder kept between builds, so that only changed pages are built again.
    afresh
        Forget earlier builds.

    Raises
    ------
    BookError
        If Sphinx warns of anything; a warning is an error here.
    """
    stamp, settings = work / "settings.txt", settings_digest()
    if afresh or not stamp.is_file() or stamp.read_text() != settings:
        shutil.rmtree(work, ignore_errors=True)
    pages, menu, entries = work / "html", work / "menu.txt", menu_digest(source)
    if menu.is_file() and menu.read_text() != entries:
        _write_all_again(pages)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-j", "auto"]
    command += ["-c", str(SETTINGS), "-d", str(work / "doctrees"), str(source), str(pages)]
    if progress:
        progress("Building pages")
    ended = subprocess.run(command, capture_output=True, text=True, env=_environment())
    if ended.returncode:
        said = ended.stderr or ended.stdout
        if _read_again(said):
            stamp.write_text(settings)
        else:
            shutil.rmtree(work, ignore_errors=True)
        raise BookError(_complaint(said, source))
    stamp.write_text(settings)
    menu.write_text(entries)
    return pages


def menu_digest(source: Path) -> str:
    """Digest of what the menu says: pages, their titles, and which page lists which."""
    digest = hashlib.sha256()
    for path in sorted(source.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = _TITLE.search(text)
        said = (path.relative_to(source).as_posix(), title and title[1], _TOCTREE.findall(text))
        digest.update(repr(said).encode())
    return digest.hexdigest()


def _write_all_again(pages: Path) -> None:
    """Have every page written, though not read, again: Sphinx leaves their menus as they were."""
    for path in pages.rglob("*.html"):
        path.unlink()


def _read_again(output: str) -> bool:
    """Mark the pages that a warning names as changed; False if one names no page.

    Pages that were written despite a warning must not be taken for built ones; the others are
    whole, and need not be built again once the mistake is mended.
    """
    told = [line for line in output.splitlines() if any(word in line for word in _TELLING)]
    named = [_NAMED.match(line) for line in told]
    files = [Path(match["file"]) for match in named if match]
    if not files or len(files) < len(told) or not all(file.is_file() for file in files):
        return False
    for file in files:
        os.utime(file)
    return True


def settings_digest() -> str:
    """Digest of settings, templates, styles and extensions; Sphinx doesn't see all change."""
    digest = hashlib.sha256()
    for path in (*sorted(SETTINGS.rglob("*")), *EXTENSIONS):
        if path.suffix in (".py", ".html", ".css", ".js"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}


def _complaint(output: str, source: Path) -> str:
    """Sphinx's own words, with paths as the book names them."""
    lines = [line.replace(f"{source}{os.sep}", "") for line in output.splitlines() if line.strip()]
    told = [line for line in lines if any(word in line for word in _TELLING)] or lines[-3:]
    shown = "\n".join(f"  - {line}" for line in told[:10])
    return f"the book's pages must build without a warning: {len(told)} found.\n{shown}"


def put_in_place(pages: Path, target: Path) -> None:
    """Replace the published folder by new pages in one step; readers see old or new."""
    from justice_analysis import engine  # brings Ibis with it

    fresh = target.with_name(f".{target.name}-new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(pages, fresh, ignore=_NOT_PUBLISHED)
    engine.swap_in(fresh, target)
