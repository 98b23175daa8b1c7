"""The pretended engine's records: containers, images, events."""

from __future__ import annotations

from .containers import Containers
from .events import Events
from .exec import Execs
from .faults import Faults
from .images import Images, User


class Engine:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.events = Events()
        self.images = Images(self.events)
        self.containers = Containers(self.images, self.events)
        self.execs = Execs()
        self.images.users = self._users

    @property
    def running(self) -> int:
        return sum(item.state in ("running", "restarting") for item in self.containers)

    def forget(self) -> None:
        """Its disk is gone."""
        self.containers.forget()
        self.images.forget()

    def _users(self, image_id: str) -> list[User]:
        return [(item.id, item.running) for item in self.containers.using(image_id)]
