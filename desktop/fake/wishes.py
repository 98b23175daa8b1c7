"""What dockerd refuses of a wish for a container, in its words, before anything is made."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from .http import ApiError

CPUS = 2
LEAST_MEMORY = 6 << 20
_VOLUME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")
_POLICIES = ("", "no", "always", "on-failure", "unless-stopped")
_MODES = {"ro", "rw", "z", "Z", "nocopy", "shared", "rshared", "slave", "rslave", "private", "rprivate"}


class _Wish(msgspec.Struct):
    """The types of what is read of a wish for a container."""

    Image: str = ""
    Cmd: list[str] | None = None
    Entrypoint: list[str] | None = None
    Labels: dict[str, str] | None = None
    ExposedPorts: dict[str, Any] | None = None
    Volumes: dict[str, Any] | None = None
    HostConfig: dict[str, Any] | None = None


def check_wish(body: dict[str, Any]) -> None:
    try:
        msgspec.convert(body, _Wish)
    except msgspec.ValidationError as error:
        raise ApiError(400, f"invalid JSON: {error}") from error
    host = body.get("HostConfig") or {}
    _check_limits(host)
    _check_policy(host)
    _check_ports(host)
    targets = [_target(bind) for bind in host.get("Binds") or ()]
    for target in targets:
        if targets.count(target) > 1:
            raise ApiError(400, f"Duplicate mount point: {target}")


def _check_limits(host: dict[str, Any]) -> None:
    if not 0 <= (host.get("NanoCpus") or 0) <= CPUS * 10**9:
        raise ApiError(
            400, f"range of CPUs is from 0.01 to {CPUS}.00, as there are only {CPUS} CPUs available"
        )
    if 0 < (host.get("Memory") or 0) < LEAST_MEMORY:
        raise ApiError(400, "Minimum memory limit allowed is 6MB")


def _check_policy(host: dict[str, Any]) -> None:
    name = (host.get("RestartPolicy") or {}).get("Name", "")
    if name not in _POLICIES:
        known = "'no', 'always', 'on-failure', or 'unless-stopped'"
        raise ApiError(400, f"invalid restart policy: unknown policy '{name}'; use one of {known}")


def _check_ports(host: dict[str, Any]) -> None:
    for binds in (host.get("PortBindings") or {}).values():
        for bind in binds or ():
            port = bind.get("HostPort") or "0"
            if not port.isdigit() or int(port) > 65535:
                raise ApiError(400, f'invalid port specification: "{port}"')


def _target(bind: str) -> str:
    """Where it is mounted."""
    source, _, rest = bind.partition(":")
    target, _, mode = rest.partition(":")
    if not source.startswith("/") and not _VOLUME.fullmatch(source):
        raise ApiError(
            400,
            f'create {source}: "{source}" includes invalid characters for a local volume name, only '
            '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
        )
    if len(source) < 2:
        raise ApiError(
            400,
            f"create {source}: volume name is too short, names should be at least two alphanumeric characters",
        )
    if not target.startswith("/"):
        raise ApiError(
            500,
            f"invalid volume specification: '{bind}': invalid mount config for type \"volume\": invalid mount path: "
            f"'{target}' mount path must be absolute",
        )
    if mode and not set(mode.split(",")) <= _MODES:
        raise ApiError(500, f"invalid mode: {mode}")
    return target
