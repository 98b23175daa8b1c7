"""Every file, folder and socket name of Moorage, in one place."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import MoorageError

SOCKET_PATH_MAX = 103 if sys.platform == "darwin" else 107
"""Longest unix socket path in bytes that the kernel takes."""

_LONGEST_SOCKET = "channel.sock"
_NOTE = "sockets.path"
"""In a folder whose path is too long for a socket: the one that stands for it."""



def resources() -> Path:
    """The folder of icons, guest recipes and translations, in a checkout and when installed."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


@dataclass(frozen=True)
class Home:
    """The base folder."""

    base: Path

    @property
    def settings_file(self) -> Path:
        return self.base / "settings.toml"

    @property
    def runtime(self) -> Path:
        return self.base / "runtime"

    @property
    def guest(self) -> Path:
        return self.base / "guest"

    @property
    def app_socket(self) -> Path:
        """Where the open window listens for a second start."""
        return short_folder(self.base) / "app.sock"

    @property
    def host_facts(self) -> Path:
        """What was probed of this host and is remembered: the accelerator that works."""
        return self.base / "host.json"

    @property
    def window_state(self) -> Path:
        """Size and place of the window."""
        return self.base / "window.ini"

    @property
    def crash_log(self) -> Path:
        return self.base / "crash.log"

    @property
    def app_lock(self) -> Path:
        """Locked while the window's process runs."""
        return self.app_socket.with_suffix(".lock")

    def machine(self, name: str = "default") -> MachineFiles:
        return MachineFiles(self, name)


@dataclass(frozen=True)
class MachineFiles:
    """The files of one machine."""

    home: Home
    name: str

    @property
    def folder(self) -> Path:
        return self.home.base / "vms" / self.name

    @property
    def config(self) -> Path:
        return self.folder / "machine.toml"

    @property
    def engine_config(self) -> Path:
        """The engine's daemon.json, written at each start from the machine's settings."""
        return self.folder / "daemon.json"

    @property
    def certificates(self) -> Path:
        """Those of the host that the guest lacks, written at each start."""
        return self.folder / "certificates.pem"

    @property
    def disk(self) -> Path:
        return self.folder / "data.raw"

    @property
    def disk_new(self) -> Path:
        """There until an engine has used the disk: which file that is."""
        return self.folder / "disk.new"

    @property
    def tty(self) -> Path:
        return self.folder / "tty"

    @property
    def console_log(self) -> Path:
        return self.folder / "console.log"

    @property
    def console_spare(self) -> Path:
        """QEMU's own copy of what the console prints, for when no supervisor reads."""
        return self.folder / "console.spare"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def supervisor_log(self) -> Path:
        return self.logs / "supervisor.log"

    @property
    def qemu_log(self) -> Path:
        return self.logs / "qemu.log"

    @property
    def engine_log(self) -> Path:
        return self.logs / "engine.log"

    @property
    def network_log(self) -> Path:
        return self.logs / "network.log"

    @property
    def shares_log(self) -> Path:
        return self.logs / "shares.log"

    @property
    def vm_lock(self) -> Path:
        """Locked while a hypervisor runs; QEMU inherits the descriptor."""
        return self.folder / "vm.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.folder / "supervisor.lock"

    @property
    def vm_record(self) -> Path:
        """Who the running hypervisor is: pid, start time, uuid, and how it was started."""
        return self.folder / "vm.json"

    @property
    def suspended(self) -> Path:
        """The saved state of a suspended machine: whole and on disk, or not there."""
        return self.folder / "suspended"

    @property
    def suspended_new(self) -> Path:
        """The saved state while it is being written."""
        return self.folder / "suspended.new"

    @property
    def suspended_spent(self) -> Path:
        """What a machine that goes on was resumed from, until it is deleted."""
        return self.folder / "suspended.spent"

    @property
    def sockets(self) -> Path:
        """The machine's folder, or a short one where the path would be too long for a socket."""
        return short_folder(self.folder)

    @property
    def control_socket(self) -> Path:
        return self.sockets / "control.sock"

    @property
    def docker_socket(self) -> Path:
        return self.sockets / "docker.sock"

    @property
    def engine_socket(self) -> Path:
        return self.sockets / "engine.sock"

    @property
    def channel_socket(self) -> Path:
        """QEMU's end of the way to dockerd; only the supervisor's proxy uses it."""
        return self.sockets / "channel.sock"

    @property
    def inward_socket(self) -> Path:
        """QEMU's end of the way to what the guest has on IPv6, which the containers' network does not carry."""
        return self.sockets / "inward.sock"

    @property
    def qmp_socket(self) -> Path:
        return self.sockets / "qmp.sock"

    @property
    def agent_socket(self) -> Path:
        return self.sockets / "agent.sock"

    @property
    def console_socket(self) -> Path:
        return self.sockets / "console.sock"

    def share_socket(self, number: int) -> Path:
        """Where a virtiofsd waits for QEMU; gone as soon as that is there."""
        return self.sockets / f"share{number}.sock"

    @property
    def boot_socket(self) -> Path:
        return self.sockets / "boot.sock"


def short_folder(folder: Path) -> Path:
    """`folder` itself, or a folder of ours with a short path that stands for it: the one that is noted there.

    Raises MoorageError where another user could have planted that.
    """
    if _is_short(folder):
        return folder
    short = _noted(folder) or _chosen_by_environment(folder)
    planted = short.parent if _is_named_ours(short.parent) else short  # what others may have had the right to make
    if os.path.lexists(planted):
        _refuse_foreign(planted, is_short=True)
    return short


def make_socket_folder(folder: Path) -> Path:
    """Makes the folder that stands for `folder`, which is there, and notes it in that: others have other variables."""
    if _is_short(folder):
        return private_folder(folder)
    noted = _noted(folder)
    if noted is not None and noted.parent.is_dir():  # else it went with the session that it was of
        return _make_short(noted)
    chosen = _make_short(_chosen_by_environment(folder))
    aside = folder / f".{_NOTE}.{os.getpid()}"
    with contextlib.suppress(OSError):  # a full disk: it is chosen again next time
        aside.write_bytes(os.fsencode(chosen))
        os.replace(aside, folder / _NOTE)
    return chosen


def make_folders(files: MachineFiles) -> None:
    """What has to be there before a supervisor runs."""
    for folder in (files.home.base, files.folder, files.logs):
        private_folder(folder)
    make_socket_folder(files.folder)


def _make_short(short: Path) -> Path:
    if _is_named_ours(short.parent):  # it lies where everybody writes
        private_folder(short.parent, is_short=True)
    return private_folder(short, is_short=True)


def forget_socket_folder(folder: Path) -> None:
    (folder / _NOTE).unlink(missing_ok=True)


def _is_short(folder: Path) -> bool:
    return len(os.fsencode(folder / _LONGEST_SOCKET)) <= SOCKET_PATH_MAX


def _noted(folder: Path) -> Path | None:
    try:
        note = Path(os.fsdecode((folder / _NOTE).read_bytes()))
    except (OSError, ValueError):
        return None
    is_ours = note.name.endswith(_digest(folder))  # and not that of the folder that this one was copied from
    return note if note.is_absolute() and _is_short(note) and is_ours else None


def _digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:12]


def _is_named_ours(parent: Path) -> bool:
    return parent.name == f"moorage-{os.getuid()}"


def _chosen_by_environment(folder: Path) -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR") or os.path.join(tempfile.gettempdir(), f"moorage-{os.getuid()}")
    digest = _digest(folder)
    short = Path(runtime) / f"moorage-{digest}"
    if not _is_short(short):
        short = Path("/tmp") / f"moorage-{os.getuid()}" / digest
    return short


def private_folder(folder: Path, is_short: bool = False) -> Path:
    """Makes `folder` (and missing parents) ours alone, 0700; refuses what another could have planted.

    `is_short` says that it is there in place of a folder with a path too long for sockets.
    """
    try:
        if not os.path.lexists(folder):
            if not folder.parent.exists():
                private_folder(folder.parent)  # `parents=True` would make it as the umask says
            folder.mkdir(mode=0o700, exist_ok=True)
        if _refuse_foreign(folder, is_short).st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        why = error.strerror or str(error)
        raise MoorageError(f"{folder} cannot be used", why, "Set MOORAGE_HOME to a folder of your own") from error
    return folder


def _refuse_foreign(folder: Path, is_short: bool) -> os.stat_result:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise MoorageError(f"{folder} is not a folder", "Moorage keeps its files there", "Move it away")
    if found.st_uid != os.getuid():
        next_step = "Set MOORAGE_HOME to a shorter folder" if is_short else "Set MOORAGE_HOME to a folder of your own"
        raise MoorageError(f"{folder} belongs to another user", f"uid {found.st_uid}", next_step)
    return found
