"""Runtime and guest image: whether they are there, and building, exporting and importing them.

What builds and carries them is imported when that is wanted: the window needs it once in its life.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import ImageError
from desktop.core.paths import Home, private_folder
from desktop.core.settings import RuntimeSource
from desktop.machine import builds
from desktop.machine.image import manifest, recipe, versions

Progress = Callable[[str, float], None]
"""Told what is under way, in words, and how far the whole is, 0 to 1."""

_RUNTIME_SHARE = 0.3  # of the time of both builds


@dataclass(frozen=True)
class Built:
    """The newest builds that are there; None where there is none."""

    runtime: Path | None
    guest: Path | None


class Setup:
    """What a machine needs before it can start. Each act leaves the old builds whole until the new ones are."""

    def __init__(self, home: Home, source: RuntimeSource = RuntimeSource.OWN) -> None:
        self._home = home
        self._source = source

    async def look(self) -> Built:
        return await asyncio.to_thread(self._look)

    async def problem(self) -> str:
        """What is missing, in words; empty where a machine can start."""
        built = await self.look()
        if built.guest is None:
            return "There is no guest image yet"
        if built.runtime is None and self._source is RuntimeSource.OWN:
            return "There is no runtime yet"
        return ""

    async def build(self, progress: Progress, mirror_address: str = "", refresh: bool = False) -> Built:
        """Builds both where they are missing or older than their recipe; `refresh`: in any case."""
        from desktop.machine.image import build

        await asyncio.to_thread(private_folder, self._home.base)
        known = await asyncio.to_thread(recipe.load)
        request = build.Request(known, mirror_address, refresh)
        runtime: Path | None = None
        begin = 0.0
        if self._source is RuntimeSource.OWN:
            runtime = await build.build_runtime(
                self._home.runtime, request, lambda step, share: progress(f"runtime: {step}", share * _RUNTIME_SHARE)
            )
            begin = _RUNTIME_SHARE
        guest = await build.build_guest(
            self._home.guest, request, lambda step, share: progress(f"guest: {step}", begin + share * (1 - begin))
        )
        await asyncio.to_thread(self._remove_old, {runtime, guest})
        return Built(runtime, guest)

    async def export(self, file: Path, progress: Progress) -> None:
        from desktop.machine.image import archive

        built = await self.look()
        folders = [folder for folder in (built.runtime, built.guest) if folder is not None]
        if not folders:
            raise ImageError("There is nothing to export", "neither runtime nor guest is built")
        await archive.export_archive(file, folders, lambda share: progress("writing", share))

    async def take_in(self, file: Path, progress: Progress) -> Built:
        """Imports what another host exported."""
        from desktop.machine.image import archive

        await asyncio.to_thread(private_folder, self._home.base)
        known = await asyncio.to_thread(recipe.load)
        targets = {"runtime": self._home.runtime, "guest": self._home.guest}
        found = await archive.import_archive(
            file, targets, known.architecture_name, lambda share: progress("reading", share)
        )
        await asyncio.to_thread(self._remove_old, set(found.values()))
        return Built(found.get("runtime"), found.get("guest"))

    async def check(self) -> list[str]:
        """The versions of what is there, every file of it checked; ImageError names what is damaged."""
        built = await self.look()
        found = []
        for folder in (built.runtime, built.guest):
            if folder is not None:
                found.append((await manifest.verify(folder)).version)
        return found

    async def mirror_fault(self, address: str) -> str:
        """What is wrong with a Debian mirror that a user names, in words; nothing where it will do."""
        from desktop.machine.image import mirror

        return await mirror.check_mirror(address, await asyncio.to_thread(recipe.load))

    async def needs_mirror(self) -> bool:
        """Whether this host does not say itself where its packages come from."""
        from desktop.machine.image import mirror

        known = await asyncio.to_thread(recipe.load)
        try:
            await mirror.choose_sources(known, known.guest.suites)
        except ImageError:
            return True
        return False

    def _remove_old(self, new: Collection[Path | None]) -> None:
        """Each is hundreds of MiB. What is new, and what the machine may go on with, stays."""
        needed = builds.needed(self._home)
        if needed is not None:
            for folder in (self._home.runtime, self._home.guest):
                versions.remove_old(folder, {*needed, *filter(None, new)})

    def _look(self) -> Built:
        return Built(versions.newest(self._home.runtime), versions.newest(self._home.guest))
