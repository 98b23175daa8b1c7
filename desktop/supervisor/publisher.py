"""The machine's status as its supervisor publishes it, with lasting warnings."""

from __future__ import annotations

from desktop.core.machine import MachineStatus
from desktop.core.published_status import PublishedStatus
from desktop.core.text import encodable

# A guest can be the cause of any number of warnings, and a status that is too long for a line reaches nobody.
MOST_WARNINGS = 100
LONGEST_WARNING = 2000


class Publisher(PublishedStatus):
    def __init__(self, status: MachineStatus) -> None:
        super().__init__(status)
        self._warnings: dict[str, str] = {}

    def warn(self, topic: str, words: str) -> None:
        """Sets the lasting warning on a topic; none with empty words."""
        self._warnings.pop(topic, None)
        if words:
            self._warnings[topic] = encodable(words[:LONGEST_WARNING])
        self.update(warnings=tuple(self._warnings.values())[:MOST_WARNINGS])
