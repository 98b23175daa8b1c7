"""Settings of the app and of a machine: records, limits, and reading their TOML files."""

from __future__ import annotations

import os
import time
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from .errors import SettingsError


class Accelerator(StrEnum):
    AUTO = "auto"
    KVM = "kvm"
    HVF = "hvf"
    TCG = "tcg"


class RuntimeSource(StrEnum):
    OWN = "own"
    SYSTEM = "system"


class PublishOn(StrEnum):
    """The host's address for what a container publishes without naming one."""

    LOOPBACK = "127.0.0.1"
    ALL = "0.0.0.0"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


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


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`<home>/settings.toml`: how the app behaves."""

    theme: Theme = Theme.SYSTEM
    language: str = ""  # empty: the system's
    on_close: OnClose = OnClose.TRAY
    on_quit: OnQuit = OnQuit.ASK
    use_context: UseContext = UseContext.ASK  # whether `docker` should use Moorage by default
    mirror: str = ""  # Debian mirror for guest builds; empty: the host's own
    console_font_px: Annotated[int, Meta(ge=6, le=72)] = 14
    console_prefix: Annotated[str, Meta(pattern="^(none|C-[a-z])$")] = "C-a"  # of GNU screen's keys in the console


class MachineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`<home>/vms/<name>/machine.toml`: what the VM is given. Takes effect at its next start, AT_ONCE apart."""

    cpus: Annotated[int, Meta(ge=1, le=256)] = 2
    memory_mib: Annotated[int, Meta(ge=512, le=1048576)] = 2048
    disk_mib: Annotated[int, Meta(ge=2048, le=16777216)] = 61440
    accelerator: Accelerator = Accelerator.AUTO
    runtime: RuntimeSource = RuntimeSource.OWN
    publish_on: PublishOn = PublishOn.LOOPBACK
    start_deadline_s: Annotated[int, Meta(ge=10, le=3600)] = 180
    stop_deadline_s: Annotated[int, Meta(ge=5, le=3600)] = 30
    suspend_after_min: Annotated[int, Meta(ge=0, le=10080)] = 10  # minutes without use; 0: never
    suspend_when: SuspendWhen = SuspendWhen.EMPTY
    shares: Annotated[tuple[str, ...], Meta(max_length=8)] = ("~",)  # host folders that containers may use
    engine: dict[str, Any] = {}  # daemon.json of the engine


AT_ONCE = frozenset({"disk_mib", "publish_on", "suspend_after_min", "suspend_when"})
"""What a machine that runs takes from its settings; of the disk a larger one, and a smaller one never."""

S = TypeVar("S", Settings, MachineSettings)


def parse(kind: type[S], text: str) -> S:
    """The record in a TOML text; SettingsError names the line or the key that is wrong."""
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("The settings are not valid TOML", str(error)) from error
    except msgspec.ValidationError as error:
        raise SettingsError("A setting is wrong", _with_line(str(error), text)) from error


def read(kind: type[S], path: Path) -> tuple[S, SettingsError | None]:
    """The settings in a file, defaults where it is absent.

    A broken file is kept aside as `<name>.broken-<time>`; then defaults come back with the error
    that names the line.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return kind(), None
    except (OSError, UnicodeDecodeError) as error:
        return kind(), _set_aside(path, SettingsError(f"{path.name} cannot be read", str(error)))
    try:
        return parse(kind, text), None
    except SettingsError as error:
        return kind(), _set_aside(path, error)


def _set_aside(path: Path, error: SettingsError) -> SettingsError:
    aside = path.with_name(f"{path.name}.broken-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        os.replace(path, aside)
    except OSError as failure:
        next_step = f"Defaults are used; the file {path} stays: {failure}"
    else:
        next_step = f"Defaults are used. Your file {path} is kept as {aside.name}"
    return SettingsError(error.what, error.why, next_step)


def _with_line(message: str, text: str) -> str:
    key = message.rpartition("$.")[2].rstrip("`") if "$." in message else ""
    if not key and "unknown field" in message:
        key = message.rpartition("field `")[2].rstrip("`")
    for number, line in enumerate(text.splitlines(), 1):
        if key and line.split("=")[0].strip() == key.split(".")[0].split("[")[0]:
            return f"line {number}: {message}"
    return message
