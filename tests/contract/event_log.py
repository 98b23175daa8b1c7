"""The engine's events as they come, gathered by a thread."""

from __future__ import annotations

import threading
import time
from typing import Any

import docker

QUIET_S = 0.3
DEADLINE_S = 120.0


class EventLog:
    """Everything that happened since it was made."""

    def __init__(self, socket: str) -> None:
        self._api = docker.APIClient(f"unix://{socket}")
        self._stream = self._api.events(decode=True)
        self._found: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._gather, name="contract events")
        self._thread.start()

    def _gather(self) -> None:
        for event in self._stream:
            self._found.append(event)

    def close(self) -> None:
        self._stream.close()
        self._thread.join(DEADLINE_S)
        self._api.close()

    def all(self, until: str = "", id: str = "") -> list[dict[str, Any]]:
        """All so far, once `until` came for `id` or nothing came for a while."""
        end, count, since = time.monotonic() + DEADLINE_S, -1, time.monotonic()
        while time.monotonic() < end:
            if len(self._found) != count:
                count, since = len(self._found), time.monotonic()
            met = any(event["Action"] == until and event["Actor"]["ID"] == id for event in self._found)
            if met or (not until and time.monotonic() - since > QUIET_S):
                return list(self._found)
            time.sleep(0.01)
        raise AssertionError(f"{until} did not come: {[event['Action'] for event in self._found]}")

    def of(self, id: str, until: str = "") -> list[str]:
        """What happened to one thing, in order."""
        return [event["Action"] for event in self.all(until, id) if event["Actor"]["ID"] == id]
