"""Names of files, and folders that are ours alone."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from desktop.core.errors import MoorageError
from desktop.core.paths import SOCKET_PATH_MAX, Home, make_socket_folder, private_folder, resources, short_folder


def test_sockets_live_in_the_machines_folder(tmp_path: Path) -> None:
    files = Home(Path("/home/u/.local/share/moorage")).machine()
    assert files.docker_socket == Path("/home/u/.local/share/moorage/vms/default/docker.sock")


def test_long_base_moves_sockets_to_a_short_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    files = Home(Path("/home/u/" + "x" * 90)).machine()
    assert files.docker_socket.parent.parent == Path("/run/user/1000")
    for socket in (files.docker_socket, files.control_socket, files.console_socket, files.channel_socket):
        assert len(os.fsencode(socket)) <= SOCKET_PATH_MAX


def test_short_folder_stays_the_same_whoever_asks(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    files = Home(home.base / ("x" * 90)).machine()
    private_folder(files.folder)
    for folder in (files.home.base, files.folder):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.base))
        chosen = make_socket_folder(folder)
        assert chosen.parent == home.base and stat.S_IMODE(chosen.stat().st_mode) == 0o700
        monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
        assert short_folder(folder) == make_socket_folder(folder) == chosen
    assert files.docker_socket.parent == chosen


def test_short_folder_that_went_with_a_session_is_chosen_anew(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    folder = private_folder(home.base / ("x" * 90))
    (home.base / "old").mkdir()
    (home.base / "new").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.base / "old"))
    shutil.rmtree(make_socket_folder(folder).parent)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.base / "new"))
    chosen = make_socket_folder(folder)
    assert chosen.parent == home.base / "new"
    assert short_folder(folder) == chosen


def test_copied_folder_has_sockets_of_its_own(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.base))
    folder = private_folder(home.base / ("x" * 90))
    chosen = make_socket_folder(folder)
    copy = home.base / ("y" * 90)
    shutil.copytree(folder, copy)
    assert short_folder(copy) != chosen
    assert make_socket_folder(copy) == short_folder(copy) != chosen
    assert short_folder(folder) == chosen


def test_folder_is_the_same_by_whatever_way_it_is_reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = private_folder(tmp_path / ("x" * 90))
    (tmp_path / ("y" * 90)).symlink_to(folder)
    assert make_socket_folder(folder) == short_folder(tmp_path / ("y" * 90))


@pytest.mark.parametrize("is_noted", [False, True])
def test_planted_parent_of_the_sockets_is_refused(
    monkeypatch: pytest.MonkeyPatch, home: Home, is_noted: bool
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(home.base))
    folder = private_folder(home.base / ("x" * 90))
    parent = home.base / f"moorage-{os.getuid()}"
    if is_noted:
        assert make_socket_folder(folder).parent == parent
        parent.rename(home.base / "planted")
    else:
        (home.base / "planted").mkdir()
    parent.symlink_to(home.base / "planted")
    for act in (make_socket_folder, short_folder):
        with pytest.raises(MoorageError, match=f"{parent} is not a folder"):
            act(folder)


@pytest.mark.parametrize("is_noted", [False, True])
def test_planted_folder_of_the_sockets_is_refused(
    monkeypatch: pytest.MonkeyPatch, home: Home, is_noted: bool
) -> None:
    """A runtime folder in which others write, such as /tmp: who listens in it need not be us."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.base))
    folder = private_folder(home.base / ("x" * 90))
    short = make_socket_folder(folder) if is_noted else short_folder(folder)
    if is_noted:
        short.rename(home.base / "planted")
    else:
        (home.base / "planted").mkdir()
    short.symlink_to(home.base / "planted")
    for act in (make_socket_folder, short_folder):
        with pytest.raises(MoorageError, match=f"{short} is not a folder"):
            act(folder)


def test_parent_of_the_sockets_is_ours_alone(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(home.base))
    folder = private_folder(home.base / ("x" * 90))
    parent = home.base / f"moorage-{os.getuid()}"
    parent.mkdir(mode=0o755)
    for _ in ("chosen", "noted"):
        parent.chmod(0o755)
        assert make_socket_folder(folder).parent == parent
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.getuid() != 0, reason="only root can plant what belongs to another")
def test_parent_of_the_sockets_of_another_user_is_refused(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(home.base))
    folder = private_folder(home.base / ("x" * 90))
    parent = home.base / f"moorage-{os.getuid()}"
    parent.mkdir()
    os.chown(parent, 12345, 12345)
    for act in (make_socket_folder, short_folder):
        with pytest.raises(MoorageError, match=f"{parent} belongs to another user. uid 12345. Set MOORAGE_HOME to a s"):
            act(folder)


@pytest.mark.parametrize("note", [b"", b"relative", b"\xff", b"/" + b"x" * 120])
def test_note_that_leads_nowhere_is_not_followed(tmp_path: Path, note: bytes) -> None:
    folder = private_folder(tmp_path / ("x" * 90))
    before = short_folder(folder)
    (folder / "sockets.path").write_bytes(note)
    assert short_folder(folder) == before


def test_two_long_bases_do_not_share_a_folder() -> None:
    assert short_folder(Path("/a" + "x" * 120)) != short_folder(Path("/b" + "x" * 120))


def test_private_folder_is_made_and_mended(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    private_folder(folder)
    folder.chmod(0o755)
    private_folder(folder)
    assert [stat.S_IMODE(made.stat().st_mode) for made in (folder, folder.parent)] == [0o700, 0o700]


def test_planted_symlink_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(MoorageError, match="not a folder"):
        private_folder(tmp_path / "link")


def test_planted_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MoorageError, match="not a folder"):
        private_folder(tmp_path / "file")


def test_resources_are_found() -> None:
    assert (resources()).is_dir()


@pytest.mark.parametrize("place", ["/proc/nothing/moorage", "/dev/null/moorage"])
def test_a_folder_that_the_system_does_not_let_us_make_has_words(place: str) -> None:
    with pytest.raises(MoorageError, match=r"cannot be used.*Set MOORAGE_HOME"):
        private_folder(Path(place))
