"""Fixtures that every suite shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.worlds"]
CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data and independent results; absent on a user's machine, never in CI."""
    folder = Path(os.environ.get("JUSTICE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    if os.environ.get("CI"):
        pytest.fail("the shared data must be there in CI: set JUSTICE_SHARED_DATA.")
    pytest.skip("the shared data is not on this machine.")
