"""What the containers table shows."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop.core.engine import ON_PURPOSE, Container, Port

from . import words
from .column import Column, natural
from .record_rows import Grouping
from .record_table import RecordTableModel

_ANY_ADDRESS = ("", "0.0.0.0", "::")
_LOOPBACK = "127.0.0.1"
_HTTPS_PORTS = (443, 8443)
_STOPPED = (None, *ON_PURPOSE, 137)
"""Codes of a calm end. SIGKILL among them, which `docker stop` sends at last; not where memory was wanting."""
_WORST_FIRST = ("failed", "warning", "moving", "running", "paused", "stopped")
_STATES: dict[str, Callable[[], str]] = {
    "created": lambda: QCoreApplication.translate("Containers", "Created"),
    "running": lambda: QCoreApplication.translate("Containers", "Running"),
    "paused": lambda: QCoreApplication.translate("Containers", "Paused"),
    "restarting": lambda: QCoreApplication.translate("Containers", "Restarting"),
    "removing": lambda: QCoreApplication.translate("Containers", "Removing"),
    "exited": lambda: QCoreApplication.translate("Containers", "Exited"),
    "dead": lambda: QCoreApplication.translate("Containers", "Dead"),
}
"""Translated one at a time: a filter by status asks for ten thousand at once."""
_STATE_ORDER = ("running", "restarting", "paused", "removing", "created", "exited", "dead")


def containers_model(parent: QObject | None = None) -> RecordTableModel[Container]:
    return RecordTableModel(
        container_columns(), lambda record: record.id, _words, parent, container_fields(), container_grouping()
    )


def container_fields() -> dict[str, Callable[[Container], str]]:
    """What the filter can ask for by name, as in `status:running`."""
    return {
        "name": lambda c: c.name,
        "image": lambda c: f"{c.image}\n{c.image_id}",
        "status": lambda c: f"{c.state}\n{state_words(c)}\n{c.status}",
        "label": lambda c: "\n".join(f"{key}={value}" for key, value in c.labels),
        "project": lambda c: c.project,
        "port": ports_words,
        "id": lambda c: c.id,
    }


def container_grouping() -> Grouping[Container]:
    """By the compose project, which compose writes into the labels."""
    return Grouping(lambda c: c.project, _group_words, _group_mark, natural)


def _group_words(name: str, records: Sequence[Container], key: str) -> str:
    if key == "name":
        return name or QCoreApplication.translate("Containers", "No project")
    if key == "state":
        return running_words(records)
    if key == "cpu":
        return words.percent(_sum(record.cpu_percent for record in records))
    if key == "memory":
        found = _sum(record.memory_bytes for record in records)
        return words.memory(None if found is None else int(found))
    return ""


def running_words(records: Sequence[Container]) -> str:
    running = sum(record.state == "running" for record in records)
    words = QCoreApplication.translate("Containers", "%1 of %2 running")
    return words.replace("%1", QLocale().toString(running)).replace("%2", QLocale().toString(len(records)))


def _group_mark(records: Sequence[Container], key: str) -> str | None:
    return worst_mark(records) if key == "state" else None


def worst_mark(records: Sequence[Container]) -> str:
    """That of the state that wants eyes most."""
    marks = {state_mark(record) for record in records}
    return next((mark for mark in _WORST_FIRST if mark in marks), "unknown")


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def container_columns() -> tuple[Column[Container], ...]:
    translate = QCoreApplication.translate
    return (
        Column(
            "name", translate("Containers", "Name"), lambda c: c.name, lambda c: natural(c.name),
            190, stretch=3, mark=lambda c: "warning" if c.unshared else "", hint=_name_hint,
        ),
        Column(
            "image", translate("Containers", "Image"), image_words, lambda c: natural(image_words(c)),
            180, stretch=3, hint=lambda c: f"{c.image}\n{c.image_id}".strip(),
        ),
        Column(
            "state", translate("Containers", "State"), state_words, _state_order,
            136, mark=state_mark, hint=_state_hint,
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
        if container.out_of_memory:
            return QCoreApplication.translate("Containers", "Out of memory")
        code = container.exit_code
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
        calm = container.exit_code in _STOPPED and not container.out_of_memory
        return "stopped" if calm else "failed"
    return {"paused": "paused", "created": "stopped", "dead": "failed"}.get(container.state, "unknown")


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


def _state_hint(container: Container) -> str:
    """With what it wrote before it ended badly."""
    killed = QCoreApplication.translate("Containers", "Killed: out of memory") if container.out_of_memory else ""
    lines = container.end.last_lines if container.end is not None else ()
    return "\n".join(part for part in (killed, container.status, *lines) if part)


def _name_hint(container: Container) -> str:
    parts = (container.name, container.id, container.command, unshared_words(container))
    return "\n".join(part for part in parts if part)


def unshared_words(container: Container) -> str:
    """What of this computer the container was given and does not see; empty where that is nothing."""
    if not container.unshared:
        return ""
    text = QCoreApplication.translate("Containers", "Not in a shared folder: %1. The container sees the machine's own folder there instead, usually an empty one.")  # noqa: E501
    return text.replace("%1", ", ".join(container.unshared))


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
    known = _STATES.get(state)
    return known() if known else state


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
        "signalling": translate("Containers", "Signalling…"),
        "renaming": translate("Containers", "Renaming…"),
        "committing": translate("Containers", "Committing…"),
    }
    return known.get(busy, f"{busy}…")
