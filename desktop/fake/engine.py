"""The pretended engine's records: containers, images, events."""

from __future__ import annotations

from .containers import Containers
from .events import Events
from .exec import Execs
from .faults import Faults
from .files import Files
from .images import Images, User
from .networks import Networks
from .volumes import Volumes


class Engine:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.events = Events()
        self.images = Images(self.events)
        self.containers = Containers(self.images, self.events)
        self.volumes = Volumes(self.events)
        self.networks = Networks(self.containers, self.events)
        self.files = Files(self.volumes)
        self.execs = Execs(self.files)
        self.images.users = self._users
        self.volumes.users = self._volume_users

    @property
    def running(self) -> int:
        return sum(item.state in ("running", "restarting") for item in self.containers)

    def forget(self) -> None:
        """Its disk is gone."""
        self.containers.forget()
        self.images.forget()
        self.volumes.forget()
        self.networks.forget()

    def _users(self, image_id: str) -> list[User]:
        return [(item.id, item.running) for item in self.containers.using(image_id)]

    def _volume_users(self, name: str) -> list[str]:
        return [item.id for item in self.containers if any(volume == name for volume, _ in item.mounts)]
