"""Settings of the app and of a machine: records, limits, and reading their TOML files."""

from __future__ import annotations

import json
import os
import re
import time
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import msgspec.inspect
from msgspec import Meta
from msgspec.structs import fields

from .errors import SettingsError


class Accelerator(StrEnum):
    AUTO = "auto"
    KVM = "kvm"
    HVF = "hvf"
    TCG = "tcg"


class RuntimeSource(StrEnum):
    OWN = "own"
    SYSTEM = "system"


class Network(StrEnum):
    """Which program is the containers' way out."""

    SLIRP = "slirp"
    PASST = "passt"


class PublishOn(StrEnum):
    """The host's address for what a container publishes without naming one."""

    LOOPBACK = "127.0.0.1"
    ALL = "0.0.0.0"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_LIGHT = "high-light"
    HIGH_DARK = "high-dark"


class Layout(StrEnum):
    """To which side the window reads."""

    LANGUAGE = "language"  # as its words do
    LEFT_TO_RIGHT = "left-to-right"
    RIGHT_TO_LEFT = "right-to-left"


class OnClose(StrEnum):
    TRAY = "tray"
    QUIT = "quit"


class OnQuit(StrEnum):
    ASK = "ask"
    SUSPEND = "suspend"
    STOP = "stop"
    LEAVE = "leave"


class AtLogin(StrEnum):
    """What begins with the user's session."""

    NOTHING = "nothing"
    TRAY = "tray"
    WINDOW = "window"


class UseContext(StrEnum):
    ASK = "ask"
    YES = "yes"
    NO = "no"


class SuspendWhen(StrEnum):
    EMPTY = "empty"  # only while no container runs
    UNUSED = "unused"  # its containers are suspended with it


class SizeRule(StrEnum):
    """Of several viewers of a console, whose size it has."""

    SMALLEST = "smallest"
    LAST = "last"  # who typed last


class ConsoleColours(StrEnum):
    """Each has a dark and a light scheme; which one is seen follows the window."""

    MOORAGE = "moorage"
    SOLARIZED = "solarized"
    GRUVBOX = "gruvbox"
    ONE = "one"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`<home>/settings.toml`: how the app behaves."""

    theme: Theme = Theme.SYSTEM
    language: str = ""  # empty: the system's
    layout: Layout = Layout.LANGUAGE
    on_close: OnClose = OnClose.TRAY
    on_quit: OnQuit = OnQuit.ASK
    use_context: UseContext = UseContext.ASK  # whether `docker` should use Moorage by default
    mirror: str = ""  # Debian mirror for guest builds; empty: the host's own
    console_font_px: Annotated[int, Meta(ge=6, le=72)] = 14
    console_font: Annotated[str, Meta(max_length=100)] = ""  # empty: the desktop's own monospaced one
    console_colours: ConsoleColours = ConsoleColours.MOORAGE
    console_prefix: Annotated[str, Meta(pattern="^(none|C-[a-z])$", examples=["C-a"])] = "C-a"
    """Of GNU screen's keys in the console."""


LEAST_DISK_MIB = 2048
MOST_BROKEN_LINES = 20

HostPort = Annotated[int, Meta(ge=1, le=65535)]


class MachineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`<home>/vms/<name>/machine.toml`: what the VM is given. Takes effect at its next start, AT_ONCE apart."""

    cpus: Annotated[int, Meta(ge=1, le=256)] = 2
    memory_mib: Annotated[int, Meta(ge=512, le=1048576)] = 2048
    disk_mib: Annotated[int, Meta(ge=LEAST_DISK_MIB, le=16777216)] = 61440
    accelerator: Accelerator = Accelerator.AUTO
    runtime: RuntimeSource = RuntimeSource.OWN
    network: Network = Network.SLIRP
    publish_on: PublishOn = PublishOn.LOOPBACK
    host_ports: Annotated[tuple[HostPort, ...], Meta(max_length=32)] = ()  # of this computer, for containers
    start_deadline_s: Annotated[int, Meta(ge=10, le=3600)] = 180
    stop_deadline_s: Annotated[int, Meta(ge=5, le=3600)] = 30
    suspend_after_min: Annotated[int, Meta(ge=0, le=10080)] = 10  # minutes without use; 0: never
    suspend_when: SuspendWhen = SuspendWhen.EMPTY
    console_size: SizeRule = SizeRule.SMALLEST
    shares: Annotated[tuple[str, ...], Meta(max_length=8, examples=[["~/project"]])] = ("~",)
    """Host folders that containers may use."""
    engine: dict[str, Any] = {}  # daemon.json of the engine


AT_LOGIN = "at_login"
"""The setting that the desktop keeps, and no file of Moorage."""

AT_ONCE = frozenset(
    {
        "console_size", "disk_mib", "host_ports", "publish_on", "start_deadline_s", "stop_deadline_s",
        "suspend_after_min", "suspend_when",
    }
)  # fmt: skip
"""What a machine that runs takes from its settings; of the disk a larger one, and a smaller one never."""

NO_TOML = (ValueError, RecursionError)
"""What tomllib raises, its own error, and those of numbers with too many digits and of brackets in brackets."""

S = TypeVar("S", Settings, MachineSettings)


def taken_at_start(settings: MachineSettings) -> dict[str, Any]:
    """What a machine takes when it is started, and keeps until it is stopped: values by key, fit for JSON."""
    found = msgspec.json.decode(msgspec.json.encode(settings))  # as a record keeps it: lists for tuples
    return {key: value for key, value in found.items() if key not in AT_ONCE}


def waiting(taken: dict[str, Any], settings: MachineSettings) -> tuple[str, ...]:
    """The keys that a machine which has taken others at its start takes at the next; none where that is not known."""
    return tuple(key for key, value in taken_at_start(settings).items() if taken.get(key, value) != value)


def parse(kind: type[S], text: str) -> S:
    """The record in a TOML text; SettingsError names the line or the key that is wrong."""
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except msgspec.ValidationError as error:
        line = _line(_key(error), text)
        what = f"The setting in line {line} is wrong" if line else "A setting is wrong"
        raise SettingsError(what, what_it_takes(error, kind)) from error
    except NO_TOML as error:
        raise SettingsError("The settings are not valid TOML", str(error)) from error


def read(kind: type[S], path: Path) -> tuple[S, SettingsError | None]:
    """The settings in a file, defaults where it is absent.

    A broken file is kept aside as `<name>.broken-<time>`; then what can be read of it comes back, what is safe for the
    rest, and the error that names the line, to everybody until there is a new file. One that cannot be read stays.
    """
    try:
        return _parsed(kind, path), None
    except FileNotFoundError:
        return _of_broken(kind, path)
    except OSError as error:
        what, stays = f"{path.name} cannot be read", f"{_instead(kind)}. The file {path} stays"
        return _safe(kind), SettingsError(what, error.strerror or str(error), stays)
    except SettingsError as error:
        settings = _as_far_as_read(kind, path)
        return settings, _set_aside(kind, path, error)


def _parsed(kind: type[S], path: Path, name: str = "") -> S:
    try:
        return parse(kind, path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name or path.name} cannot be read", str(error)) from error


def _set_aside(kind: type[S], path: Path, error: SettingsError) -> SettingsError:
    aside = path.with_name(f"{path.name}.broken-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        os.replace(path, aside)
    except OSError as failure:
        next_step = f"{_instead(kind)}. The file {path} stays: {failure}"
        return SettingsError(error.what, error.why, next_step)
    return _kept(kind, path, aside, error)


def _of_broken(kind: type[S], path: Path) -> tuple[S, SettingsError | None]:
    """Of a file that was set aside: who read it first may not have been one who tells. Mended there, it holds."""
    kept = kept_broken(path)
    if kept is None:
        return kind(), None
    try:
        return _parsed(kind, kept, path.name), None
    except SettingsError as error:
        return _as_far_as_read(kind, kept), _kept(kind, path, kept, error)
    except OSError as error:
        failure = SettingsError(f"{path.name} cannot be read", error.strerror or str(error))
        return _safe(kind), _kept(kind, path, kept, failure)


def kept_broken(path: Path) -> Path | None:
    """The file that was set aside last."""
    return max(path.parent.glob(f"{path.name}.broken-*"), default=None)


def _kept(kind: type[S], path: Path, aside: Path, error: SettingsError) -> SettingsError:
    next_step = f"{_instead(kind)}. Your file {path} is kept as {aside.name}"
    return SettingsError(error.what, error.why, next_step)


def _instead(kind: type[S]) -> str:
    if kind is MachineSettings:
        return "Defaults are used for what it does not say, but no folder is shared that it does not name"
    return "Defaults are used for what it does not say"


def _safe(kind: type[S]) -> S:
    """In place of values that nobody can read: nothing is shared or opened by them, and no disk grows for good."""
    if kind is MachineSettings:
        return kind(shares=(), network=Network.PASST, disk_mib=LEAST_DISK_MIB)
    return kind()


def _as_far_as_read(kind: type[S], path: Path) -> S:
    """What is right in a broken file, key by key."""
    found = _safe(kind)
    for key, value in _without_broken_lines(path).items():
        try:
            found = msgspec.structs.replace(found, **{key: getattr(msgspec.convert({key: value}, kind), key)})
        except (msgspec.ValidationError, AttributeError):
            pass  # told already, or one of many
    return found


def _without_broken_lines(path: Path) -> dict[str, Any]:
    """The keys of a TOML file less its lines that are none."""
    try:
        lines = path.read_text("utf-8").split("\n")  # as TOML counts them
    except (OSError, UnicodeDecodeError):
        return {}
    for _ in range(MOST_BROKEN_LINES):
        try:
            return tomllib.loads("\n".join(lines))
        except NO_TOML as error:
            place = re.search(r"\(at line (\d+),", str(error))
            if place is None or not lines[int(place[1]) - 1].strip():
                break
            lines[int(place[1]) - 1] = ""
    return {}


def what_it_takes(error: msgspec.ValidationError, kind: type[S]) -> str:
    """What is wrong with a value, by what its setting takes: msgspec's words are for who knows Python."""
    key = _key(error)
    found = {field.name: field.type for field in fields(kind)}.get(key)
    if found is None:
        return f"there is no setting {key}"
    kept = msgspec.inspect.type_info(found)
    example = ""
    if isinstance(kept, msgspec.inspect.Metadata):
        example = json.dumps((kept.extra_json_schema or {})["examples"][0])
        kept = kept.type
    match kept:
        case msgspec.inspect.EnumType(cls=choices):
            return f"{key} takes one of: {', '.join(choices)}"
        case msgspec.inspect.IntType(ge=least, le=most):
            return f"{key} takes a whole number from {least} to {most}"
        case msgspec.inspect.VarTupleType(item_type=msgspec.inspect.IntType(ge=least, le=greatest), max_length=most):
            return f"{key} takes a list of at most {most} whole numbers from {least} to {greatest}"
        case msgspec.inspect.VarTupleType(max_length=most):
            return f"{key} takes a list of at most {most}, such as {example}"
        case msgspec.inspect.StrType() if example:
            return f"{key} takes text, such as {example}"
        case msgspec.inspect.StrType():
            return f"{key} takes text"
    return f"{key} takes a table"


def _key(error: msgspec.ValidationError) -> str:
    """The setting that msgspec tells of: behind `$.`, or as the field that is unknown."""
    found = re.search(r"(?:`\$\.|unknown field `)([^`.[]*)", str(error))
    return found[1] if found else ""


def _line(key: str, text: str) -> int:
    """Where a setting stands in a TOML text; 0: it is not seen there."""
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if line.split("=")[0].strip(" []") == key), 0)
