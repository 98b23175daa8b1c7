"""A file that is replaced is the old one or the new one, and nothing else stays of it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.replaced_file import replace_file, written_aside


@pytest.fixture(params=["without a name", "with one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Not every system, nor every disk, has files without a name."""
    if request.param == "with one":
        monkeypatch.delattr(os, "O_TMPFILE")
    return str(request.param)


def test_the_old_one_stays_until_the_new_one_is_whole(tmp_path: Path, way: str) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    file.chmod(0o640)
    with written_aside(file) as made:
        made.write(b"new")
        made.flush()
        assert file.read_text() == "old"
    assert file.read_text() == "new" and stat.S_IMODE(file.stat().st_mode) == 0o640
    with pytest.raises(ValueError, match="half way"), written_aside(file) as made:
        made.write(b"half")
        raise ValueError("half way")
    assert file.read_text() == "new" and list(tmp_path.iterdir()) == [file]


def test_a_link_stays_one_and_a_new_file_is_for_its_owner(tmp_path: Path, way: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_the_longest_name_will_do(tmp_path: Path, way: str) -> None:
    replace_file(tmp_path / ("😀" * 63), b"new")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["new"]


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no files without a name")
def test_nothing_is_left_of_one_whose_writer_is_killed(tmp_path: Path) -> None:
    """As by quitting in the middle of an export: gigabytes stayed in the folder, under a name that nobody looks at."""
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom desktop.core.replaced_file import written_aside\n"
        f"with written_aside(Path({str(tmp_path / 'file')!r})) as made:\n"
        "    made.write(bytes(1 << 20))\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_left_alone(tmp_path: Path, way: str) -> None:
    """Root would have a file in the place of /dev/null, where a link in its home folder leads there."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "pipe").is_fifo()
