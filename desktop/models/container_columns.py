"""What the containers table shows."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QCoreApplication, QObject

from desktop.core.engine import Container, Port

from . import words
from .column import Column, natural
from .record_table import RecordTableModel

_EXIT_CODE = re.compile(r"\((-?\d+)\)")
_ANY_ADDRESS = ("", "0.0.0.0", "::")
_LOOPBACK = "127.0.0.1"
_HTTPS_PORTS = (443, 8443)
_STOPPED_ON_PURPOSE = (0, 130, 137, 143)  # and SIGINT, SIGKILL, SIGTERM, which `docker stop` and C-c send
_STATE_ORDER = ("running", "restarting", "paused", "removing", "created", "exited", "dead")


def containers_model(parent: QObject | None = None) -> RecordTableModel[Container]:
    return RecordTableModel(container_columns(), lambda record: record.id, _words, parent)


def container_columns() -> tuple[Column[Container], ...]:
    translate = QCoreApplication.translate
    return (
        Column(
            "name", translate("Containers", "Name"), lambda c: c.name, lambda c: natural(c.name),
            190, stretch=3, hint=_name_hint,
        ),
        Column(
            "image", translate("Containers", "Image"), image_words, lambda c: natural(image_words(c)),
            180, stretch=3, hint=lambda c: f"{c.image}\n{c.image_id}".strip(),
        ),
        Column(
            "state", translate("Containers", "State"), state_words, _state_order,
            136, mark=state_mark, hint=lambda c: c.status,
        ),
        Column(
            "ports", translate("Containers", "Ports"), ports_words, _ports_order,
            180, stretch=2, hint=lambda c: "\n".join(port_words(port) for port in c.ports), links=links_of,
        ),
        Column(
            "cpu", translate("Containers", "CPU"), lambda c: words.percent(c.cpu_percent),
            lambda c: -1.0 if c.cpu_percent is None else c.cpu_percent, 80, right=True,
        ),
        Column(
            "memory", translate("Containers", "Memory"), lambda c: words.memory(c.memory_bytes),
            lambda c: -1 if c.memory_bytes is None else c.memory_bytes, 96, right=True,
        ),
        Column(
            "age", translate("Containers", "Age"), lambda c: words.age(c.created_s), lambda c: -c.created_s,
            96, right=True, ages=True, hint=lambda c: words.moment(c.created_s),
        ),
    )  # fmt: skip


def image_words(container: Container) -> str:
    """The image's name, or a short id where its tag went to another image."""
    return words.short_id(container.image) if container.image.startswith("sha256:") else container.image


def state_words(container: Container) -> str:
    """The state, or what is under way."""
    if container.busy:
        return _busy_words(container.busy)
    known = known_state(container.state)
    if container.state == "exited":
        code = exit_code(container)
        return known if code is None else f"{known} ({code})"
    if container.state == "running" and "(unhealthy)" in container.status:
        return QCoreApplication.translate("Containers", "Unhealthy")
    return known


def state_mark(container: Container) -> str:
    """A shape for the state, so that it is not told by words and colour alone."""
    if container.busy or container.state in ("restarting", "removing"):
        return "moving"
    if container.state == "running":
        return "warning" if "(unhealthy)" in container.status else "running"
    if container.state == "exited":
        return "stopped" if exit_code(container) in (None, *_STOPPED_ON_PURPOSE) else "failed"
    return {"paused": "paused", "created": "stopped", "dead": "failed"}.get(container.state, "unknown")


def exit_code(container: Container) -> int | None:
    found = _EXIT_CODE.search(container.status)
    return int(found[1]) if found else None


def ports_words(container: Container) -> str:
    """Published ports first: these are the ones that a browser can open."""
    published = _merged([port for port in container.ports if port.host_port])
    inner = sorted({f"{p.container_port}/{p.protocol}" for p in container.ports if not p.host_port}, key=natural)
    return ", ".join([*published, *inner])


def port_words(port: Port) -> str:
    inner = f"{port.container_port}/{port.protocol}"
    if not port.host_port:
        return inner
    address = "" if port.host_ip in _ANY_ADDRESS else f"{_bracketed(port.host_ip)}:"
    return f"{address}{port.host_port}→{inner}"


def links_of(container: Container) -> tuple[str, ...]:
    """What a browser can open of it: each published TCP port once, on the loopback where it has no address."""
    found: dict[str, None] = {}
    for port in sorted(container.ports, key=lambda port: port.host_port):
        if not port.host_port or port.protocol != "tcp":
            continue
        address = _LOOPBACK if port.host_ip in _ANY_ADDRESS else port.host_ip
        scheme = "https" if port.container_port in _HTTPS_PORTS else "http"
        if _is_address(address):
            found[f"{scheme}://{_bracketed(address)}:{port.host_port}/"] = None
    return tuple(found)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _merged(ports: list[Port]) -> Iterator[str]:
    """One text for IPv4 and IPv6 alike, one for a row of neighbours: `8000-8009→8000-8009/tcp`."""
    addresses = {(p.host_ip if p.host_ip not in _ANY_ADDRESS else "", p.protocol, p.host_port, p.container_port)
                 for p in ports}  # fmt: skip
    runs: list[list[tuple[str, str, int, int]]] = []
    for entry in sorted(addresses):
        ip, protocol, outer, inner = entry
        if runs and runs[-1][-1] == (ip, protocol, outer - 1, inner - 1):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    for run in runs:
        (ip, protocol, outer, inner), (_, _, outer_end, inner_end) = run[0], run[-1]
        address = f"{_bracketed(ip)}:" if ip else ""
        span = f"{outer}→{inner}" if len(run) == 1 else f"{outer}-{outer_end}→{inner}-{inner_end}"
        yield f"{address}{span}/{protocol}"


def _bracketed(ip: str) -> str:
    return f"[{ip}]" if ":" in ip else ip


def _ports_order(container: Container) -> tuple[int, int]:
    outer = min((port.host_port for port in container.ports if port.host_port), default=1 << 17)
    return outer, min((port.container_port for port in container.ports), default=1 << 17)


def _state_order(container: Container) -> int:
    return _STATE_ORDER.index(container.state) if container.state in _STATE_ORDER else len(_STATE_ORDER)


def _name_hint(container: Container) -> str:
    return "\n".join(part for part in (container.name, container.id, container.command) if part)


def _words(container: Container) -> Iterable[str]:
    yield container.name
    yield container.image
    yield container.id
    yield container.state
    yield from (str(port.host_port) for port in container.ports if port.host_port)
    if project := container.project:
        yield project


def known_state(state: str) -> str:
    """The engine's name for a state in the user's language."""
    translate = QCoreApplication.translate
    known = {
        "created": translate("Containers", "Created"),
        "running": translate("Containers", "Running"),
        "paused": translate("Containers", "Paused"),
        "restarting": translate("Containers", "Restarting"),
        "removing": translate("Containers", "Removing"),
        "exited": translate("Containers", "Exited"),
        "dead": translate("Containers", "Dead"),
    }
    return known.get(state, state)


def _busy_words(busy: str) -> str:
    translate = QCoreApplication.translate
    known = {
        "starting": translate("Containers", "Starting…"),
        "stopping": translate("Containers", "Stopping…"),
        "restarting": translate("Containers", "Restarting…"),
        "killing": translate("Containers", "Killing…"),
        "pausing": translate("Containers", "Pausing…"),
        "resuming": translate("Containers", "Resuming…"),
        "removing": translate("Containers", "Removing…"),
    }
    return known.get(busy, f"{busy}…")
