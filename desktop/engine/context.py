"""Docker contexts on disk, in the docker command's own form: where `docker` goes, and ours among them.

A context is `contexts/meta/<sha256 of its name>/meta.json` in the docker folder; which one is current stands in
`config.json`, and the environment outranks both. Nothing here runs the command.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.core.engine import SystemSocket
from desktop.core.errors import EngineError, SettingsError
from desktop.core.replaced_file import replace_file

from .json_values import mapping, text

NAME = "moorage"
DEFAULT = "default"
DEFAULT_ENDPOINT = "unix:///var/run/docker.sock"
SYSTEM_SOCKET = Path(DEFAULT_ENDPOINT.removeprefix("unix://"))
_MAKER = "Moorage"
_PREVIOUS = "PreviousContext"
_CLI_FOLDERS = ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "~/.docker/bin", "~/bin", "/snap/bin")


class DecidedBy(StrEnum):
    """What decides where `docker` goes, strongest first."""

    DOCKER_HOST = "DOCKER_HOST"
    DOCKER_CONTEXT = "DOCKER_CONTEXT"
    CONFIG = "config.json"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Current:
    """The context that `docker` uses, why, and the address it leads to; empty where the context is missing."""

    name: str
    decided_by: DecidedBy
    endpoint: str

    def leads_to(self, socket: Path) -> bool:
        """Whether `docker` ends up at this socket, by whatever link or variable."""
        path = self.endpoint.removeprefix("unix://")
        return path != self.endpoint and os.path.realpath(path) == os.path.realpath(socket)


class DockerContexts:
    """The docker folder of the user. Only the context that Moorage made is ever written or removed."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        home = self._environment.get("HOME") or os.path.expanduser("~")
        self._folder = Path(self._environment.get("DOCKER_CONFIG") or Path(home, ".docker"))
        self._config = self._folder / "config.json"

    def current(self) -> Current:
        """As the command finds it, seen from this process: a shell may have other variables."""
        if host := self._environment.get("DOCKER_HOST"):
            return Current(DEFAULT, DecidedBy.DOCKER_HOST, host)
        if name := self._environment.get("DOCKER_CONTEXT"):
            return Current(name, DecidedBy.DOCKER_CONTEXT, self._endpoint(name))
        name = text(_read(self._config).get("currentContext"))
        if name:
            return Current(name, DecidedBy.CONFIG, self._endpoint(name))
        return Current(DEFAULT, DecidedBy.NOTHING, DEFAULT_ENDPOINT)

    def write(self, socket: Path) -> None:
        """Makes our context lead to `socket`. Which one is current stays as it is."""
        meta = self._our_meta()
        wanted = {
            "Name": NAME,
            "Metadata": {"Description": "Moorage's own engine", "CreatedBy": _MAKER, **_metadata(meta)},
            "Endpoints": {"docker": {"Host": f"unix://{socket}", "SkipTLSVerify": False}},
        }
        if meta != wanted:
            _write(self._meta_file(NAME), wanted)

    def use(self, socket: Path) -> None:
        """Makes ours the current context, and remembers which one was."""
        self.write(socket)
        config = _read(self._config)
        before = text(config.get("currentContext"))
        if before == NAME:
            return
        meta = self._our_meta()
        meta["Metadata"] = {**_metadata(meta), _PREVIOUS: before or DEFAULT}
        _write(self._meta_file(NAME), meta)
        _write(self._config, {**config, "currentContext": NAME}, indent="\t")

    def stop_using(self) -> None:
        """Gives the place back to the context that had it. Does nothing where another has it by now."""
        config = _read(self._config)
        if config.get("currentContext") != NAME:
            return
        previous = text(_metadata(self._our_meta()).get(_PREVIOUS))
        if previous not in ("", DEFAULT, NAME) and self._meta_file(previous).exists():
            config["currentContext"] = previous
        else:
            del config["currentContext"]
        _write(self._config, config, indent="\t")

    def remove(self, socket: Path) -> None:
        """Takes ours away, never while it is current: `docker` would fail at every call.

        One that leads to another engine than that at `socket`, of another base folder, stays while that is there.
        """
        theirs = self._endpoint(NAME).removeprefix("unix://")
        if not self._our_meta() or (theirs != str(socket) and os.path.lexists(theirs)):
            return
        self.stop_using()
        shutil.rmtree(self._meta_file(NAME).parent, ignore_errors=True)

    def _our_meta(self) -> dict[str, Any]:
        """What our context's file holds, nothing where there is none; refuses one that others made."""
        meta = _read(self._meta_file(NAME))
        if meta and _metadata(meta).get("CreatedBy") != _MAKER:
            raise EngineError(
                f"The docker context {NAME} was not made by Moorage",
                "it is left as it is",
                f"If you do not need it: docker context rm {NAME}",
            )
        return meta

    def _endpoint(self, name: str) -> str:
        if name == DEFAULT:
            return DEFAULT_ENDPOINT
        endpoints = mapping(_read(self._meta_file(name)).get("Endpoints"))
        return text(mapping(endpoints.get("docker")).get("Host"))

    def _meta_file(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
        return self._folder / "contexts" / "meta" / digest / "meta.json"


def docker_command(environment: Mapping[str, str] | None = None) -> Path | None:
    """The docker command, also where it is usual but not in the PATH that a desktop gives its programs."""
    path = (os.environ if environment is None else environment).get("PATH", os.defpath)
    folders = [path, *(os.path.expanduser(folder) for folder in _CLI_FOLDERS)]
    found = shutil.which("docker", path=os.pathsep.join(folders))
    return Path(found) if found else None


def docker_package(system: str = sys.platform) -> str:
    """Where the docker command comes from, in words."""
    if system == "darwin":
        return "On macOS: brew install docker"
    return "On Debian 13: sudo apt install docker-cli; Debian 12 and Ubuntu have it in docker.io"


def system_socket(ours: Path, place: Path = SYSTEM_SOCKET) -> SystemSocket:
    """Whether something is there already, which a link of ours would have to replace."""
    if not os.path.lexists(place):
        return SystemSocket.FREE
    return SystemSocket.OURS if os.path.realpath(place) == os.path.realpath(ours) else SystemSocket.TAKEN


def _metadata(meta: dict[str, Any]) -> dict[str, Any]:
    return mapping(meta.get("Metadata"))


def _read(path: Path) -> dict[str, Any]:
    """The object in a JSON file; nothing where there is no file or an empty one."""
    try:
        content = path.read_text("utf-8")
        value = json.loads(content) if content.strip() else {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path} cannot be read", str(error), "Nothing was changed") from error
    if not isinstance(value, dict):
        raise SettingsError(f"{path} cannot be read", "it holds no JSON object", "Nothing was changed")
    return value


def _write(path: Path, value: dict[str, Any], indent: str | None = None) -> None:
    """In ASCII: half a character, which JSON has room for, stays what it was."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(path, json.dumps(value, indent=indent).encode())
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written", error.strerror or str(error), "Nothing was changed"
        ) from error
