"""In which order the containers of Compose projects are started: what they depend on first, by their own labels."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.engine import Container

DEPENDS_ON = "com.docker.compose.depends_on"
PROJECT = "com.docker.compose.project"


def waves(records: Sequence[Container]) -> list[list[Container]]:
    """Those that may be started together, and then those that need them. To stop, it is the other way round."""
    left, found = list(records), list[list[Container]]()
    while left:
        services = {(record.project, record.service) for record in left if record.project}
        ready = [record for record in left if services.isdisjoint(_needs(record))]
        found.append(ready or left)  # a circle, which compose would refuse: all at once
        done = {record.id for record in found[-1]}
        left = [record for record in left if record.id not in done]
    return found


def _needs(record: Container) -> set[tuple[str, str]]:
    """`db:service_healthy:true,cache:service_started:false`; itself it does not wait for."""
    names = {part.partition(":")[0].strip() for part in record.label(DEPENDS_ON).split(",")}
    return {(record.project, name) for name in names if name and name != record.service}
