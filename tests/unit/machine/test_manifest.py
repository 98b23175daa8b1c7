"""The manifest finds whatever is not as it was built."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine.image import manifest
from tests.helpers.builds import make_build


async def test_a_build_as_it_was_made_passes(tmp_path: Path) -> None:
    build = make_build(tmp_path / "guest" / "1", files={"kernel": b"k" * 3_000_000, "lib/a.so": b"a"})
    assert (await manifest.verify(build)).files["lib/a.so"].size == 1


async def test_a_flipped_byte_is_found_and_named(tmp_path: Path) -> None:
    build = make_build(tmp_path / "guest" / "1", files={"kernel": b"k" * 3_000_000, "root.erofs": b"r"})
    data = bytearray((build / "kernel").read_bytes())
    data[2_000_000] ^= 1
    (build / "kernel").write_bytes(data)
    with pytest.raises(ImageError, match="kernel is not as it was built"):
        await manifest.verify(build)


async def test_a_missing_and_a_short_file_are_named(tmp_path: Path) -> None:
    build = make_build(tmp_path / "guest" / "1", files={"kernel": b"kk", "initrd": b"i"})
    (build / "kernel").write_bytes(b"k")
    with pytest.raises(ImageError, match="kernel has 1 bytes, not 2"):
        await manifest.verify(build)
    (build / "kernel").unlink()
    with pytest.raises(ImageError, match="kernel cannot be read"):
        await manifest.verify(build)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1', '{"format": "one"}'])
def test_a_manifest_that_makes_no_sense_has_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ImageError, match=r"manifest\.json cannot be read"):
        manifest.read(tmp_path)


def test_a_build_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    build = make_build(tmp_path / "guest" / "1", format=manifest.FORMAT + 1)
    with pytest.raises(ImageError, match="another version of Moorage"):
        manifest.read(build)


def test_the_unpacked_kernel_is_for_emulation_only(tmp_path: Path) -> None:
    build = make_build(tmp_path / "guest" / "1", files={"kernel": b"k", "vmlinux": b"v"})
    assert manifest.kernel(build, emulated=True).name == "vmlinux"
    assert manifest.kernel(build, emulated=False).name == "kernel"
    (build / "vmlinux").unlink()
    assert manifest.kernel(build, emulated=True).name == "kernel"
