"""Makes the runtime's folder out of unpacked packages: QEMU, its helpers, their libraries, firmware."""

from __future__ import annotations

from pathlib import Path

from desktop.machine.threads import finish

from .collect import Collector
from .debian import Fetched
from .manifest import Made
from .recipe import Recipe


async def make(recipe: Recipe, fetched: Fetched, built: Path) -> Made:
    return await finish(_make, recipe, fetched, built)


def _make(recipe: Recipe, fetched: Fetched, built: Path) -> Made:
    """Lays out bin, lib and share: flat, without links, so that it can be carried and checked as it is."""
    architecture = recipe.architecture
    collector = Collector(fetched.tree, architecture.triplet)
    wanted = [*recipe.fill(recipe.runtime.programs), *architecture.passt_programs]
    programs = [program for pattern in wanted for program in collector.match(pattern)]
    for program in programs:
        collector.copy(program, built / "bin" / program.name)
    for name, library in collector.libraries(programs).items():
        collector.copy(library, built / "lib" / name)
    loader = fetched.tree / architecture.loader
    collector.copy(loader, built / "lib" / loader.name)
    (built / "lib/qemu").mkdir()  # QEMU looks for modules here and finds none, not the host's
    for pattern in architecture.firmware:
        for file in collector.match(pattern):
            collector.copy(file, built / "share/qemu" / file.name)
    packages = fetched.owners(collector.used)
    collector.copy_licences(packages, built / "licences")
    qemu_version = fetched.upstream_version(architecture.qemu_package)
    facts = {
        "qemu_version": qemu_version,
        "qemu_program": architecture.qemu_program,
        "loader": loader.name,
    }
    return Made(label=f"qemu{qemu_version}", facts=facts, packages=packages)
