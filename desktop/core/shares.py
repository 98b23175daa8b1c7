"""Which host folders containers may use, and what of them stays hidden all the same."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
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
# And these are what a container means that is given them: the engine's socket, devices, the guest's kernel.
_FOR_CONTAINERS = (
    *(own for own in _GUESTS_OWN if own != "/var/lib"), "/run/docker.sock", "/var/lib/docker", "/var/run/docker.sock",
)  # fmt: skip
_LONGEST_WAY = 40  # times that the kernel follows a link, too
_NOT_WHOLE = ("/", "/run", "/tmp", "/var", "/var/run", "/var/tmp")


@dataclass(frozen=True)
class Share:
    """A host folder that is shared."""

    path: str  # as the user calls it, and as the guest does
    source: Path  # where that leads
    hidden: tuple[Path, ...]  # folders in it that are to look empty
    pinned: tuple[Path, ...] = ()  # and what leads to those, link or folder, in whose place nobody is to put another


def share_of(words: str, files: MachineFiles) -> Share:
    """The share that a setting stands for; SettingsError where it cannot be one. Looks at the disk."""
    path = Path(os.path.normpath(os.path.expanduser(words)))
    source = Path(os.path.realpath(path))  # Path.resolve stumbles over links in a circle before Python 3.13
    hidden, passed = _hidden(files)
    if not path.is_absolute() or not str(path).isprintable():
        raise SettingsError(_refusal(words), "it is not a whole path")
    if str(path) in _NOT_WHOLE or any(path.is_relative_to(own) for own in _GUESTS_OWN):
        raise SettingsError(_refusal(words), "the machine has a folder of its own there")
    if not os.path.isdir(path):
        raise SettingsError(_refusal(words), "there is no such folder")
    if any(source.is_relative_to(folder) for folder in hidden):
        raise SettingsError(_refusal(words), "Moorage never shares its own folder, nor .ssh or .gnupg")
    inside = _outermost(folder for folder in hidden if folder.is_relative_to(source))
    return Share(str(path), source, inside, _pinned(source, passed, inside))


def _refusal(words: str) -> str:
    return f"The folder {words} cannot be shared"


def unshared(paths: Iterable[str], shares: Sequence[str]) -> tuple[str, ...]:
    """Those that stand for the host's and are in no share: there the guest has something of its own, empty mostly."""
    known = [Path(folder) for folder in (*shares, *_FOR_CONTAINERS)]
    return tuple(path for path in paths if path != "/" and not any(Path(path).is_relative_to(own) for own in known))


def make_hideable(share: Share) -> None:
    """Makes hidden folders that are missing: only over a folder that is there can an empty one lie."""
    for folder in share.hidden:
        if os.path.isdir(folder.parent):
            folder.mkdir(mode=0o700, exist_ok=True)


def _hidden(files: MachineFiles) -> tuple[set[Path], set[Path]]:
    """The folders that are never shared, by their true names, and all that is passed on the way to them."""
    ways = [_way(folder) for folder in _never_shared(files)]
    return {folder for folder, _ in ways}, {entry for _, passed in ways for entry in passed}


def _way(path: Path) -> tuple[Path, list[Path]]:
    """The true name of `path`, and each folder and link that leads to it; SettingsError where those go in a circle."""
    passed: list[Path] = []
    here, ahead = Path("/"), list(reversed(path.parts[1:]))
    while ahead:
        name = ahead.pop()
        entry = here.parent if name == ".." else here / name
        if not os.path.islink(entry):
            here = entry
        elif passed.count(entry) > _LONGEST_WAY:
            raise SettingsError(_refusal(str(path.parent)), f"{path.name} in it leads in a circle")
        else:
            target = Path(os.readlink(entry))
            here = Path("/") if target.is_absolute() else here
            ahead += reversed(target.parts[target.is_absolute() :])
        passed.append(entry)
    return here, passed


def _pinned(source: Path, passed: Iterable[Path], hidden: Sequence[Path]) -> tuple[Path, ...]:
    found = (entry for entry in set(passed) if source in entry.parents)
    return tuple(sorted(entry for entry in found if not any(entry.is_relative_to(folder) for folder in hidden)))


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
