"""The data disk's file."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.machine import disk
from tests.helpers.e2fsck import e2fsprogs

NEW = "disk.new"


def test_new_disk_is_sparse_and_private(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, file.with_name(NEW), 2048)
    assert file.stat().st_size == 2048 << 20
    assert disk.used_mib(file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_disk_grows_to_a_higher_limit_and_keeps_its_content(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, file.with_name(NEW), 2048)
    disk.note_use(file.with_name(NEW))
    with file.open("r+b") as stream:
        stream.write(b"precious")
    disk.prepare(file, file.with_name(NEW), 4096)
    assert file.stat().st_size == 4096 << 20
    with file.open("rb") as stream:
        assert stream.read(8) == b"precious"


def test_a_disk_is_new_until_something_is_written_to_it(tmp_path: Path) -> None:
    """However far from its beginning, and however much of it is zeros again: what is on it may be a file system."""
    file = tmp_path / "data.raw"
    assert disk.prepare(file, file.with_name(NEW), 2048)
    assert disk.prepare(file, file.with_name(NEW), 4096)  # as after a first start that never came to the guest
    disk.note_use(file.with_name(NEW))
    with file.open("r+b") as stream:
        stream.seek(1 << 30)
        stream.write(b"precious")
    assert not disk.prepare(file, file.with_name(NEW), 4096)


def test_a_disk_of_zeros_that_were_written_is_not_new(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    file.write_bytes(bytes(8 << 20))
    assert not disk.prepare(file, file.with_name(NEW), 2048)


def make_file_system(file: Path) -> None:
    """As the guest does."""
    options = "nodiscard,assume_storage_prezeroed=1"
    subprocess.run([e2fsprogs("mke2fs"), "-q", "-t", "ext4", "-m", "0", "-E", options, file], check=True)


def cut_off(file: Path) -> None:
    """As a file system that was not made to its end: what tells that it is one is written last."""
    with file.open("r+b") as stream:
        stream.seek(disk.MAGIC_AT)
        stream.write(bytes(2))


def begins_of(file: Path) -> int:
    """How much of it is more than a hole."""
    return file.stat().st_blocks


def test_a_file_system_that_was_not_made_to_its_end_is_begun_anew(tmp_path: Path) -> None:
    file, new = tmp_path / "data.raw", tmp_path / NEW
    disk.prepare(file, new, 2048)
    make_file_system(file)
    cut_off(file)
    for _ in range(2):
        assert disk.prepare(file, new, 2048)
        assert (begins_of(file), file.stat().st_size) == (0, 2048 << 20)


def test_a_file_system_that_was_made_is_kept_whatever_is_marked(tmp_path: Path) -> None:
    file, new = tmp_path / "data.raw", tmp_path / NEW
    disk.prepare(file, new, 2048)
    make_file_system(file)
    assert not disk.prepare(file, new, 2048)
    assert begins_of(file) > 0
    assert subprocess.run([e2fsprogs("e2fsck"), "-fn", file], capture_output=True).returncode == 0


def test_a_disk_that_an_engine_has_used_is_left_alone_whatever_it_looks_like(tmp_path: Path) -> None:
    file, new = tmp_path / "data.raw", tmp_path / NEW
    disk.prepare(file, new, 2048)
    make_file_system(file)
    disk.note_use(new)
    cut_off(file)
    assert not disk.prepare(file, new, 2048)
    assert begins_of(file) > 0


@pytest.mark.parametrize("how", ["another file", "copied into it", "a mark that is cut off"])
def test_a_disk_that_came_in_the_place_of_a_new_one_is_left_alone(tmp_path: Path, how: str) -> None:
    """One of the user's from elsewhere, damaged where its file system begins."""
    file, new = tmp_path / "data.raw", tmp_path / NEW
    disk.prepare(file, new, 2048)
    other = tmp_path / "other"
    other.write_bytes(b"precious" * ((disk.UNUSED_MIB + 1 << 20) // 8))
    if how == "another file":
        other.write_bytes(b"precious")
        other.replace(file)
    elif how == "copied into it":
        shutil.copyfile(other, file)
    else:
        with file.open("r+b") as stream:
            stream.write(b"precious")
        new.write_bytes(b"")
    assert not disk.prepare(file, new, 2048)
    with file.open("rb") as stream:
        assert stream.read(8) == b"precious"


def test_a_mark_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / NEW).mkdir()
    with pytest.raises(MachineError, match=f"{NEW}: Is a directory"):
        disk.prepare(tmp_path / "data.raw", tmp_path / NEW, 2048)


def test_a_reset_disk_leaves_no_mark(tmp_path: Path) -> None:
    file, new = tmp_path / "data.raw", tmp_path / NEW
    disk.prepare(file, new, 2048)
    disk.discard(file, new)
    assert list(tmp_path.iterdir()) == []


def test_disk_never_shrinks(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, file.with_name(NEW), 4096)
    disk.prepare(file, file.with_name(NEW), 2048)
    assert file.stat().st_size == 4096 << 20 and disk.limit_mib(file, 2048) == 4096


def test_lower_limit_holds_after_the_engines_data_were_deleted(tmp_path: Path) -> None:
    file = tmp_path / "data.raw"
    disk.prepare(file, file.with_name(NEW), 4096)
    disk.discard(file, file.with_name(NEW))
    disk.prepare(file, file.with_name(NEW), 2048)
    assert file.stat().st_size == 2048 << 20


def test_a_disk_that_is_a_link_is_what_that_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere there is more room; what is deleted is not the way there."""
    (tmp_path / "large").mkdir()
    file, real = tmp_path / "data.raw", tmp_path / "large/disk"
    file.symlink_to(real)
    disk.prepare(file, file.with_name(NEW), 2048)
    assert real.stat().st_size == 2048 << 20
    looked_at: list[str] = []
    usage = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: looked_at.append(str(path)) or usage(path))
    disk.check_room(file, 0)
    assert looked_at == [str(real.parent)]
    disk.discard(file, file.with_name(NEW))
    assert not real.exists() and file.is_symlink()
    disk.prepare(file, file.with_name(NEW), 2048)
    assert real.exists()


def test_full_host_is_refused_with_what_is_needed_and_what_is_there(tmp_path: Path) -> None:
    have_mib = disk.free_mib(tmp_path / "data.raw")
    with pytest.raises(MachineError, match=rf"MiB free, the machine needs {have_mib * 2} MiB"):
        disk.check_room(tmp_path / "data.raw", have_mib * 2)


def test_folder_instead_of_a_disk_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "data.raw").mkdir()
    with pytest.raises(MachineError, match="cannot be made"):
        disk.prepare(tmp_path / "data.raw", tmp_path / NEW, 2048)


def test_missing_disk_uses_nothing(tmp_path: Path) -> None:
    assert disk.used_mib(tmp_path / "data.raw") == 0
