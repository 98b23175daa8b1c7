"""What the pretended engine holds: a few stacks that look like somebody's, crowds, and a hostile corpus."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Iterator
from typing import Any

from .containers import Container
from .engine import Engine
from .images import Image, with_tag
from .networks import Network
from .programs import SERVER, program_of
from .volumes import Volume

DAY_S = 86400.0

_IMAGES: tuple[tuple[str, int, float, list[str]], ...] = (
    ("nginx:1.27", 192, 21, ["nginx", "-g", "daemon off;"]),
    ("postgres:16", 432, 35, ["docker-entrypoint.sh", "postgres"]),
    ("redis:7-alpine", 41, 12, ["docker-entrypoint.sh", "redis-server"]),
    ("busybox:latest", 4, 300, ["sh"]),
    ("registry.example.com:5000/team/api:2.4.1", 311, 2, ["./api", "--port", "8000"]),
)
# name, image, port on the host and in the container, compose project, minutes since its start or None
_CONTAINERS: tuple[tuple[str, str, str, str, float | None], ...] = (
    ("shop-web-1", "nginx:1.27", "8080:80", "shop", 190),
    ("shop-api-1", "registry.example.com:5000/team/api:2.4.1", "8000:8000", "shop", 190),
    ("shop-db-1", "postgres:16", ":5432", "shop", 190),
    ("cache", "redis:7-alpine", "6379:6379", "", 12),
    ("old-report", "busybox:latest", "", "", None),
)
# name, MiB, days since it was created, the container that mounts it
_VOLUMES: tuple[tuple[str, int, float, str], ...] = (
    ("shop_db-data", 1310, 35, "shop-db-1"),
    ("cache-data", 24, 12, "cache"),
    ("old-backup", 512, 200, ""),
    ("3f1c9e0d7a52b8e46f90c1d2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6", 3, 90, ""),
)


def id_of(name: str) -> str:
    """The same at each start, so that screens can be compared."""
    return hashlib.sha256(name.encode()).hexdigest()


def fill(engine: Engine, containers: int, images: int) -> None:
    """The usual ones first, then as many plain ones as are asked for."""
    now_s = time.time()
    for tag, size_mib, age_days, command in _IMAGES[: max(images, 0)]:
        created_s = now_s - age_days * DAY_S
        base = "debian" if tag.startswith(("nginx", "postgres")) else ""
        engine.images.add(Image(f"sha256:{id_of(tag)}", [tag], size_mib << 20, created_s, command, base=base))
    for number in range(len(_IMAGES), images):
        engine.images.add(
            Image(f"sha256:{id_of(f'image {number}')}", [f"example/app-{number:04}:1.{number % 7}"], 5 << 20)
        )
    for name, tag, port, project, minutes in _CONTAINERS[: max(containers, 0)]:
        labels = _compose(project, name) if project else {}
        made = put(engine, name, tag, None if minutes is None else now_s - minutes * 60, labels, port)
        talk(made, 40, made.created_s + 1)
    add_many(engine, containers - len(_CONTAINERS))
    if containers > 0:
        _add_volumes_and_networks(engine, now_s)


def _compose(project: str, name: str) -> dict[str, str]:
    """The labels that compose writes, as far as they are read."""
    service = name.removeprefix(f"{project}-").removesuffix("-1")
    needs = {"web": "api:service_started:false", "api": "db:service_healthy:true"}.get(service, "")
    return {
        "com.docker.compose.project": project,
        "com.docker.compose.service": service,
        "com.docker.compose.depends_on": needs,
    }


def _add_volumes_and_networks(engine: Engine, now_s: float) -> None:
    for name, size_mib, age_days, user in _VOLUMES:
        label = {"com.docker.compose.project": "shop"} if name.startswith("shop") else {}
        engine.volumes.add(Volume(name, "local", now_s - age_days * DAY_S, label, size_mib << 20))
        for container in engine.containers:
            if container.name == user:
                container.host_config["Binds"] = [f"{name}:/data"]
    engine.volumes.get("old-backup").files = {"readme.txt": b"kept since May\n", "2026/05/dump.sql": b"-- a dump\n"}
    shop = Network(id_of("shop_default"), "shop_default", "bridge", "172.18.0.0/16", created_s=now_s - 5 * DAY_S)
    shop.labels = {"com.docker.compose.project": "shop", "com.docker.compose.network": "default"}
    engine.networks.add(shop)
    engine.networks.add(Network(id_of("lab"), "lab", "bridge", "10.20.0.0/24", True, created_s=now_s - 40 * DAY_S))
    for container in engine.containers:
        if container.name.startswith("shop-"):
            container.networks = {shop.name: shop.place}


def put(
    engine: Engine, name: str, tag: str, started_s: float | None = None, labels: dict[str, str] | None = None,
    port: str = "", argv: list[str] | None = None,
) -> Container:  # fmt: skip
    """A container that has been there for a while: no events."""
    image = engine.images.find(tag)
    words = argv or (image.command if image and image.command else ["sleep", "infinity"])
    host_port, _, inner = port.partition(":")
    config: dict[str, Any] = {"Image": tag, "Labels": labels or {}}
    host: dict[str, Any] = {"RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0}}
    if inner:
        config["ExposedPorts"] = {f"{inner}/tcp": {}}
    if host_port:
        host["PortBindings"] = {f"{inner}/tcp": [{"HostIp": "", "HostPort": host_port}]}
    program = program_of(words) or SERVER
    container = Container(id_of(name), name, tag, image.id if image else "", words, program, config, host)
    container.created_s = (started_s or time.time() - 3 * DAY_S) - 1
    engine.containers.add(container)
    if started_s is None:
        container.state, container.finished_s = "exited", container.created_s + 5
    else:
        engine.containers.revive(container, started_s)
    return container


def add_many(engine: Engine, count: int) -> None:
    """A crowd; one in three rests."""
    now_s = time.time()
    begin = len(engine.containers)
    for number in range(begin, begin + max(count, 0)):
        age_s = 60.0 + number * 37 % 400_000
        project = f"project-{number % 40}" if number % 4 else ""
        labels = {"com.docker.compose.project": project} if project else {}
        put(engine, f"app-{number:05}", "busybox:latest", now_s - age_s if number % 3 else None, labels)


def add_hostile(engine: Engine) -> None:
    """Text from outside at its worst: in images' names, commands, labels and, where a real engine would not, names."""
    for number, text in enumerate(HOSTILE):
        name = text if number % 2 else f"hostile-{number}"
        engine.images.add(Image(f"sha256:{id_of(f'hostile {number}')}", [with_tag(text)], 1 << 20))
        put(engine, name, text, time.time() - 60, {"note": text, text: "as a key"}, argv=["sleep", text])


def add_states(engine: Engine) -> None:
    """One container in each state, and one in a state that no engine of today has."""
    now_s = time.time()
    for state in ("created", "running", "paused", "restarting", "removing", "exited", "dead", "dreaming"):
        container = put(engine, f"is-{state}", "busybox:latest", now_s - 3600)
        container.host_config = {}  # so that it stays as it is
        container.state, container.exit_code = state, 1 if state in ("restarting", "exited") else 0
        container.finished_s = now_s - 30
    for health in ("starting", "healthy", "unhealthy"):
        put(engine, f"is-{health}", "busybox:latest", now_s - 3600).health = health


HOSTILE = (
    "<h1>BIG</h1>",
    "<img src=file:///etc/hostname>",
    "<a href=https://example.com>ok</a>",
    "name <b>x</b>",
    "&lt;b&gt; & a&b &&",
    "%s%n%1 {0} %(x)s",
    "\x1b]0;title\x07\x1b[31mred\x1b[2J",
    "\u202egnp.exe",
    "two\nlines\r\nand\ttabs",
    "nul\0byte",
    "$(reboot);`id`|rm -rf ~ 'x\" -rf --help",
    "L" * 65536,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f9ff",
    "e" + "\u0301" * 2000,
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "İstanbul ıI ﬀ \ufdd0",
    "../../etc/passwd",
    "   ",
)

_TALK = (
    (1, b'172.17.0.1 - - "GET / HTTP/1.1" 200 615 "-" "Mozilla/5.0"\n'),
    (1, b"\x1b[32mINFO\x1b[0m  listening on 0.0.0.0:8000\n"),
    (1, b"\x1b[36mDEBUG\x1b[0m cache hit for /api/products?page=2 in 3 ms\n"),
    (2, b"\x1b[33mWARN\x1b[0m  slow query (812 ms): SELECT * FROM orders WHERE customer_id = 4711\n"),
    (1, b'172.17.0.1 - - "GET /static/app.js HTTP/1.1" 304 0 "http://localhost:8080/" "Mozilla/5.0"\n'),
    (1, "\x1b[32mINFO\x1b[0m  Bestellung für Zoë bezahlt ✓ 订单已付款\n".encode()),
    (2, b"\x1b[1;31mERROR\x1b[0m upstream timed out (110: Connection timed out) while reading response header\n"),
)  # fmt: skip


def talk(container: Container, lines: int, since_s: float) -> None:
    """A past of so many lines."""
    for number in range(lines):
        source, text = _TALK[number % len(_TALK)]
        container.output.write(text, source, since_s + number * 1.37)


def chatter(per_second: float) -> Iterator[tuple[float, int, bytes]]:
    """For how long to wait after it, the stream, and what is written."""
    for source, text in itertools.cycle(_TALK):
        yield 1 / per_second, source, text


def flood(mb_per_second: float) -> Iterator[tuple[float, int, bytes]]:
    """Lines without an end, each with its number."""
    for number in itertools.count():
        lines = (b"%09d %s\n" % (number * 500 + line, b"x" * 189) for line in range(500))
        yield 0.1 / mb_per_second, 1, b"".join(lines)
