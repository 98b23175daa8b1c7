"""Which host folders containers may use, and what of them stays hidden all the same."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import SettingsError
from .paths import MachineFiles

SECRET = (".ssh", ".gnupg")
"""In a home folder: never visible in a share."""

# In the guest these are its own; a path of the host cannot stand for itself there.
_GUESTS_OWN = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/var/lib",
    "/run/containerd", "/run/docker", "/run/moorage", "/run/root",
)  # fmt: skip
_NOT_WHOLE = ("/", "/run", "/tmp", "/var", "/var/run", "/var/tmp")


@dataclass(frozen=True)
class Share:
    """A host folder that is shared."""

    path: str  # as the user calls it, and as the guest does
    source: Path  # where that leads
    hidden: tuple[Path, ...]  # folders in it that are to look empty


def share_of(words: str, files: MachineFiles) -> Share:
    """The share that a setting stands for; SettingsError where it cannot be one. Looks at the disk."""
    path = Path(os.path.normpath(os.path.expanduser(words)))
    source = path.resolve()
    hidden = [folder.resolve() for folder in _never_shared(files)]
    if not path.is_absolute() or not str(path).isprintable():
        raise SettingsError(_refusal(words), "it is not a whole path")
    if str(path) in _NOT_WHOLE or any(path.is_relative_to(own) for own in _GUESTS_OWN):
        raise SettingsError(_refusal(words), "the machine has a folder of its own there")
    if not os.path.isdir(path):
        raise SettingsError(_refusal(words), "there is no such folder")
    if any(source.is_relative_to(folder) for folder in hidden):
        raise SettingsError(_refusal(words), "Moorage never shares its own folder, nor .ssh or .gnupg")
    return Share(str(path), source, _outermost(folder for folder in hidden if folder.is_relative_to(source)))


def _refusal(words: str) -> str:
    return f"The folder {words} cannot be shared"


def make_hideable(share: Share) -> None:
    """Makes the user's own hidden folders that are missing: only over a folder that is there can an empty one lie."""
    for folder in share.hidden:
        if folder.name in SECRET and os.path.isdir(folder.parent):
            folder.mkdir(mode=0o700, exist_ok=True)


def _outermost(folders: Iterable[Path]) -> tuple[Path, ...]:
    found: list[Path] = []
    for folder in sorted(set(folders)):  # what lies in another one comes after it
        if not any(folder.is_relative_to(other) for other in found):
            found.append(folder)
    return tuple(found)


def _never_shared(files: MachineFiles) -> list[Path]:
    own = [files.home.base, files.sockets, files.home.app_socket.parent]
    return [*own, *(Path.home() / name for name in SECRET), *_secrets_of_others()]


def _secrets_of_others() -> list[Path]:
    """Only root could read them."""
    if os.getuid() != 0:
        return []
    import pwd

    homes = {Path(entry.pw_dir) for entry in pwd.getpwall()}
    # Root of a namespace looks into no home but its own: what it cannot see, it cannot share.
    return [folder for home in homes for name in SECRET if os.path.isdir(folder := home / name)]
