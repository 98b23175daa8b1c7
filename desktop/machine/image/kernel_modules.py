"""Picks the guest's kernel modules and what they depend on, and writes what modprobe reads."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from desktop.core.errors import ImageError

from .elf import module_info


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    """Below the folder of the kernel's release, without the ending of its compression."""
    data: bytes
    needs: tuple[str, ...]
    aliases: tuple[str, ...]


def read_modules(folder: Path, wanted: Iterable[str], required: Iterable[str]) -> dict[str, Module]:
    """The modules in `folder` whose names match `wanted` or `required`, with all that they need.

    `required` names must exist, as a module or built into the kernel.
    """
    files = {_name(file): file for file in folder.rglob("*.ko*")}
    built_in = {_name(Path(line)) for line in (folder / "modules.builtin").read_text().splitlines()}
    names = [_canonical(name) for name in required]
    missing = sorted(set(names) - set(files) - built_in)
    if missing:
        raise ImageError("The kernel lacks modules that the guest needs", ", ".join(missing))
    patterns = [_canonical(pattern) for pattern in wanted]
    names += [name for name in files if any(fnmatchcase(name, pattern) for pattern in patterns)]
    modules: dict[str, Module] = {}
    waiting = [name for name in names if name in files]
    while waiting:
        name = waiting.pop()
        if name not in modules:
            modules[name] = _read(folder, files[name])
            waiting += [need for need in modules[name].needs if need in files]
    return modules


def load_order(modules: Mapping[str, Module], names: Iterable[str]) -> list[Module]:
    """`names` and all that they need, each after what it needs."""
    order: dict[str, Module] = {}

    def add(name: str) -> None:
        if name in modules and name not in order:
            for need in modules[name].needs:
                add(need)
            order[name] = modules[name]

    for name in names:
        add(_canonical(name))
    return list(order.values())


def write_modules(modules: Mapping[str, Module], target: Path) -> None:
    """Writes the modules, uncompressed, with modules.dep and modules.alias beside them."""
    dependencies, aliases = [], []
    for module in sorted(modules.values(), key=lambda module: module.path):
        file = target / module.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(module.data)
        needs = [other.path.as_posix() for other in load_order(modules, [module.name])[:-1]]
        dependencies.append(f"{module.path.as_posix()}: {' '.join(reversed(needs))}".rstrip() + "\n")
        aliases += [f"alias {alias} {module.name}\n" for alias in module.aliases]
    (target / "modules.dep").write_text("".join(dependencies))
    (target / "modules.alias").write_text("".join(aliases))


def _read(folder: Path, file: Path) -> Module:
    data = file.read_bytes()
    path = file.relative_to(folder)
    if file.suffix == ".xz":
        data, path = lzma.decompress(data), path.with_suffix("")
    elif file.suffix == ".gz":
        data, path = gzip.decompress(data), path.with_suffix("")
    elif file.suffix != ".ko":
        raise ImageError("The kernel's modules are packed in an unknown way", file.name)
    info = module_info(data)
    needs = tuple(_canonical(need) for need in info.get("depends", [""])[0].split(",") if need)
    soft = [word for entry in info.get("softdep", []) for word in entry.split() if not word.endswith(":")]
    return Module(_name(file), path, data, needs + tuple(map(_canonical, soft)), tuple(info.get("alias", ())))


def _name(file: Path) -> str:
    return _canonical(file.name.partition(".ko")[0])


def _canonical(name: str) -> str:
    return name.replace("-", "_")
