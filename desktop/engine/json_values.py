"""Values out of foreign JSON: what is missing or of a wrong type becomes empty, 0 or what was said to take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .errors import EngineGone


def text(value: Any, missing: str = "") -> str:
    return value if isinstance(value, str) and value else missing


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    return int(value) if abs(value) < 2**63 else 0  # NaN and infinity compare false


def moment(value: Any) -> float:
    """Seconds since 1970 of an RFC 3339 time, which may have nanoseconds; 0: not known."""
    try:
        return max(0.0, datetime.fromisoformat(text(value)).timestamp())
    except (ValueError, OverflowError, OSError):
        return 0.0


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def id_in(answer: Any, key: str = "Id") -> str:
    """Of what the engine says that it made; EngineGone where it tells none."""
    found = text(mapping(answer).get(key))
    if not found:
        raise EngineGone("The engine's answer makes no sense", "")
    return found
