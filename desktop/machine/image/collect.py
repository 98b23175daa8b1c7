"""Takes named programs, and the libraries they are linked with, out of an unpacked tree."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop.core.errors import ImageError

from .elf import is_elf, needed_libraries


class Collector:
    """Copies from `tree` and remembers which files of it were used."""

    def __init__(self, tree: Path, triplet: str) -> None:
        self.tree = tree
        self.used: set[Path] = set()
        self._library_folders = [tree / "usr/lib" / triplet, tree / "usr/lib"]

    def match(self, pattern: str) -> list[Path]:
        """The files of the tree that `pattern` names, at least one."""
        found = sorted(path for path in self.tree.glob(pattern) if path.is_file())
        if not found:
            why = "Debian builds them in another way than the recipe expects"
            raise ImageError(f"The packages bring no {pattern}", why)
        return found

    def copy(self, source: Path, target: Path) -> None:
        """Copies a file, followed if it is a link, under the name `target`."""
        real = source.resolve()
        self.used.add(real.relative_to(self.tree.resolve()))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(real, target)

    def libraries(self, programs: list[Path]) -> dict[str, Path]:
        """Every library that `programs` need, by the name that the loader asks for."""
        found: dict[str, Path] = {}
        waiting = [program for program in programs if is_elf(program)]
        while waiting:
            program = waiting.pop()
            for name in needed_libraries(program):
                if name not in found:
                    found[name] = self._library(name, program)
                    waiting.append(found[name])
        return found

    def copy_licences(self, packages: set[str], target: Path) -> None:
        """What the packages' licences ask to travel with them."""
        for package in sorted(packages):
            licence = self.tree / "usr/share/doc" / package / "copyright"
            if licence.is_file():
                self.copy(licence, target / package)

    def _library(self, name: str, program: Path) -> Path:
        for folder in self._library_folders:
            if (folder / name).is_file():
                return folder / name
        raise ImageError(f"{program.name} needs the library {name}", "No package of the recipe brings it")
