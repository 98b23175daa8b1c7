"""Host folders in containers: what is in them, whose it is, what stays hidden, and what does not get out."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import tempfile
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from desktop.core.machine import State
from desktop.machine.process import is_locked
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.connected import connected
from tests.helpers.guest import DEADLINE_S, Guest, end_process, wait_for
from tests.helpers.spare_ids import spare_ids

pytestmark = pytest.mark.vm

COUNT = "exec 3>/mnt/count; n=0; while :; do n=$((n+1)); echo $n >&3 || echo lost >/tmp/lost; sleep 0.1; done"
LOOK = """
cd /mnt; cat changed gone; [ -e new ]; echo looked
until [ "$(cat changed)" = later! ] && [ ! -e gone ] && [ -e new ]; do sleep 0.1; done
"""
# What a database does that begins as root and goes on as a user of its own.
BEGIN_DATABASE = "mkdir -p /mnt/data && chown -R 999:999 /mnt/data && chmod 700 /mnt/data && stat -c %u:%g /mnt/data"
RUN_DATABASE = "cd /mnt/data && mkdir base && echo kept >base/1 && sync base/1 && stat -c %u:%g base/1; touch /mnt/x"
# A folder that is now a folder, now a link that leads out, while another program writes through it.
RACE = """
cd /mnt; mkdir -p real
swap() { while [ ! -e stop ]; do rm -f d; ln -s OUTSIDE d; rm -f d; mv real d; mv d real; done; }
swap 2>/dev/null &
for n in $(seq 100); do echo race >d/canary; cat d/canary; done 2>/dev/null
touch stop; wait
"""


@pytest.fixture
def project(own: Guest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in a home folder, which is shared as by default, has Moorage's own folder in it, and a link as .ssh."""
    home = own.files.home.base.parent
    monkeypatch.setenv("HOME", str(home))
    (home / "keys/new").mkdir(parents=True)
    (home / "keys/new/key").write_text("secret")
    (home / "keys/ssh").symlink_to("new")
    (home / ".ssh").symlink_to(home / "keys/ssh")
    (home / "a project ü").mkdir()
    return home / "a project ü"


class Containers:
    """The engine of a machine that runs."""

    def __init__(self, guest: Guest) -> None:
        self._client = docker.DockerClient(base_url=f"unix://{guest.files.docker_socket}", timeout=300)
        self._client.api.import_image_from_data(busybox_tar(), repository=IMAGE)

    def run(self, command: str, folder: Path, privileged: bool = False, user: str = "0") -> str:
        """What a shell prints in a container that has `folder` at /mnt."""
        container = self.begin(f"{command}\ntrue", folder, privileged, user)
        container.wait()
        output = bytes(container.logs()).decode()
        container.remove()
        return output

    def begin(self, command: str, folder: Path, privileged: bool = False, user: str = "0") -> Container:
        words = ["sh", "-c", command]
        return self._client.containers.run(
            IMAGE, words, volumes=[f"{folder}:/mnt"], privileged=privileged, user=user, detach=True
        )  # fmt: skip

    def close(self) -> None:
        self._client.close()


def virtiofsds(guest: Guest) -> list[int]:
    """Those that serve the home folder."""
    mark = f"--shared-dir={guest.files.home.base.parent}".encode()
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _has(entry, mark)]


def _has(process: Path, mark: bytes) -> bool:
    try:
        words = (process / "cmdline").read_bytes()
        return mark in words and b"share_room.py" not in words
    except OSError:
        return False


async def test_containers_use_what_is_in_the_home_folder_but_for_secrets(own: Guest, project: Path) -> None:
    status = await own.client.start()
    assert not any("not shared" in words for words in status.warnings)
    containers = await asyncio.to_thread(Containers, own)
    try:
        await asyncio.to_thread(use, containers, project)
        await asyncio.to_thread(keep_a_database, containers, project)
        await asyncio.to_thread(look_for_secrets, containers, own)
        await asyncio.to_thread(try_to_escape, containers, project)
        await sees_what_the_host_changes(containers, project)
        await is_marked_where_it_sees_nothing_of_the_host(containers, own, project, status.vm.shares)
    finally:
        containers.close()
    assert len(virtiofsds(own)) == 1
    await own.client.stop()
    await wait_for(lambda: virtiofsds(own) == [])  # each ends by itself when its QEMU has


def use(containers: Containers, project: Path) -> None:
    (project / "from-host").write_text("hello")
    assert containers.run("cat /mnt/from-host", project) == "hello"
    said = containers.run("cd /mnt && echo hi >made && mkdir of && chown 999:999 made of && chmod 664 made", project)
    assert said == ""
    made = (project / "made").stat()
    assert (project / "made").read_text() == "hi\n" and made.st_mode & 0o777 == 0o664
    assert (made.st_uid, made.st_gid) == owner_outside(999)
    assert (project / "of").stat().st_mode & 0o777 == 0o755
    assert containers.run("stat -c %u:%g /mnt/from-host", project) == f"{os.getuid()}:{os.getgid()}\n"


def owner_outside(number: int) -> tuple[int, int]:
    """Who on the host is user and group `number` of a container."""
    spare = spare_ids()
    return (os.getuid(), os.getgid()) if spare is None else (spare[0] + number - 1, spare[1] + number - 1)


def keep_a_database(containers: Containers, project: Path) -> None:
    """Its files are those of the user that it changes to, where the host has an id for that one. Else they are the host
    user's, and it is refused."""
    has_ids = spare_ids() is not None
    owner = "999:999\n" if has_ids else f"{os.getuid()}:{os.getgid()}\n"
    assert containers.run(BEGIN_DATABASE, project) == owner
    data = (project / "data").stat()
    assert (data.st_uid, data.st_gid) == owner_outside(999)
    said = containers.run(RUN_DATABASE, project, user="999:999")
    assert said.startswith(owner) is has_ids and said.endswith("Permission denied\n")
    said = containers.run("chown -R 0:0 /mnt/data && cat /mnt/data/base/1", project)
    assert (said == "kept\n") is has_ids
    data = (project / "data").stat()
    assert (data.st_uid, data.st_gid) == (os.getuid(), os.getgid())


def look_for_secrets(containers: Containers, own: Guest) -> None:
    home, base = own.files.home.base.parent, own.files.home.base.name
    looks = f"cd /mnt; find . -maxdepth 1; cd '{base}'; find . ../.gnupg; find ../keys | sort"
    shown = containers.run(looks, home).splitlines()
    assert {"./.ssh", "./.gnupg"} < set(shown)
    assert shown[-5:] == [".", "../.gnupg", "../keys", "../keys/new", "../keys/ssh"]
    tries = "rm .ssh; mv .ssh away; ln -sfn x .ssh; rm -r .gnupg; cd keys; echo x >new/key; ln new/key out; cat new/key"
    swaps = "rm ssh; ln -sfn .. ssh; umount new; mv new away; rmdir new; cd ..; umount keys; mv -T keys away"
    swaps += "; mkdir -p .ssh keys/new; echo x >keys/new/x"
    said = containers.run(f"cd /mnt; {tries}; {swaps}", home, privileged=True)
    assert "secret" not in said and (home / ".ssh").resolve() == home / "keys/new"
    assert [(path.name, path.read_text()) for path in (home / ".ssh").iterdir()] == [("key", "secret")]
    assert list((home / ".gnupg").iterdir()) == [] and not (home / "keys/out").exists()


def try_to_escape(containers: Containers, project: Path) -> None:
    outside = project.parent.parent / f"{project.parent.name}-outside"
    outside.mkdir()
    try:
        (outside / "canary").write_text("alive")
        (project / "link").symlink_to(outside)
        os.mkfifo(project / "fifo")
        if os.getuid() == 0:  # others have no device nodes among their files
            os.mknod(project / "zero", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
        said = containers.run(
            f"cd /mnt; cat link/canary; cat ../../../..{outside}/canary; echo x >link/canary; echo x >link/new;"
            f"ln -s {outside}/canary mine; cat mine; echo x >mine; mknod disk b 8 0; mknod null c 1 3;"
            "timeout 1 cat fifo; timeout 1 sh -c 'echo x >fifo'; head -c 4 zero",
            project,
        )
        said += containers.run(RACE.replace("OUTSIDE", str(outside)), project)
        assert "alive" not in said and "\0" not in said
        assert (outside / "canary").read_text() == "alive" and len(list(outside.iterdir())) == 1
        assert not (project / "disk").exists() and not (project / "null").exists()
        assert containers.run("cat /mnt/from-host", project) == "hello"
    finally:
        (outside / "canary").unlink()
        outside.rmdir()


async def sees_what_the_host_changes(containers: Containers, project: Path) -> None:
    """Contents of the same length, a name that goes and one that comes, all of which were looked at before."""
    for name in ("changed", "gone"):
        (project / name).write_text("before")
    container = await asyncio.to_thread(containers.begin, LOOK, project)
    await wait_for(lambda: b"looked" in container.logs())
    (project / "changed").write_text("later!")
    (project / "gone").unlink()
    (project / "new").touch()
    assert (await asyncio.to_thread(container.wait, timeout=DEADLINE_S))["StatusCode"] == 0


async def is_marked_where_it_sees_nothing_of_the_host(
    containers: Containers, own: Guest, project: Path, shares: tuple[str, ...]
) -> None:
    """The engine makes a folder of its own where the guest can be written to, and refuses one elsewhere."""
    assert shares == (str(project.parent),)
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # beside the home folder of the test
        outside = Path(name)
        (outside / "of-the-host").touch()
        seen = await asyncio.to_thread(containers.begin, "ls -A /mnt; touch /mnt/lost", outside)
        beside = await asyncio.to_thread(containers.begin, "true", project)
        async with connected(own.files, shares) as engine:
            await wait_for(lambda: engine.containers.get(beside.id) is not None)
            assert [c.unshared for c in engine.containers if c.id == seen.id] == [(name,)]
            assert [c.unshared for c in engine.containers if c.id == beside.id] == [()]
        seen.wait()
        assert seen.logs() == b"" and [path.name for path in outside.iterdir()] == ["of-the-host"]
    with pytest.raises(docker.errors.APIError, match="read-only file system"):
        await asyncio.to_thread(containers.begin, "true", Path("/srv/of-nobody"))


async def test_an_open_file_outlives_suspend_and_the_supervisor(own: Guest, project: Path) -> None:
    await own.client.start()
    containers = await asyncio.to_thread(Containers, own)
    counting = await asyncio.to_thread(containers.begin, COUNT, project)
    holding = await asyncio.to_thread(containers.begin, "exec 3>/mnt/gone; sleep 600", project)
    await goes_on(project / "count")
    await own.client.suspend()
    await wait_for(lambda: virtiofsds(own) == [])
    (project / "gone").unlink()  # what a container has open, and nobody can open again
    await own.client.start()  # from memory
    await goes_on(project / "count")
    await own.kill_supervisor()
    await goes_on(project / "count")  # nobody is needed for it
    assert (await own.client.start()).state is State.RUNNING
    await own.client.suspend()
    await wait_for(own.files.suspended.exists)
    await own.client.quit()
    await wait_for(lambda: not is_locked(own.files.supervisor_lock))
    await own.client.start()  # from disk
    await goes_on(project / "count")
    assert b"lost" not in await asyncio.to_thread(counting.logs)
    await asyncio.to_thread(holding.reload)
    assert holding.status == "running"
    qemu = await own.qemu_pid()
    await own.kill_supervisor()
    await end_process(qemu, signal.SIGKILL)
    await wait_for(lambda: virtiofsds(own) == [])
    containers.close()


async def goes_on(count: Path) -> None:
    before = count.stat().st_size
    await wait_for(lambda: count.stat().st_size > before + 20)
