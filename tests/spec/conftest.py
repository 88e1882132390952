"""Every spec table is held against each engine."""

from __future__ import annotations

from tests.engines.conftest import backend

__all__ = ["backend"]
