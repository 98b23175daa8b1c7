"""What is typed to run a container, read as `docker run` reads it; what the engine would refuse is told in words."""

from __future__ import annotations

import ipaddress
import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.core.shares import unshared

from .container_actions import NAME, REFERENCE

LEAST_MEMORY = 6 << 20  # of dockerd
_IMAGE = re.compile(rf"{REFERENCE.pattern}(?:@sha256:[0-9a-f]{{64}})?", re.ASCII)
_PORT = re.compile(r"(?:(?:\[([^]]*)\]|([^:[\]]+)):(?=\d*:))?(?:(\d{0,9}):)?(\d{1,9})(?:/(\w+))?", re.ASCII)
_SIZE = re.compile(r"(\d{1,99}(?:\.\d+)?) ?([kmgt]?)(?:i?b)?", re.ASCII | re.IGNORECASE)
_CPUS = re.compile(r"\d{0,99}\.?\d{1,99}", re.ASCII)
_MODES = frozenset(
    {"ro", "rw", "z", "Z", "nocopy", "shared", "rshared", "slave", "rslave", "private", "rprivate"}
)

translate = QCoreApplication.translate


class WrongError(Exception):
    """Its text is for the user, and stands beside the field."""


class Publish(NamedTuple):
    """A port of the container, as `80/tcp`, and where it is to be reached: empty parts are the engine's to choose."""

    inner: str
    address: str
    outer: str

    @property
    def protocol(self) -> str:
        return self.inner.partition("/")[2]


class Mount(NamedTuple):
    """A place in the container, and what is there: a volume's name, a folder of this computer, or nothing named."""

    source: str
    target: str
    mode: str

    @property
    def words(self) -> str:
        return ":".join(part for part in self if part)


def read_name(text: str) -> str:
    if text and not NAME.fullmatch(text):
        words = translate(
            "RunForm", "Names have two or more letters, digits and . _ - and begin with a letter or digit."
        )
        raise WrongError(words)
    return text


def read_image(text: str) -> str:
    if text and not _IMAGE.fullmatch(text.removeprefix("sha256:")):
        raise WrongError(translate("RunForm", "An image is written like nginx:1.27 or registry.example/team/app."))
    return text


def read_ports(text: str) -> tuple[Publish, ...]:
    """One a line: `[address:][host port:]port[/protocol]`."""
    found: list[Publish] = []
    for line in _lines(text):
        publish = _port(line)
        if publish.outer and any(_collide(publish, other) for other in found):
            words = translate("RunForm", "Port %1 of this computer stands there twice.")
            raise WrongError(words.replace("%1", publish.outer))
        found.append(publish)
    return tuple(found)


def read_mounts(text: str, shares: Sequence[str]) -> tuple[Mount, ...]:
    """One a line: `volume:/place`, `/folder:/place` or `/place` alone; the first two with `:ro` if wanted."""
    found: list[Mount] = []
    for line in _lines(text):
        mount = _mount(line, shares)
        if any(other.target == mount.target for other in found):
            words = translate("RunForm", "%1 stands there twice as a place in the container.")
            raise WrongError(words.replace("%1", mount.target))
        found.append(mount)
    return tuple(found)


def read_environment(text: str) -> tuple[str, ...]:
    """One `NAME=value` a line; empty lines and those with a # in front count for nothing, as in a file of them."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, given, value = line.lstrip().partition("=")
        if not line.strip() or name.startswith("#"):
            continue
        if not given or not name or name != name.strip() or "\0" in line:
            raise WrongError(translate("RunForm", "“%1” is not of the form NAME=value.").replace("%1", _short(line)))
        if name in found:
            raise WrongError(translate("RunForm", "%1 stands there twice.").replace("%1", name))
        found[name] = value
    return tuple(f"{name}={value}" for name, value in found.items())


def read_cpus(text: str, most: int) -> int:
    """In billionths of one; 0 where nothing is typed. `most`: how many there are, 0 where that is not known."""
    if not text:
        return 0
    nano = round(float(text) * 1e9) if _CPUS.fullmatch(text) else 0
    if nano < 10_000_000 or (most and nano > most * 1_000_000_000):
        words = translate("RunForm", "A number from 0.01 to %1, the machine's CPUs.") if most else ""
        raise WrongError(words.replace("%1", str(most)) or translate("RunForm", "A number from 0.01 on, such as 1.5."))
    return nano


def read_memory(text: str) -> int:
    """In bytes; 0 where nothing is typed."""
    if not text:
        return 0
    size = _SIZE.fullmatch(text)
    if size is None:
        raise WrongError(translate("RunForm", "A size is written like 512m or 1.5g."))
    amount = int(float(size[1]) * 1024 ** " kmgt".index(size[2].lower() or " "))
    if not LEAST_MEMORY <= amount < 1 << 63:
        raise WrongError(translate("RunForm", "The engine wants at least 6m; a number alone is in bytes."))
    return amount


def read_command(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        raise WrongError(translate("RunForm", "A quotation mark or what follows a \\ is missing.")) from None


def _port(line: str) -> Publish:
    found = _PORT.fullmatch(line)
    if found is None:
        raise WrongError(translate("RunForm", "“%1” is not of the form 8080:80.").replace("%1", _short(line)))
    six, four, outer, inner, protocol = (part or "" for part in found.groups())
    if found[1] is not None or found[2]:
        _check_address(six or four, found[1] is not None)
    for port in filter(None, (inner, outer)):
        if not 1 <= int(port) <= 65535:
            raise WrongError(translate("RunForm", "%1 is no port: those go from 1 to 65535.").replace("%1", port))
    if protocol.lower() not in ("", "tcp", "udp", "sctp"):
        raise WrongError(translate("RunForm", "%1 is none of tcp, udp and sctp.").replace("%1", protocol))
    return Publish(f"{int(inner)}/{protocol.lower() or 'tcp'}", six or four, outer and str(int(outer)))


def _check_address(address: str, is_six: bool) -> None:
    try:
        right = ipaddress.ip_address(address).version == (6 if is_six else 4)
    except ValueError:
        right = False
    if not right:
        words = translate("RunForm", "“%1” is no address, such as 127.0.0.1 or [::1].")
        raise WrongError(words.replace("%1", _short(address)))


def _collide(one: Publish, other: Publish) -> bool:
    same_port = (one.outer, one.protocol) == (other.outer, other.protocol)
    return same_port and same_place(one.address, other.address)


def same_place(one: str, other: str) -> bool:
    """Whether a port at the one address is in the way of that at the other; an empty one is every address."""
    every = ("", "0.0.0.0", "::")
    same_kind = not one or not other or (":" in one) == (":" in other)
    return same_kind and (one == other or one in every or other in every)


def _mount(line: str, shares: Sequence[str]) -> Mount:
    parts = line.split(":")
    if len(parts) > 3 or not all(parts):
        raise WrongError(translate("RunForm", "“%1” is not of the form name:/place.").replace("%1", _short(line)))
    if len(parts) == 1:
        parts.insert(0, "")
    source, target, mode = (*parts, "", "")[:3]
    if not target.startswith("/") or posixpath.normpath(target) in ("/", "//"):
        words = translate("RunForm", "“%1” is no whole path of a folder in the container.")
        raise WrongError(words.replace("%1", _short(target)))
    if not set(mode.split(",")) <= _MODES | {""}:
        words = translate("RunForm", "“%1” is no way to mount: ro is read-only, rw is not.")
        raise WrongError(words.replace("%1", _short(mode)))
    _check_source(source, shares)
    return Mount(source, posixpath.normpath(target), mode)


def _check_source(source: str, shares: Sequence[str]) -> None:
    if source.startswith("/"):
        if unshared([posixpath.normpath(source)], shares):
            words = translate("RunForm", "%1 is in no folder that is shared with the machine; see Settings.")
            raise WrongError(words.replace("%1", _short(source)))
    elif "/" in source or source.startswith((".", "~")):
        words = translate("RunForm", "“%1” is not a whole path; a folder begins with /.")
        raise WrongError(words.replace("%1", _short(source)))
    elif source and not NAME.fullmatch(source):
        words = translate("RunForm", "“%1” is no name of a volume: letters, digits and . _ - are.")
        raise WrongError(words.replace("%1", _short(source)))


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 60 else f"{text[:59]}…"
