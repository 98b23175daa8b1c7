"""Volumes and networks of an engine: the blocking calls, and its JSON to core records."""

from __future__ import annotations

from typing import Any

from desktop.core.engine import Network, Volume

from .convert import UNKNOWN, labels_of
from .json_values import mapping, moment, sequence, text, whole


def list_volumes(sdk: Any) -> list[Volume]:
    return volumes_of(sdk.volumes())


def list_networks(sdk: Any) -> list[Network]:
    return networks_of(sdk.networks())


def volume_sizes(sdk: Any) -> dict[str, int]:
    """What each volume takes, in bytes. The engine walks all their files for it: minutes, for big ones."""
    # Engines before API 1.42 do not know the wish, and measure everything.
    return sizes_of(sdk._result(sdk._get(sdk._url("/system/df"), params={"type": "volume"}), True))


def create_volume(sdk: Any, name: str, driver: str = "local") -> str:
    """Its name comes back, which the engine makes up where none is given."""
    return text(mapping(sdk.create_volume(name or None, driver)).get("Name"), name)


def remove_volume(sdk: Any, name: str) -> None:
    sdk.remove_volume(name)


def create_network(sdk: Any, name: str, driver: str, subnet: str, internal: bool) -> None:
    ipam = {"Driver": "default", "Config": [{"Subnet": subnet}]} if subnet else None
    sdk.create_network(name, driver, ipam=ipam, internal=internal, check_duplicate=True)


def remove_network(sdk: Any, network: str) -> None:
    sdk.remove_network(network)


def connect(sdk: Any, network: str, container: str) -> None:
    sdk.connect_container_to_network(container, network)


def disconnect(sdk: Any, network: str, container: str) -> None:
    sdk.disconnect_container_from_network(container, network)


def volumes_of(answer: Any) -> list[Volume]:
    """Records from `GET /volumes`."""
    found = [mapping(item) for item in sequence(mapping(answer).get("Volumes"))]
    return [
        Volume(
            name=text(raw.get("Name"), f"{UNKNOWN}{number}"),
            driver=text(raw.get("Driver"), UNKNOWN),
            created_s=moment(raw.get("CreatedAt")),
            labels=labels_of(raw),
        )
        for number, raw in enumerate(found)
    ]


def networks_of(answer: Any) -> list[Network]:
    """Records from `GET /networks`. Who is in them is known from the containers."""
    return [_network(mapping(item), f"{UNKNOWN}{number}") for number, item in enumerate(sequence(answer))]


def sizes_of(answer: Any) -> dict[str, int]:
    """From `GET /system/df`; -1 is the engine's word for a volume that it cannot measure."""
    found = [mapping(item) for item in sequence(mapping(answer).get("Volumes"))]
    sizes = {text(raw.get("Name")): whole(mapping(raw.get("UsageData")).get("Size", -1)) for raw in found}
    return {name: size for name, size in sizes.items() if name and size >= 0}


def _network(raw: dict[str, Any], id_if_missing: str) -> Network:
    plans = [mapping(item) for item in sequence(mapping(raw.get("IPAM")).get("Config"))]
    return Network(
        id=text(raw.get("Id"), id_if_missing),
        name=text(raw.get("Name"), UNKNOWN),
        driver=text(raw.get("Driver"), UNKNOWN),
        subnets=tuple(subnet for plan in plans if (subnet := text(plan.get("Subnet")))),
        gateways=tuple(gateway for plan in plans if (gateway := text(plan.get("Gateway")))),
        internal=raw.get("Internal") is True,
        created_s=moment(raw.get("Created")),
        labels=labels_of(raw),
    )
