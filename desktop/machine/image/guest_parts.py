"""Makes the guest out of unpacked packages: kernel, initrd, and the read-only root."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop.machine import certificates
from desktop.machine.threads import finish

from . import kernel_image
from .collect import Collector
from .debian import Fetched
from .elf import is_program
from .initrd import Archive
from .kernel_modules import Module, load_order, read_modules, write_modules
from .manifest import UNPACKED_KERNEL, Made
from .recipe import Recipe, files_below
from .tools import Tool, run

BUSYBOX = "usr/bin/busybox"
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


async def make(recipe: Recipe, fetched: Fetched, built: Path) -> Made:
    root = built.parent / "root"
    made = await finish(_make, recipe, fetched, built, root)
    words = ["--quiet", "--all-root", "-T0", "-x-1", "-U00000000-0000-4000-8000-000000000000"]
    await kernel_image.unpack(built / "kernel", built / UNPACKED_KERNEL)
    await run(Tool("mkfs.erofs", "packing the guest's root"), [*words, str(built / "root.erofs"), str(root)])
    return made


def _make(recipe: Recipe, fetched: Fetched, built: Path, root: Path) -> Made:
    built.mkdir()
    collector = Collector(fetched.tree, recipe.architecture.triplet)
    kernel = collector.match("boot/vmlinu*")[0]
    release = kernel.name.partition("-")[2]
    collector.copy(kernel, built / "kernel")
    modules = _modules(recipe, fetched.tree / "usr/lib/modules" / release)
    _write_initrd(recipe, collector, load_order(modules, recipe.guest.modules.initrd), built / "initrd")
    _write_root(recipe, collector, root)
    shutil.copyfile(root / CERTIFICATES, built / certificates.NAME)
    write_modules(modules, root / "usr/lib/modules" / release)
    boot = [module.name for module in load_order(modules, recipe.guest.modules.boot)]
    (root / "usr/lib/moorage/modules").write_text(" ".join(boot) + "\n")
    _set_modes(root)
    packages = fetched.owners(collector.used)
    collector.copy_licences(packages, built / "licences")
    return _describe(recipe, fetched, release, packages)


def _modules(recipe: Recipe, folder: Path) -> dict[str, Module]:
    wanted = recipe.guest.modules
    return read_modules(folder, wanted.on_demand, [*wanted.initrd, *wanted.boot])


def _write_initrd(recipe: Recipe, collector: Collector, modules: list[Module], target: Path) -> None:
    archive = Archive()
    for folder in ("bin", "dev", "proc", "sys", "image", "root", "modules"):
        archive.folder(folder)
    archive.console()
    archive.file("bin/busybox", (collector.tree / BUSYBOX).read_bytes(), 0o755)
    for applet in ("mount", "insmod", "switch_root", "usleep", "mkdir", "cp"):
        archive.link(f"bin/{applet}", "busybox")
    archive.file("init", (recipe.folder / "initrd/init").read_bytes(), 0o755)
    for module in modules:
        archive.file(f"modules/{module.path.name}", module.data)
    archive.file("modules/order", "".join(f"{module.path.name}\n" for module in modules).encode())
    archive.write(target)


def _write_root(recipe: Recipe, collector: Collector, root: Path) -> None:
    guest, architecture = recipe.guest, recipe.architecture
    for name in guest.folders.empty:
        (root / name).mkdir(parents=True)
    programs = [file for pattern in recipe.fill(guest.programs) for file in collector.match(pattern)]
    for program in programs:
        collector.copy(program, root / program.relative_to(collector.tree))
    for name, library in collector.libraries(programs).items():
        collector.copy(library, root / "usr/lib" / architecture.triplet / name)
    collector.copy(collector.tree / architecture.loader, root / architecture.loader)
    for pattern in guest.data:
        for file in collector.match(pattern):
            collector.copy(file, root / file.relative_to(collector.tree))
    _write_certificates(collector, root / CERTIFICATES)
    for source in files_below(recipe.folder / "root"):
        own = root / source.relative_to(recipe.folder / "root")
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, own)
    for applet in guest.applets.split():
        _link(root, f"usr/bin/{applet}", "busybox")
    for name, target in guest.links.items():
        _link(root, name, target)


def _set_modes(root: Path) -> None:
    """The same modes whatever the umask of whoever builds, and whatever modes our own files came with."""
    for path in [root, *root.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
        elif not path.is_symlink():
            path.chmod(0o755 if is_program(path) else 0o644)


def _write_certificates(collector: Collector, target: Path) -> None:
    target.parent.mkdir(parents=True)
    with target.open("wb") as bundle:
        for certificate in collector.match("usr/share/ca-certificates/mozilla/*.crt"):
            collector.used.add(certificate.relative_to(collector.tree))
            bundle.write(certificate.read_bytes())


def _link(root: Path, name: str, target: str) -> None:
    link = root / name
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists() and not link.is_symlink():
        link.symlink_to(target)


def _describe(recipe: Recipe, fetched: Fetched, release: str, packages: set[str]) -> Made:
    engine = fetched.upstream_version("docker.io")
    facts = {
        "kernel_release": release,
        "engine_version": engine,
        "command_line": f"console={recipe.architecture.console} {recipe.guest.command_line.common}",
        "console": recipe.architecture.console,
    }
    linux = release.partition("+")[0].partition("-")[0]
    return Made(label=f"docker{engine}-linux{linux}", facts=facts, packages=packages)
