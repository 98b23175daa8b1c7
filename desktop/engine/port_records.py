"""What is read of the engine's JSON to know its published ports; the rest of it is passed over."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from desktop.core.engine import Port
from desktop.core.errors import EngineError


class _Binding(msgspec.Struct):
    address: str = msgspec.field(name="HostIp", default="")
    port: str = msgspec.field(name="HostPort", default="")


class _Network(msgspec.Struct):
    ports: dict[str, list[_Binding] | None] | None = msgspec.field(name="Ports", default=None)


class Details(msgspec.Struct):
    """Of `GET /containers/ID/json`."""

    name: str = msgspec.field(name="Name", default="")
    network: _Network = msgspec.field(name="NetworkSettings", default_factory=_Network)

    def published(self) -> frozenset[Port]:
        return frozenset(self._ports())

    def _ports(self) -> Iterator[Port]:
        for inner, bindings in (self.network.ports or {}).items():
            number, _, protocol = inner.partition("/")
            for binding in bindings or ():
                with contextlib.suppress(ValueError):
                    yield Port(int(number), protocol or "tcp", binding.address, int(binding.port))


class _Listed(msgspec.Struct):
    address: str = msgspec.field(name="IP", default="")
    inner: int = msgspec.field(name="PrivatePort", default=0)
    outer: int = msgspec.field(name="PublicPort", default=0)
    protocol: str = msgspec.field(name="Type", default="tcp")


class _Mount(msgspec.Struct):
    source: str = msgspec.field(name="Source", default="")


class Container(msgspec.Struct):
    """An element of `GET /containers/json`."""

    id: str = msgspec.field(name="Id")
    names: list[str] = msgspec.field(name="Names", default_factory=list)
    ports: list[_Listed] | None = msgspec.field(name="Ports", default=None)
    mounts: list[_Mount] | None = msgspec.field(name="Mounts", default=None)

    @property
    def name(self) -> str:
        return next(iter(self.names), self.id[:12]).removeprefix("/")

    def published(self) -> frozenset[Port]:
        return frozenset(
            Port(port.inner, port.protocol, port.address, port.outer) for port in self.ports or () if port.outer
        )


class _Ingress(msgspec.Struct):
    inner: int = msgspec.field(name="TargetPort", default=0)
    outer: int = msgspec.field(name="PublishedPort", default=0)
    protocol: str = msgspec.field(name="Protocol", default="tcp")
    mode: str = msgspec.field(name="PublishMode", default="ingress")


class _Endpoint(msgspec.Struct):
    ports: list[_Ingress] | None = msgspec.field(name="Ports", default=None)


class _Spec(msgspec.Struct):
    name: str = msgspec.field(name="Name", default="")


class Service(msgspec.Struct):
    """An element of `GET /services`. What it publishes in host mode is its containers' own."""

    id: str = msgspec.field(name="ID")
    spec: _Spec = msgspec.field(name="Spec", default_factory=_Spec)
    endpoint: _Endpoint = msgspec.field(name="Endpoint", default_factory=_Endpoint)

    def published(self) -> frozenset[Port]:
        return frozenset(
            Port(port.inner, port.protocol, "", port.outer)
            for port in self.endpoint.ports or ()
            if port.outer and port.mode == "ingress"
        )


class _Actor(msgspec.Struct):
    id: str = msgspec.field(name="ID", default="")
    attributes: dict[str, str] = msgspec.field(name="Attributes", default_factory=dict)


class Event(msgspec.Struct):
    kind: str = msgspec.field(name="Type", default="")
    action: str = msgspec.field(name="Action", default="")
    actor: _Actor = msgspec.field(name="Actor", default_factory=_Actor)


_containers = msgspec.json.Decoder(list[Container])
_services = msgspec.json.Decoder(list[Service])
_details = msgspec.json.Decoder(Details)
_event = msgspec.json.Decoder(Event)


def containers(body: bytes) -> list[Container]:
    return _decoded(_containers, body)


def services(body: bytes) -> list[Service]:
    return _decoded(_services, body)


def details(body: bytes) -> Details:
    return _decoded(_details, body)


def event(line: bytes) -> Event:
    return _decoded(_event, line)


T = TypeVar("T")


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EngineError("The engine's answer makes no sense", str(error)) from error
