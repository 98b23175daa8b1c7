"""Contexts on disk, as the docker command reads and writes them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from desktop.core.engine import SystemSocket
from desktop.core.errors import EngineError, SettingsError
from desktop.engine.context import DecidedBy, DockerContexts, docker_command, docker_package, system_socket

SOCKET = Path("/x/docker.sock")
# sha256 of names, as they stand in real docker folders
COLIMA = "f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".docker").mkdir()
    return tmp_path / ".docker"


def contexts(folder: Path, **environment: str) -> DockerContexts:
    return DockerContexts({"HOME": str(folder.parent), **environment})


def put_context(folder: Path, digest: str, name: str, host: str) -> None:
    meta = folder / "contexts" / "meta" / digest / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host}}}))


def config(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "config.json").read_text())
    return loaded


def test_writing_makes_nothing_current(folder: Path) -> None:
    contexts(folder).write(SOCKET)
    assert not (folder / "config.json").exists()
    assert contexts(folder).current().decided_by is DecidedBy.NOTHING
    assert contexts(folder, DOCKER_CONTEXT="moorage").current().leads_to(SOCKET)


def test_use_remembers_and_gives_back(folder: Path) -> None:
    put_context(folder, COLIMA, "colima", "unix:///c.sock")
    (folder / "config.json").write_text('{"auths": {"x": {}}, "currentContext": "colima", "credsStore": "pass"}')
    (folder / "config.json").chmod(0o640)
    contexts(folder).use(SOCKET)
    assert contexts(folder).current().leads_to(SOCKET)
    contexts(folder).write(SOCKET)  # as the next start does
    contexts(folder).stop_using()
    assert config(folder) == {"auths": {"x": {}}, "currentContext": "colima", "credsStore": "pass"}
    assert stat.S_IMODE((folder / "config.json").stat().st_mode) == 0o640


def test_previous_context_that_is_gone_is_not_given_back(folder: Path) -> None:
    (folder / "config.json").write_text('{"currentContext": "colima"}')
    contexts(folder).use(SOCKET)
    contexts(folder).stop_using()
    assert config(folder) == {}


def test_a_later_choice_of_the_user_stays(folder: Path) -> None:
    contexts(folder).use(SOCKET)
    put_context(folder, COLIMA, "colima", "unix:///c.sock")
    (folder / "config.json").write_text('{"currentContext": "colima"}')
    contexts(folder).stop_using()
    assert config(folder) == {"currentContext": "colima"}


def test_removal_of_the_current_one_switches_first(folder: Path) -> None:
    contexts(folder).use(SOCKET)
    contexts(folder).remove(SOCKET)
    assert config(folder) == {}
    assert list((folder / "contexts" / "meta").iterdir()) == []


def test_removal_leaves_the_engine_of_another_home_its_context(folder: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "docker.sock"
    theirs.touch()
    contexts(folder).use(theirs)
    contexts(folder).remove(SOCKET)
    assert contexts(folder).current().leads_to(theirs)
    theirs.unlink()
    contexts(folder).remove(SOCKET)
    assert config(folder) == {}


def test_context_of_the_same_name_by_others_is_left_alone(folder: Path) -> None:
    contexts(folder).write(SOCKET)
    (meta,) = (folder / "contexts" / "meta").glob("*/meta.json")
    meta.write_text('{"Name": "moorage", "Metadata": {"Description": "mine"}}')
    for act in (lambda: contexts(folder).write(SOCKET), lambda: contexts(folder).remove(SOCKET)):
        with pytest.raises(EngineError, match="not made by Moorage"):
            act()
    assert "mine" in meta.read_text()


def test_link_to_the_config_stays_a_link(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    real.write_text('{"detachKeys": "ctrl-q"}')
    (folder / "config.json").symlink_to(real)
    contexts(folder).use(SOCKET)
    assert (folder / "config.json").is_symlink()
    assert json.loads(real.read_text()) == {"detachKeys": "ctrl-q", "currentContext": "moorage"}


@pytest.mark.parametrize("broken", ['{"auths": ', "[1]", "\udcff", "[" * 100_000])
def test_broken_config_is_named_and_kept(folder: Path, broken: str) -> None:
    raw = broken.encode("utf-8", "surrogateescape")
    (folder / "config.json").write_bytes(raw)
    with pytest.raises(SettingsError, match=r"config\.json cannot be read"):
        contexts(folder).use(SOCKET)
    assert (folder / "config.json").read_bytes() == raw


def test_environment_outranks_the_config(folder: Path) -> None:
    contexts(folder).use(SOCKET)
    by_host = contexts(folder, DOCKER_HOST="unix:///other.sock", DOCKER_CONTEXT="moorage").current()
    assert (by_host.name, by_host.decided_by) == ("default", DecidedBy.DOCKER_HOST)
    assert not by_host.leads_to(SOCKET)
    by_context = contexts(folder, DOCKER_CONTEXT="nowhere").current()
    assert (by_context.name, by_context.endpoint) == ("nowhere", "")


def test_link_at_the_systems_place_leads_to_us(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "docker.sock").symlink_to(SOCKET)
    assert contexts(folder, DOCKER_HOST=f"unix://{tmp_path}/docker.sock").current().leads_to(SOCKET)


def test_docker_folder_is_where_the_variable_says(tmp_path: Path) -> None:
    DockerContexts({"HOME": "/nowhere", "DOCKER_CONFIG": str(tmp_path / "d")}).use(SOCKET)
    assert (tmp_path / "d" / "config.json").exists()


def test_files_are_the_users_alone(folder: Path) -> None:
    contexts(folder).use(SOCKET)
    made = [folder / "config.json", *(folder / "contexts").rglob("meta.json")]
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_command_is_found_beside_the_path(tmp_path: Path) -> None:
    command = tmp_path / "docker"
    command.touch(0o755)
    assert docker_command({"PATH": str(tmp_path)}) == command
    os.chmod(command, 0o644)
    assert docker_command({"PATH": str(tmp_path)}) != command


def test_what_is_at_the_systems_socket(tmp_path: Path) -> None:
    ours, place = tmp_path / "docker.sock", tmp_path / "system.sock"
    assert system_socket(ours, place) is SystemSocket.FREE
    place.symlink_to(ours)
    assert system_socket(ours, place) is SystemSocket.OURS
    place.unlink()
    place.symlink_to(tmp_path / "gone")
    assert system_socket(ours, place) is SystemSocket.TAKEN
    place.unlink()
    place.touch()
    assert system_socket(ours, place) is SystemSocket.TAKEN


def test_where_the_docker_command_comes_from() -> None:
    assert docker_package("darwin").endswith("brew install docker")
    assert "apt install docker-cli" in docker_package("linux")


def test_half_a_character_that_others_wrote_stays_as_it_was(folder: Path) -> None:
    """JSON has room for it, UTF-8 has not."""
    (folder / "config.json").write_text(r'{"HttpHeaders": {"a": "\ud83d", "b": "\udc80"}, "credsStore": "pass"}')
    contexts(folder).use(SOCKET)
    contexts(folder).stop_using()
    assert config(folder) == {"HttpHeaders": {"a": "\ud83d", "b": "\udc80"}, "credsStore": "pass"}
