"""The few facts of a container that its tree of hundreds would hide, in words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.core.engine import ON_PURPOSE
from desktop.models.container_columns import known_state

from ..words import moment
from .exit_words import exit_words

LINES_OF_CHECK = 6
_NEVER = "0001-"


def facts_of(answer: Any) -> dict[str, str]:
    found = _mapping(answer)
    state, config = _mapping(found.get("State")), _mapping(found.get("Config"))
    words = [part for part in (found.get("Path"), *_sequence(found.get("Args"))) if isinstance(part, str)]
    return {
        "state": _state(state),
        "health": _health(_mapping(state.get("Health"))),
        "restarts": _restarts(found),
        "image": _text(config.get("Image")),
        "command": " ".join(words)[:1000],
    }


def ended_badly(answer: Any) -> bool:
    """Whether what it wrote last may explain why it does not run."""
    state = _mapping(_mapping(answer).get("State"))
    code, is_up = state.get("ExitCode"), state.get("Running") is True and state.get("Restarting") is not True
    return not is_up and isinstance(code, int) and code not in ON_PURPOSE


def _state(state: dict[str, Any]) -> str:
    translate = QCoreApplication.translate
    name = _text(state.get("Status"))
    code = state.get("ExitCode")
    parts = [known_state(name)]
    if name in ("exited", "dead", "restarting") and isinstance(code, int):
        parts.append(exit_words(code, state.get("OOMKilled") is True))
    if error := _text(state.get("Error")):
        parts.append(error)
    is_up = state.get("Running") is True
    then = _text(state.get("StartedAt" if is_up else "FinishedAt"))
    if then and not then.startswith(_NEVER):
        since = translate("Detail", "since %1") if is_up else translate("Detail", "ended at %1")
        parts.append(since.replace("%1", moment(_in_seconds(then))))
    return " · ".join(part for part in parts if part)


def _health(health: dict[str, Any]) -> str:
    """With what the last check printed, where it failed."""
    translate = QCoreApplication.translate
    status = _text(health.get("Status"))
    known = {
        "starting": translate("Detail", "Starting: not checked yet"),
        "healthy": translate("Detail", "Healthy"),
        "unhealthy": translate("Detail", "Unhealthy"),
        "none": "",
    }
    words = known.get(status, status)
    failures = _whole(health.get("FailingStreak"))
    if failures:
        count = QLocale().toString(failures)
        words += " · " + translate("Detail", "checks that failed in a row: %1").replace("%1", count)
        checks = [_mapping(check) for check in _sequence(health.get("Log"))]
        said = _text(checks[-1].get("Output")).strip() if checks else ""
        words += "".join(f"\n{line}" for line in said.splitlines()[-LINES_OF_CHECK:])
    return words


def _restarts(found: dict[str, Any]) -> str:
    """How often the engine did it, and by which rule it does."""
    translate = QCoreApplication.translate
    policy = _mapping(_mapping(found.get("HostConfig")).get("RestartPolicy"))
    known = {
        "no": translate("Detail", "never by itself"),
        "": translate("Detail", "never by itself"),
        "always": translate("Detail", "always"),
        "unless-stopped": translate("Detail", "always, unless it was stopped"),
        "on-failure": translate("Detail", "when it fails"),
    }
    rule = known.get(_text(policy.get("Name")), _text(policy.get("Name")))
    count = _whole(found.get("RestartCount"))
    times = QLocale().toString(count) if count is not None else "?"
    return f"{times} · {rule}"


def _in_seconds(moment: str) -> str:
    """Python reads six digits after the point, the engine has nine."""
    whole, point, _ = moment.rstrip("Z").partition(".")
    return f"{whole}+00:00" if point or moment.endswith("Z") else moment


def _whole(value: Any) -> int | None:
    """None for what is none, or more than Qt's numbers hold."""
    return value if isinstance(value, int) and 0 <= value < 1 << 63 else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
