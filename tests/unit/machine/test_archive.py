"""An archive carries builds to another host, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import tarfile
from pathlib import Path

import msgspec
import pytest

from desktop.core.errors import ImageError
from desktop.machine.image import archive, manifest
from tests.helpers.builds import make_build

RUNTIME = {"bin/qemu": b"\x7fELF" + b"q" * 2_000_000, "share/qemu/bios.bin": b"bios"}


def targets_in(home: Path) -> dict[str, Path]:
    return {kind: home / kind for kind in ("runtime", "guest")}


def nothing(_: float) -> None:
    pass


async def exported(tmp_path: Path) -> Path:
    runtime = make_build(tmp_path / "from/runtime/q1", RUNTIME, kind="runtime")
    guest = make_build(tmp_path / "from/guest/d1", {"kernel": b"kernel", "root.erofs": b"root" * 500_000})
    await archive.export_archive(tmp_path / "moorage.tar.gz", [runtime, guest], nothing)
    return tmp_path / "moorage.tar.gz"


def rewritten(file: Path, change: dict[str, bytes | tarfile.TarInfo | None]) -> Path:
    """`file` with members changed, left out (None) or added (a member of its own kind)."""
    target = file.with_name("changed.tar.gz")
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = change.get(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            if isinstance(data, bytes):
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
        for name, added in change.items():
            if isinstance(added, tarfile.TarInfo):
                added.name = name
                new.addfile(added, io.BytesIO(b""))
    return target


async def test_what_was_exported_is_imported_whole(tmp_path: Path) -> None:
    shares: list[float] = []
    file = await exported(tmp_path)
    found = await archive.import_archive(file, targets_in(tmp_path / "to"), "amd64", shares.append)
    assert found == {"runtime": tmp_path / "to/runtime/q1", "guest": tmp_path / "to/guest/d1"}
    for folder in found.values():
        await manifest.verify(folder)
    assert (found["runtime"] / "bin/qemu").stat().st_mode & 0o777 == 0o700
    assert shares == sorted(shares) and shares[-1] <= 1


async def test_a_host_without_a_runtime_of_its_own_takes_the_guest_only(tmp_path: Path) -> None:
    file = await exported(tmp_path)
    found = await archive.import_archive(file, {"guest": tmp_path / "to/guest"}, "amd64", nothing)
    assert list(found) == ["guest"]
    assert not (tmp_path / "to/runtime").exists()


async def test_a_damaged_build_is_not_exported(tmp_path: Path) -> None:
    guest = make_build(tmp_path / "guest/d1", {"kernel": b"kernel"})
    (guest / "kernel").write_bytes(b"kErnel")
    with pytest.raises(ImageError, match="kernel is not as it was built"):
        await archive.export_archive(tmp_path / "out.tar.gz", [guest], nothing)
    assert [entry.name for entry in os.scandir(tmp_path)] == ["guest"]


async def test_an_export_with_no_room_or_place_has_words_and_leaves_nothing(tmp_path: Path) -> None:
    guest = make_build(tmp_path / "guest/d1")
    with pytest.raises(ImageError, match="could not be written"):
        await archive.export_archive(tmp_path / "missing" / "out.tar.gz", [guest], nothing)


async def test_an_export_that_is_cancelled_stops_and_leaves_nothing(tmp_path: Path) -> None:
    """Cancelled from the first piece on, and never told of the last."""
    guest = make_build(tmp_path / "guest/d1", {"root.erofs": b"root" * 5_000_000})
    loop = asyncio.get_running_loop()
    shares: list[float] = []

    async def cancel() -> None:
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def see(share: float) -> None:
        shares.append(share)
        if len(shares) == 1:
            asyncio.run_coroutine_threadsafe(cancel(), loop).result()

    task = asyncio.create_task(archive.export_archive(tmp_path / "out.tar.gz", [guest], see))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(shares) < 5
    assert [entry.name for entry in os.scandir(tmp_path)] == ["guest"]


def link(kind: bytes, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo()
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "change",
    [
        {"guest/root.erofs": b"root" * 499_999 + b"rooT"},
        {"guest/root.erofs": b"root"},
        {"guest/root.erofs": b"root" * 500_001},
        {"guest/root.erofs": None},
        {"guest/manifest.json": None},
        {"guest/manifest.json": b"{}"},
        {"guest/more": tarfile.TarInfo()},
        {"guest/kernel": tarfile.TarInfo()},
        {"../outside": tarfile.TarInfo()},
        {"guest/../../outside": tarfile.TarInfo()},
        {"/outside": tarfile.TarInfo()},
        {"guest/link": link(tarfile.SYMTYPE, "/etc")},
        {"guest/link": link(tarfile.LNKTYPE, "guest/kernel")},
        {"guest/device": link(tarfile.CHRTYPE, "")},
    ],
    ids=lambda change: f"{next(iter(change))}",
)
async def test_an_archive_with_anything_wrong_leaves_nothing(tmp_path: Path, change: dict[str, object]) -> None:
    file = rewritten(await exported(tmp_path), change)  # type: ignore[arg-type]
    with pytest.raises(ImageError):
        await archive.import_archive(file, targets_in(tmp_path / "to"), "amd64", nothing)
    left = sorted(path.relative_to(tmp_path / "to").as_posix() for path in (tmp_path / "to").rglob("*"))
    assert left == ["guest", "guest/.lock", "runtime", "runtime/.lock"]
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("name", ["../../evil", "/evil", "a//b", "a/./b", ".hidden", "manifest.json", ""])
async def test_names_in_a_manifest_cannot_lead_elsewhere(tmp_path: Path, name: str) -> None:
    record = manifest.FileRecord(size=0, sha256=hashlib.sha256(b"").hexdigest())
    guest = make_build(tmp_path / "guest/d1")
    described = msgspec.structs.replace(manifest.read(guest), files={name: record})
    (guest / manifest.NAME).write_bytes(msgspec.json.encode(described))
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as made:
        made.add(guest / "manifest.json", "guest/manifest.json")
    with pytest.raises(ImageError, match="names"):
        await archive.import_archive(file, targets_in(tmp_path / "to"), "amd64", nothing)


async def test_an_archive_for_other_hosts_says_so(tmp_path: Path) -> None:
    file = await exported(tmp_path)
    with pytest.raises(ImageError, match="amd64 hosts"):
        await archive.import_archive(file, targets_in(tmp_path / "to"), "arm64", nothing)


@pytest.mark.parametrize("data", [b"", b"no archive at all", b"\x1f\x8b\x08\x00half"])
async def test_a_file_that_is_no_archive_has_words(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(ImageError, match="was not imported"):
        await archive.import_archive(tmp_path / "file", targets_in(tmp_path / "to"), "amd64", nothing)


async def test_a_file_that_the_system_refuses_is_told_so_and_not_to_be_exported_again(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refused:
        await archive.import_archive(tmp_path / "nowhere", targets_in(tmp_path / "to"), "amd64", nothing)
    assert (refused.value.why, refused.value.next_step) == ("No such file or directory", "")


async def test_half_an_archive_is_refused(tmp_path: Path) -> None:
    file = await exported(tmp_path)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(ImageError, match="was not imported"):
        await archive.import_archive(file, targets_in(tmp_path / "to"), "amd64", nothing)


@pytest.mark.parametrize("text", ["", "root:x:0:0::/root:/bin/sh\n"])
async def test_another_file_is_called_no_archive(tmp_path: Path, text: str) -> None:
    """And not what each way to unpack says of it, a line each."""
    file = tmp_path / "passwd"
    file.write_text(text)
    with pytest.raises(ImageError) as caught:
        await archive.import_archive(file, targets_in(tmp_path / "to"), "amd64", nothing)
    assert caught.value.why == "it is no archive"


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
async def test_an_archive_with_damage_in_its_packing_is_refused(tmp_path: Path, packing: str) -> None:
    with tarfile.open(await exported(tmp_path)) as old:
        members = [(member, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
    damaged = tmp_path / "damaged"
    with tarfile.open(damaged, f"w:{packing}") as new:  # type: ignore[call-overload]
        for member, data in members:
            new.addfile(member, io.BytesIO(data))
    data = bytearray(damaged.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = b"\xff" * 64
    damaged.write_bytes(data)
    with pytest.raises(ImageError, match="was not imported"):
        await archive.import_archive(damaged, targets_in(tmp_path / "to"), "amd64", nothing)
    assert not (tmp_path / "to/guest/d1").exists()
