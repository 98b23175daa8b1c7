"""Names of files, and folders that are ours alone."""

import os
import stat
from pathlib import Path

import pytest

from desktop.core.errors import MoorageError
from desktop.core.paths import SOCKET_PATH_MAX, Home, private_folder, resources, short_folder


def test_sockets_live_in_the_machines_folder(tmp_path: Path) -> None:
    files = Home(Path("/home/u/.local/share/moorage")).machine()
    assert files.docker_socket == Path("/home/u/.local/share/moorage/vms/default/docker.sock")


def test_long_base_moves_sockets_to_a_short_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    files = Home(Path("/home/u/" + "x" * 90)).machine()
    assert files.docker_socket.parent.parent == Path("/run/user/1000")
    for socket in (files.docker_socket, files.control_socket, files.console_socket, files.channel_socket):
        assert len(os.fsencode(socket)) <= SOCKET_PATH_MAX


def test_two_long_bases_do_not_share_a_folder() -> None:
    assert short_folder(Path("/a" + "x" * 120)) != short_folder(Path("/b" + "x" * 120))


def test_private_folder_is_made_and_mended(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    private_folder(folder)
    folder.chmod(0o755)
    private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


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
