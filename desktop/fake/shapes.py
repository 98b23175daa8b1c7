"""JSON as dockerd writes it, made of the records in memory."""

from __future__ import annotations

import json
import shlex
import time
from datetime import UTC, datetime
from typing import Any

from . import words
from .containers import Container, Containers
from .images import Image, Images
from .wishes import CPUS

ENGINE_VERSION = "28.5.2"
MIN_API_VERSION = "1.24"
KERNEL = "6.12.48+deb13-amd64"
MEMORY_BYTES = 2048 << 20

Shape = dict[str, Any]


def version(api_version: str) -> Shape:
    details = {
        "ApiVersion": api_version,
        "Arch": "amd64",
        "Experimental": "false",
        "GitCommit": "fake",
        "GoVersion": "go1.24",
        "KernelVersion": KERNEL,
        "MinAPIVersion": MIN_API_VERSION,
        "Os": "linux",
    }
    return {
        "Platform": {"Name": "Moorage fake"},
        "Components": [{"Name": "Engine", "Version": ENGINE_VERSION, "Details": details}],
        "Version": ENGINE_VERSION,
        "ApiVersion": api_version,
        "MinAPIVersion": MIN_API_VERSION,
        "GitCommit": "fake",
        "GoVersion": "go1.24",
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": KERNEL,
    }


def info(containers: Containers, images: Images) -> Shape:
    states = [item.state for item in containers]
    paused = states.count("paused")
    running = states.count("running") + states.count("restarting") + paused
    return {
        "ID": "fake-engine",
        "Containers": len(states),
        "ContainersRunning": running - paused,
        "ContainersPaused": paused,
        "ContainersStopped": len(states) - running,
        "Images": len(images),
        "Driver": "overlay2",
        "DriverStatus": [["Backing Filesystem", "extfs"]],
        "Plugins": {"Volume": ["local"], "Network": ["bridge", "host", "null"], "Log": ["json-file"]},
        "MemoryLimit": True,
        "SystemTime": rfc3339(time.time()),
        "LoggingDriver": "json-file",
        "CgroupDriver": "cgroupfs",
        "CgroupVersion": "2",
        "KernelVersion": KERNEL,
        "OperatingSystem": "Moorage guest (fake)",
        "OSType": "linux",
        "Architecture": "x86_64",
        "IndexServerAddress": "https://index.docker.io/v1/",
        "NCPU": CPUS,
        "MemTotal": MEMORY_BYTES,
        "DockerRootDir": "/data/docker",
        "Name": "moorage",
        "Labels": [],
        "ServerVersion": ENGINE_VERSION,
        "Runtimes": {"runc": {"path": "runc"}},
        "DefaultRuntime": "runc",
        "Swarm": {"LocalNodeState": "inactive"},
        "SecurityOptions": ["name=seccomp,profile=builtin"],
        "Warnings": None,
    }


def container_row(container: Container, now_s: float) -> Shape:
    """One element of /containers/json."""
    state = container.listed_state or container.state
    return {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": container.image,
        "ImageID": container.image_id,
        "Command": _command(container.argv),
        "Created": int(container.created_s),
        "Ports": port_rows(container),
        "Labels": container.labels,
        "State": state,
        "Status": words.state(
            state, container.exit_code, container.started_s, container.finished_s, now_s
        ) + (f" ({_HEALTH.get(container.health, container.health)})" if container.health else ""),
        "HostConfig": {"NetworkMode": "bridge"},
        "NetworkSettings": {"Networks": _endpoints(container)},
        "Mounts": _mounts(container),
    }  # fmt: skip


def port_rows(container: Container) -> list[Shape]:
    if not container.running:
        return []
    rows: list[Shape] = []
    exposed = {**(container.config.get("ExposedPorts") or {}), **container.ports}
    for port in exposed:
        number, _, protocol = port.partition("/")
        plain = {"PrivatePort": int(number), "Type": protocol or "tcp"}
        binds = container.ports.get(port)
        rows += [{"IP": b["HostIp"], **plain, "PublicPort": int(b["HostPort"])} for b in binds] if binds else [plain]
    return rows


def container_detail(container: Container, image: Image | None) -> Shape:
    """/containers/ID/json."""
    state = container.state
    host = {"NetworkMode": "bridge", "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, **container.host_config}
    config = {
        "Hostname": container.id[:12],
        "Env": [],
        "Cmd": container.argv,
        "Tty": False,
        "OpenStdin": False,
        **container.config,
        "Labels": container.labels,
    }
    for key in ("HostConfig", "NetworkingConfig"):
        config.pop(key, None)
    return {
        "Id": container.id,
        "Created": rfc3339(container.created_s),
        "Path": container.argv[0],
        "Args": container.argv[1:],
        "State": {
            "Status": state,
            "Running": container.running,
            "Paused": state == "paused",
            "Restarting": state == "restarting",
            "OOMKilled": container.ran_out_of_memory,
            "Dead": state == "dead",
            "Pid": container.pid,
            "ExitCode": container.exit_code,
            "Error": container.error,
            "StartedAt": rfc3339(container.started_s),
            "FinishedAt": rfc3339(container.finished_s),
        },
        "Image": image.id if image else container.image_id,
        "Name": f"/{container.name}",
        "RestartCount": container.restarts,
        "Driver": "overlay2",
        "Platform": "linux",
        "HostConfig": host,
        "Mounts": _mounts(container),
        "Config": config,
        "NetworkSettings": {
            "Ports": {port: binds or None for port, binds in container.ports.items()},
            "IPAddress": container.address,
            "Networks": _endpoints(container),
        },
    }


def image_row(image: Image, containers: int, shared_bytes: int = -1) -> Shape:
    """One element of /images/json."""
    return {
        "Containers": containers,
        "Created": int(image.created_s),
        "Id": image.id,
        "Labels": image.labels or None,
        "ParentId": "",
        "RepoDigests": [],
        "RepoTags": image.tags,
        "SharedSize": shared_bytes,
        "Size": image.size_bytes,
    }


def image_detail(image: Image) -> Shape:
    """/images/NAME/json."""
    return {
        "Id": image.id,
        "RepoTags": image.tags,
        "RepoDigests": [],
        "Parent": "",
        "Comment": image.comment,
        "Created": rfc3339(image.created_s),
        "DockerVersion": ENGINE_VERSION,
        "Author": "",
        "Config": {"Cmd": image.command or None, "Labels": image.labels or None, "Env": None},
        "Architecture": "amd64",
        "Os": "linux",
        "Size": image.size_bytes,
        "GraphDriver": {"Data": None, "Name": "overlay2"},
        "RootFS": {"Type": "layers", "Layers": [image.id]},
        "Metadata": {"LastTagTime": rfc3339(image.created_s)},
    }


def stats(container: Container, now_s: float, before_s: float | None, is_alone: bool = False) -> Shape:
    """One sample of a container; `before_s` is when the one before it was taken."""
    named = {"name": f"/{container.name}", "id": container.id}
    return {
        **({} if is_alone and container.running else named),
        "read": rfc3339(now_s if container.running else 0.0),
        "preread": rfc3339(before_s or 0.0),
        "pids_stats": {"current": 3} if container.running else {},
        "blkio_stats": {"io_service_bytes_recursive": _block(container, now_s)},
        "num_procs": 0,
        "storage_stats": {},
        "cpu_stats": _cpu(container, now_s),
        "precpu_stats": _cpu(container, before_s),
        "memory_stats": _memory(container),
        **({"networks": {"eth0": _network(container, now_s)}} if container.running else {}),
    }


def load_of(container: Container) -> float:
    """How busy a container is, in cores: small, its own, always the same."""
    return int(container.id[:4], 16) / 0xFFFF * 0.4


def _cpu(container: Container, moment_s: float | None) -> Shape:
    if moment_s is None or not container.running:
        used = {"total_usage": 0, "usage_in_kernelmode": 0, "usage_in_usermode": 0}
        return {"cpu_usage": used, "throttling_data": _NO_THROTTLING}
    busy_ns = int((moment_s - container.started_s) * load_of(container) * 1e9)
    used = {"total_usage": busy_ns, "usage_in_kernelmode": busy_ns // 4, "usage_in_usermode": busy_ns - busy_ns // 4}
    system_ns = int(moment_s * CPUS * 1e9)
    return {"cpu_usage": used, "system_cpu_usage": system_ns, "online_cpus": CPUS, "throttling_data": _NO_THROTTLING}


def _network(container: Container, moment_s: float) -> Shape:
    passed_s = max(0.0, moment_s - container.started_s)
    received, sent = int(passed_s * load_of(container) * 90_000), int(passed_s * load_of(container) * 240_000)
    return {
        "rx_bytes": 1202 + received, "rx_packets": 14 + received // 900,
        "tx_bytes": 126 + sent, "tx_packets": 3 + sent // 900,
    }  # fmt: skip


def _block(container: Container, moment_s: float) -> list[Shape] | None:
    if not container.running:
        return None
    written = int(max(0.0, moment_s - container.started_s) * load_of(container) * 30_000)
    amounts = (("read", 4 << 20), ("write", written))
    return [{"major": 252, "minor": 0, "op": op, "value": amount} for op, amount in amounts]


def _memory(container: Container) -> Shape:
    if not container.running:
        return {}
    used = (4 + int(container.id[4:8], 16) % 180) << 20
    return {"usage": used + (2 << 20), "limit": MEMORY_BYTES, "stats": {"inactive_file": 2 << 20, "anon": used}}


_NO_THROTTLING = {"periods": 0, "throttled_periods": 0, "throttled_time": 0}
_HEALTH = {"starting": "health: starting"}


def _command(argv: list[str]) -> str:
    """Words joined as dockerd does: one that needs it is quoted."""
    return " ".join(shlex.quote(word) if any(c.isspace() for c in word) else word for word in argv)


def _mounts(container: Container) -> list[Shape]:
    binds = [bind.split(":") for bind in container.host_config.get("Binds") or () if bind.startswith("/")]
    return [
        *({"Type": "bind", "Source": source, "Destination": place} for source, place, *_ in binds),
        *({
            "Type": "volume", "Name": name, "Source": f"/data/docker/volumes/{name}/_data", "Destination": target,
            "Driver": "local", "RW": True,
        } for name, target in container.mounts),
    ]  # fmt: skip


def _endpoints(container: Container) -> dict[str, Shape]:
    """Its places, each with an address of its own network while it runs."""
    addressed = bool(container.address)
    return {
        name: {
            "NetworkID": place.network_id,
            "Gateway": f"{place.prefix}.0.1" if addressed and place.prefix else "",
            "IPAddress": container.address.replace("172.17", place.prefix, 1) if place.prefix else "",
            "IPPrefixLen": 16 if addressed and place.prefix else 0,
        }
        for name, place in container.networks.items()
    }


def rfc3339(moment_s: float) -> str:
    if not moment_s:
        return "0001-01-01T00:00:00Z"
    return datetime.fromtimestamp(moment_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def history(image: Image) -> list[dict[str, Any]]:
    """Its layers, the newest first: what it runs, which takes no room, and what it holds."""
    layer = {"Created": int(image.created_s), "Comment": image.comment}
    top = f"CMD {json.dumps(image.command)}" if image.command else ""
    return [
        {**layer, "Id": image.id, "CreatedBy": top, "Size": 0 if top else image.size_bytes, "Tags": image.tags or None},
        *([{**layer, "Id": "<missing>", "CreatedBy": "ADD rootfs.tar /", "Size": image.size_bytes, "Tags": None}]
          if top else []),
    ]  # fmt: skip
