"""The `docker run` line that makes a container like one that there is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from desktop.engine.json_values import mapping as _mapping
from desktop.engine.json_values import sequence as _sequence
from desktop.engine.json_values import text as _text
from desktop.engine.json_values import whole as _whole

_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\x9f'\\]")
_USUAL_NETWORKS = ("", "default", "bridge")


def run_line(facts: Any, image: Any) -> str:
    """From `GET /containers/…/json` and that of its image, which says what goes without saying."""
    about, given = _mapping(facts), _mapping(_mapping(image).get("Config"))
    config, host = _mapping(about.get("Config")), _mapping(about.get("HostConfig"))
    words = ["docker", "run", *_running(config, host)]
    words += ["--name", name] if (name := _text(about.get("Name")).removeprefix("/")) else []
    words += [*_ports(host), *_mounts(config, given, host), *_environment(config, given)]
    words += [*_network(host), *_limits(host), *_labels(config, given), *_entry(config, given)]
    words.append(_text(config.get("Image")))
    words += _after_image(config, given)
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """For a shell. A terminal into which it is pasted would obey control characters, within quotation marks too: bash
    and its like have a form for them."""
    if _OBEYED.search(word) is None:
        return shlex.quote(word)
    return "$'" + _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", word) + "'"


def _running(config: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[str]:
    if config.get("Tty") and config.get("OpenStdin"):
        yield "-it" if config.get("AttachStdin") else "-dit"
    else:
        yield "-d"
        if config.get("Tty"):
            yield "-t"
        if config.get("OpenStdin"):
            yield "-i"
    if host.get("AutoRemove"):
        yield "--rm"
    if host.get("Privileged"):
        yield "--privileged"
    if host.get("ReadonlyRootfs"):
        yield "--read-only"
    if user := _text(config.get("User")):
        yield from ("--user", user)
    policy = _mapping(host.get("RestartPolicy"))
    name, times = _text(policy.get("Name")), policy.get("MaximumRetryCount")
    if name and name != "no":
        yield from ("--restart", f"{name}:{times}" if name == "on-failure" and times else name)


def _ports(host: Mapping[str, Any]) -> Iterator[str]:
    for inner, bindings in sorted(_mapping(host.get("PortBindings")).items()):
        for binding in map(_mapping, _sequence(bindings)):
            ip, outer = _text(binding.get("HostIp")), _text(binding.get("HostPort"))
            address = f"[{ip}]:" if ":" in ip else f"{ip}:" if ip else ""
            published = f"{address}{outer}:" if outer or address else ""
            yield from ("-p", f"{published}{inner.removesuffix('/tcp')}")


def _mounts(config: Mapping[str, Any], given: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[str]:
    named = {_text(bind).partition(":")[2].partition(":")[0] for bind in _sequence(host.get("Binds"))}
    named |= {_text(_mapping(mount).get("Target")) for mount in _sequence(host.get("Mounts"))}
    for target in _mapping(config.get("Volumes")):
        if target not in named and target not in _mapping(given.get("Volumes")):
            yield from ("-v", target)
    for bind in _sequence(host.get("Binds")):
        yield from ("-v", _text(bind))
    for mount in map(_mapping, _sequence(host.get("Mounts"))):
        parts = [f"type={_text(mount.get('Type'))}"]
        parts += [f"source={source}"] if (source := _text(mount.get("Source"))) else []
        parts += [f"target={_text(mount.get('Target'))}"] + (["readonly"] if mount.get("ReadOnly") else [])
        yield from ("--mount", ",".join(parts))


def _environment(config: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    usual = _sequence(given.get("Env"))
    for entry in _sequence(config.get("Env")):
        if entry not in usual:
            yield from ("-e", _text(entry))


def _network(host: Mapping[str, Any]) -> Iterator[str]:
    mode = _text(host.get("NetworkMode"))
    if mode not in _USUAL_NETWORKS:
        yield from ("--network", mode)


def _limits(host: Mapping[str, Any]) -> Iterator[str]:
    if memory := _whole(host.get("Memory")):
        yield from ("--memory", _size(memory))
    if nano := _whole(host.get("NanoCpus")):
        yield from ("--cpus", f"{nano / 1e9:g}")
    for capability in _sequence(host.get("CapAdd")):
        yield from ("--cap-add", _text(capability))
    for capability in _sequence(host.get("CapDrop")):
        yield from ("--cap-drop", _text(capability))


def _size(amount: int) -> str:
    """In the largest unit that needs no fraction."""
    for unit, bits in (("g", 30), ("m", 20), ("k", 10)):
        if not amount % (1 << bits):
            return f"{amount >> bits}{unit}"
    return str(amount)


def _labels(config: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """Those of compose are left out: a container made by hand is none of a project."""
    usual = _mapping(given.get("Labels"))
    for key, value in sorted(_mapping(config.get("Labels")).items()):
        if usual.get(key) != value and not key.startswith("com.docker.compose."):
            yield from ("--label", f"{key}={_text(value)}")


def _entry(config: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    if directory := _text(config.get("WorkingDir")):
        if directory != given.get("WorkingDir"):
            yield from ("--workdir", directory)
    if _own_entry(config, given):
        yield from ("--entrypoint", _text(_sequence(config.get("Entrypoint"))[0]))


def _after_image(config: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """The rest of an entry point of its own stands before the command."""
    own = _own_entry(config, given)
    rest = list(map(_text, _sequence(config.get("Entrypoint"))))[1:] if own else []
    command = list(map(_text, _sequence(config.get("Cmd"))))
    return rest + (command if own or command != list(map(_text, _sequence(given.get("Cmd")))) else [])


def _own_entry(config: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    entry = _sequence(config.get("Entrypoint"))
    return bool(entry) and list(entry) != list(_sequence(given.get("Entrypoint")))
