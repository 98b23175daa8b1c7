"""Networks in memory: the engine's own three and the user's, who is in them, and the engine's refusals."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .containers import BRIDGE_ID, Container, Containers, Place
from .events import Events
from .http import ApiError
from .shapes import rfc3339

OWN = ("bridge", "host", "none")
LISTED_AFTER_S = 0.15  # as dockerd, whose list has it only after it was told


@dataclass
class Network:
    id: str
    name: str
    driver: str = "bridge"
    subnet: str = ""
    internal: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    created_s: float = field(default_factory=time.time)

    @property
    def place(self) -> Place:
        return Place(self.id, ".".join(self.subnet.split(".")[:2]))

    def row(self) -> dict[str, Any]:
        plan = [{"Subnet": self.subnet}] if self.subnet else []
        return {
            "Name": self.name, "Id": self.id, "Created": rfc3339(self.created_s), "Scope": "local",
            "Driver": self.driver, "EnableIPv6": False, "IPAM": {"Driver": "default", "Options": None, "Config": plan},
            "Internal": self.internal, "Attachable": False, "Ingress": False, "Containers": {}, "Options": {},
            "Labels": self.labels,
        }  # fmt: skip


class Networks:
    def __init__(self, containers: Containers, events: Events) -> None:
        self._containers = containers
        self._events = events
        self._all: dict[str, Network] = {}
        self.forget()

    def __iter__(self) -> Iterator[Network]:
        return iter(tuple(self._all.values()))

    def forget(self) -> None:
        """Only the engine's own are left."""
        self._all.clear()
        self.add(Network(BRIDGE_ID, "bridge", subnet="172.17.0.0/16"))
        for name, driver in (("host", "host"), ("none", "null")):
            self.add(Network(hashlib.sha256(name.encode()).hexdigest(), name, driver))

    def add(self, network: Network) -> None:
        self._all[network.id] = network

    def get(self, reference: str) -> Network:
        for network in self:
            if reference == network.name or (reference and network.id.startswith(reference)):
                return network
        raise ApiError(404, f"network {reference} not found")

    def create(self, body: dict[str, Any]) -> Network:
        name = str(body.get("Name") or "")
        if any(network.name == name for network in self):
            raise ApiError(409, f"network with name {name} already exists")
        configs = (body.get("IPAM") or {}).get("Config") or []
        subnet = configs[0].get("Subnet", "") if configs else f"172.{17 + len(self._all)}.0.0/16"
        try:
            ipaddress.ip_network(subnet)
        except ValueError:
            raise ApiError(400, f"invalid subnet {subnet}: invalid CIDR block notation") from None
        network = Network(
            secrets.token_hex(32), name, body.get("Driver") or "bridge", subnet, bool(body.get("Internal")),
            body.get("Labels") or {},
        )  # fmt: skip
        self.add(network)
        self._say(network, "create")
        return network

    def remove(self, network: Network) -> None:
        if network.name in OWN:
            raise ApiError(403, f"{network.name} is a pre-defined network and cannot be removed")
        active = [item for item in self.members(network) if item.running]
        if active:
            names = " ".join(f'name:"{item.name}" id:"{item.id[:12]}"' for item in active)
            raise ApiError(403, f"error while removing network: network {network.name} has active endpoints ({names})")
        del self._all[network.id]
        self._say(network, "destroy")

    def members(self, network: Network) -> list[Container]:
        return [item for item in self._containers if network.name in item.networks]

    async def join(self, network: Network, container: Container) -> None:
        if network.name in container.networks:
            raise ApiError(403, f"endpoint with name {container.name} already exists in network {network.name}")
        self._say(network, "connect", container)
        await asyncio.sleep(LISTED_AFTER_S)
        container.networks[network.name] = network.place

    async def leave(self, network: Network, container: Container) -> None:
        if network.name not in container.networks:
            raise ApiError(403, f"container {container.id} is not connected to network {network.name}")
        self._say(network, "disconnect", container)
        await asyncio.sleep(LISTED_AFTER_S)
        container.networks.pop(network.name, None)

    def place(self, container: Container) -> None:
        """Where one that was just created belongs, by its own wish; dockerd asks whether that is there at its start."""
        wished = _wished(container)
        found = [network for network in self if network.name in wished or network.id in wished]
        container.networks = {network.name: network.place for network in found}

    def require(self, container: Container) -> None:
        """What it wishes has to be there when it starts."""
        for name in _wished(container):
            try:
                self.get(name)
            except ApiError as error:
                raise ApiError(404, f"failed to set up container networking: {error.message}") from error

    def _say(self, network: Network, action: str, container: Container | None = None) -> None:
        attributes = {"name": network.name, "type": network.driver}
        if container is not None:
            attributes["container"] = container.id
        self._events.publish("network", action, network.id, attributes)


def _wished(container: Container) -> list[str]:
    named = list((container.config.get("NetworkingConfig") or {}).get("EndpointsConfig") or {})
    mode = container.host_config.get("NetworkMode") or "default"
    return named or ["bridge" if mode == "default" else mode]
