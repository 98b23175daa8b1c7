"""How an engine fails to serve: it is not there, or it answers what is no answer."""

from __future__ import annotations

from desktop.core.errors import EngineError


class EngineGone(EngineError):
    """The engine cannot be reached, went away in the middle, or talks nonsense: connect again."""
