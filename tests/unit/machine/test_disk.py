"""The data disk's file."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.machine import disk


def test_new_disk_is_sparse_and_private(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, 2048)
    assert file.stat().st_size == 2048 << 20
    assert disk.used_mib(file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_disk_grows_to_a_higher_limit_and_keeps_its_content(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, 2048)
    with file.open("r+b") as stream:
        stream.write(b"precious")
    disk.prepare(file, 4096)
    assert file.stat().st_size == 4096 << 20
    with file.open("rb") as stream:
        assert stream.read(8) == b"precious"


def test_a_disk_is_new_until_something_is_written_to_it(tmp_path: Path) -> None:
    """However far from its beginning, and however much of it is zeros again: what is on it may be a file system."""
    file = tmp_path / "data.raw"
    assert disk.prepare(file, 2048)
    assert disk.prepare(file, 4096)  # as after a first start that never came to the guest
    with file.open("r+b") as stream:
        stream.seek(1 << 30)
        stream.write(b"precious")
    assert not disk.prepare(file, 4096)


def test_a_disk_of_zeros_that_were_written_is_not_new(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    file.write_bytes(bytes(8 << 20))
    assert not disk.prepare(file, 2048)


def test_disk_never_shrinks(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, 4096)
    disk.prepare(file, 2048)
    assert file.stat().st_size == 4096 << 20 and disk.limit_mib(file, 2048) == 4096


def test_lower_limit_holds_after_the_engines_data_were_deleted(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, 4096)
    disk.discard(file)
    disk.prepare(file, 2048)
    assert file.stat().st_size == 2048 << 20


def test_a_disk_that_is_a_link_is_what_that_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere there is more room; what is deleted is not the way there."""
    (tmp_path / "large").mkdir()
    file, real = tmp_path / "data.raw", tmp_path / "large/disk"
    file.symlink_to(real)
    disk.prepare(file, 2048)
    assert real.stat().st_size == 2048 << 20
    looked_at: list[str] = []
    usage = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: looked_at.append(str(path)) or usage(path))
    disk.check_room(file, 0)
    assert looked_at == [str(real.parent)]
    disk.discard(file)
    assert not real.exists() and file.is_symlink()
    disk.prepare(file, 2048)
    assert real.exists()


def test_full_host_is_refused_with_what_is_needed_and_what_is_there(tmp_path: Path) -> None:
    have_mib = disk.free_mib(tmp_path / "data.raw")
    with pytest.raises(MachineError, match=rf"MiB free, the machine needs {have_mib * 2} MiB"):
        disk.check_room(tmp_path / "data.raw", have_mib * 2)


def test_folder_instead_of_a_disk_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "data.raw").mkdir()
    with pytest.raises(MachineError, match="cannot be made"):
        disk.prepare(tmp_path / "data.raw", 2048)


def test_missing_disk_uses_nothing(tmp_path: Path) -> None:
    assert disk.used_mib(tmp_path / "data.raw") == 0
