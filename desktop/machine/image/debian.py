"""Fetches signed Debian packages and unpacks them with mmdebstrap, as whoever runs this."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import ImageError
from desktop.machine.threads import finish

from .manifest import Package, SuiteRecord
from .mirror import AptSource
from .tools import Tool, run

MMDEBSTRAP = Tool(
    "mmdebstrap",
    "fetching Debian packages",
    "Look at the network and the mirror, then run `moorage guest build` again",
)
_STANZA = re.compile(rb"^Package: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Fetched:
    """An unpacked tree and where it came from."""

    tree: Path
    packages: list[Package]
    suites: list[SuiteRecord]
    owner_of: dict[str, str]
    """Which package a file of the tree belongs to."""

    def owners(self, files: set[Path]) -> set[str]:
        """The packages that `files`, paths in the tree, came from; configuration files have no owner here."""
        return {self.owner_of[file.as_posix()] for file in files if file.parts[0] != "etc"}

    def upstream_version(self, package: str) -> str:
        """The version that the program says of itself: 28.5.2 for 28.5.2+dfsg4-5."""
        version = next(found.version for found in self.packages if found.name == package)
        match = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", version)
        return match[1] if match else version


@dataclass(frozen=True)
class Order:
    """What to fetch."""

    sources: list[AptSource]
    prefer: str
    packages: list[str]
    architecture: str
    apt_options: list[str]
    expected_mib: int


async def fetch(order: Order, work: Path, progress: Callable[[float], None]) -> Fetched:
    """Unpacks `order` into a folder below `work`, runs no maintainer script, and says what it got."""
    tree = work / "tree"
    sources = work / "sources.list"
    sources.write_text("".join(f"{source.line()}\n" for source in order.sources))
    watching = asyncio.create_task(watch(tree, order.expected_mib << 20, progress))
    try:
        await run(MMDEBSTRAP, _words(order, tree, sources))
    finally:
        watching.cancel()
    return await finish(account, tree, order)


def _words(order: Order, tree: Path, sources: Path) -> list[str]:
    options = [f'APT::Default-Release "{order.prefer}"', 'Acquire::Retries "3"', *order.apt_options]
    if os.geteuid() == 0:
        # apt would fetch as a user of its own, who cannot look into our 0700 folder.
        options.append('APT::Sandbox::User "root"')
    return [
        "--mode=chrootless",
        "--variant=extract",
        "--format=directory",
        # Root is refused by newer ones, since packages' scripts could change this system; `extract` runs none.
        "--skip=cleanup/apt,check/chrootless",
        f"--architectures={order.architecture}",
        f"--include={','.join(order.packages)}",
        *(f"--aptopt={option}" for option in options),
        "",
        str(tree),
        str(sources),
    ]


async def watch(tree: Path, expected: int, progress: Callable[[float], None]) -> None:
    """Tells how much has arrived; the whole is an estimate, so that it never says that it is done."""
    most = 0
    while True:
        await asyncio.sleep(0.25)
        arrived = await asyncio.to_thread(_size, tree / "var/lib/apt/lists", tree / "var/cache/apt/archives")
        most = max(most, arrived)  # apt moves files while they are counted, and drops lists it has unpacked
        progress(min(most / expected, 0.98))


def _size(*folders: Path) -> int:
    total = 0
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                try:
                    total += os.stat(os.path.join(parent, name)).st_size
                except FileNotFoundError:
                    continue
    return total


def account(tree: Path, order: Order) -> Fetched:
    """Which packages mmdebstrap left in `tree`, and what the suites said of them."""
    archives = sorted((tree / "var/cache/apt/archives").glob("*.deb"))
    lists = tree / "var/lib/apt/lists"
    wanted = {archive.name.split("_")[0]: _unquoted(archive.name.split("_")[1]) for archive in archives}
    packages: dict[str, Package] = {}
    suites = []
    for source in order.sources:
        suites.append(_release(lists, source))
        for index in lists.glob(f"*_dists_{source.suite}_*_Packages"):
            for package in _stanzas(index.read_bytes(), wanted, source.suite):
                packages.setdefault(package.name, package)
    missing = sorted(set(wanted) - set(packages))
    if missing:
        raise ImageError("The package lists do not name what was fetched", ", ".join(missing))
    owner_of = {file: name for archive in archives for name, file in _contents(archive)}
    return Fetched(tree, [packages[name] for name in sorted(packages)], suites, owner_of)


def _contents(archive: Path) -> Iterator[tuple[str, str]]:
    """Name of the package and path, for each file in it. (Checksums, since only these are quick to get.)"""
    name = archive.name.split("_")[0]
    listing = subprocess.run(["dpkg-deb", "--info", archive, "md5sums"], capture_output=True, check=True)
    for line in listing.stdout.decode(errors="replace").splitlines():
        yield name, line[34:]


def _unquoted(version: str) -> str:
    return version.replace("%3a", ":").replace("%25", "%")


def _stanzas(text: bytes, wanted: dict[str, str], suite: str) -> list[Package]:
    found = []
    for match in _STANZA.finditer(text):
        name = match[1].decode()
        if name not in wanted:
            continue
        end = text.find(b"\n\n", match.start())
        fields = _fields(text[match.start() : end if end >= 0 else len(text)].decode())
        if fields["Version"] == wanted[name]:
            found.append(Package(name=name, version=fields["Version"], suite=suite, sha256=fields["SHA256"]))
    return found


def _release(lists: Path, source: AptSource) -> SuiteRecord:
    release = next(iter(sorted(lists.glob(f"*_dists_{source.suite}_*Release"))))
    fields = _fields(release.read_text(errors="replace"))
    return SuiteRecord(
        name=source.suite,
        date=fields.get("Date", ""),
        valid_until=fields.get("Valid-Until", ""),
        valid_until_checked=source.check_valid_until,
    )


def _fields(stanza: str) -> dict[str, str]:
    lines = (line.partition(": ") for line in stanza.splitlines() if line[:1].strip())
    return {key: value for key, separator, value in lines if separator}
