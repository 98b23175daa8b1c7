"""What the runtime and the guest are made of, read from resources/guest."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from desktop.core.errors import ImageError
from desktop.core.paths import resources

Kind = Literal["runtime", "guest"]

BUILD_STEPS = 1
"""Raised when the code of a build changes what comes out of it."""

_Record = TypeVar("_Record")


class Suite(msgspec.Struct, frozen=True):
    name: str
    archive: Literal["main", "security"] = "main"
    check_valid_until: bool = True


class Architecture(msgspec.Struct, frozen=True):
    machine: str
    triplet: str
    loader: str
    console: str
    kernel_package: str
    qemu_package: str
    qemu_program: str
    firmware: tuple[str, ...]
    passt_programs: tuple[str, ...]


class RuntimeRecipe(msgspec.Struct, frozen=True):
    suites: tuple[str, ...]
    prefer: str
    expected_mib: int
    room_mib: int
    packages: tuple[str, ...]
    programs: tuple[str, ...]


class KernelModules(msgspec.Struct, frozen=True):
    initrd: tuple[str, ...]
    boot: tuple[str, ...]
    on_demand: tuple[str, ...]


class Folders(msgspec.Struct, frozen=True):
    empty: tuple[str, ...]


class CommandLine(msgspec.Struct, frozen=True):
    common: str


class GuestRecipe(msgspec.Struct, frozen=True):
    suites: tuple[str, ...]
    prefer: str
    expected_mib: int
    room_mib: int
    packages: tuple[str, ...]
    engine_packages: tuple[str, ...]
    programs: tuple[str, ...]
    data: tuple[str, ...]
    applets: str
    modules: KernelModules
    links: dict[str, str]
    folders: Folders
    command_line: CommandLine


class HostNeeds(msgspec.Struct, frozen=True):
    tools: dict[str, str]
    files: dict[str, str]


class Recipe(msgspec.Struct, frozen=True):
    """Everything a build is told, for one architecture."""

    folder: Path
    architecture_name: str
    architecture: Architecture
    keyrings: tuple[str, ...]
    suites: dict[str, Suite]
    runtime: RuntimeRecipe
    guest: GuestRecipe
    host: HostNeeds

    def fill(self, words: tuple[str, ...]) -> list[str]:
        """`words` with the architecture's own names put in."""
        names = msgspec.to_builtins(self.architecture)
        return [word.format_map(names) for word in words]

    def digest(self, kind: Kind) -> str:
        """Changes whenever what is built from this recipe would."""
        digest = hashlib.sha256(f"{BUILD_STEPS} {kind} {self.architecture_name}".encode())
        files = [self.folder / name for name in ("suites.toml", "architectures.toml", f"{kind}.toml")]
        if kind == "guest":
            files += [file for part in ("initrd", "root") for file in files_below(self.folder / part)]
        for file in files:
            name = file.relative_to(self.folder).as_posix()
            digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


def load(folder: Path | None = None, architecture: str = "") -> Recipe:
    """Reads the recipe from `folder`, by default the one that came with Moorage, for this host."""
    folder = folder or resources() / "guest"
    suites: dict[str, Any] = _read(folder / "suites.toml", dict[str, Any])
    keyrings = suites.pop("keyrings")
    architectures = _read(folder / "architectures.toml", dict[str, Architecture])
    name = architecture or _host_architecture(architectures)
    return Recipe(
        folder=folder,
        architecture_name=name,
        architecture=architectures[name],
        keyrings=tuple(keyrings),
        suites=msgspec.convert(suites, dict[str, Suite]),
        runtime=_read(folder / "runtime.toml", RuntimeRecipe),
        guest=_read(folder / "guest.toml", GuestRecipe),
        host=_read(folder / "host.toml", HostNeeds),
    )


def files_below(folder: Path) -> list[Path]:
    """All files under `folder`, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _host_architecture(known: dict[str, Architecture]) -> str:
    machine = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    for name, architecture in known.items():
        if architecture.machine == machine:
            return name
    raise ImageError(f"Moorage has no guest for {machine} hosts", f"It knows {', '.join(known)}")


def _read(file: Path, kind: type[_Record]) -> _Record:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        why = f"{file}: {error}"
        raise ImageError("The guest's recipe cannot be read", why, "Install Moorage again") from error
