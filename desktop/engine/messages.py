"""What an engine says during a pull, push, load or build, made into progress."""

from __future__ import annotations

from typing import Any

from desktop.core.errors import EngineError
from desktop.core.text import visible

_WITHOUT_BYTES = ("Already exists", "Layer already exists", "Pull complete", "Download complete", "Pushed")
_MOVES = ("Downloading", "Pushing", "Loading layer")
MOST_LAYERS = 1000
"""An image has some hundred at most; an engine that names more and more of them is not believed."""
LONGEST_WORD = 200
_RETRYING = "Retrying"  # "in 5 seconds", after a connection that was cut


class Layers:
    """Sums up the layers. Their total is told when each has named its size; until then nobody knows it."""

    def __init__(self, told: Any) -> None:
        self._told = told
        self._sizes: dict[str, tuple[int, int]] = {}  # done and total bytes
        self._states: dict[str, str] = {}

    def take(self, message: dict[str, Any]) -> None:
        """Raises EngineError where the engine says that it failed."""
        if "error" in message or "errorDetail" in message:
            detail = message.get("errorDetail")
            words = detail.get("message") if isinstance(detail, dict) else message.get("error")
            raise EngineError("The engine refused", str(words)[:65536])
        if isinstance(stream := message.get("stream"), str):
            self._take_lines(stream)
        elif isinstance(status := message.get("status"), str):
            self._take_status(status, message.get("id"), message.get("progressDetail"))

    def _take_lines(self, text: str) -> None:
        for line in text.splitlines():
            if line.strip():
                self._told.line(line)
                if line.startswith("Step "):
                    self._told.say(step=visible(line, 120))

    def _take_status(self, status: str, layer: Any, detail: Any) -> None:
        if not isinstance(layer, str) or not layer or status.startswith("Pulling from"):
            self._told.line(status)
            return
        layer, status = layer[:LONGEST_WORD], status[:LONGEST_WORD]
        if layer not in self._states and len(self._states) >= MOST_LAYERS:
            return
        current, total = _amounts(detail)
        if status in _MOVES and total:
            if current >= total and status != "Loading layer":  # said of one that breaks off, too: not yet its end
                current = self._sizes.get(layer, (0, 0))[0]
            self._sizes[layer] = (min(current, total), total)
        elif status in _WITHOUT_BYTES:
            size = self._sizes.get(layer, (0, 0))[1]
            self._sizes[layer] = (size, size)
        self._states[layer] = status
        share = f" {100 * current // total} %" if total else ""
        self._told.part(layer, f"{status}{share}")
        self._tell()

    def _tell(self) -> None:
        done = sum(done for done, _ in self._sizes.values())
        whole = len(self._sizes) == len(self._states)
        self._told.bytes(done, sum(total for _, total in self._sizes.values()) if whole else 0)
        finished = sum(state in _WITHOUT_BYTES and state != "Download complete" for state in self._states.values())
        working = [state for state in self._states.values() if state in ("Extracting", *_MOVES)]
        is_retrying = any(state.startswith(_RETRYING) for state in self._states.values())
        step = working[0] if working else _RETRYING if is_retrying else "Waiting"
        self._told.say(step=step, parts_done=finished, parts=len(self._states))


def _amounts(detail: Any) -> tuple[int, int]:
    if not isinstance(detail, dict):
        return 0, 0
    current, total = detail.get("current"), detail.get("total")
    if type(current) is not int or type(total) is not int or not 0 <= current or total <= 0:
        return 0, 0
    return current, total
