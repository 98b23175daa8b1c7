"""The whole window without a screen, over the shared machine: coroutines run on Qt's own loop."""

from __future__ import annotations

from tests.ui.conftest import application, collected, collecting_here, pytest_asyncio_loop_factories

__all__ = ["application", "collected", "collecting_here", "pytest_asyncio_loop_factories"]
