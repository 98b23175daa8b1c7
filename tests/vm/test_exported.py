"""Host folders where there is no virtiofsd: served by QEMU itself, by 9p."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.core.machine import State
from desktop.machine import runtime
from desktop.machine.image import versions
from tests.helpers.guest import Guest

from .test_shares import RACE, Containers, goes_on

pytestmark = [
    pytest.mark.vm,
    pytest.mark.skipif(os.geteuid() == 0, reason="root shares nothing by 9p; the ordinary user has this test"),
]

COUNT = "n=0; while :; do n=$((n+1)); echo $n >>/mnt/count; sleep 0.1; done"


@pytest.fixture
def project(own: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shared folder of a machine whose QEMU is the system's, and that comes without a virtiofsd."""
    if shutil.which("virtiofsd", path=f"{os.environ['PATH']}:{runtime.HELPERS}"):
        pytest.skip("this system has a virtiofsd")
    folder = versions.newest(own.files.home.runtime)
    assert folder is not None
    mine = runtime.own(folder)
    script = tmp_path / mine.executable.name
    environment = " ".join(f"{key}={shlex.quote(value)}" for key, value in mine.environment.items())
    script.write_text(f'#!/bin/sh\n{environment} exec {shlex.join(mine.argv)} "$@"\n')
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    home = own.files.home.base.parent
    monkeypatch.setenv("HOME", str(home))
    project = home / "a project, ü"
    (project / "in it").mkdir(parents=True)
    own.files.folder.mkdir(mode=0o700, parents=True)
    own.files.config.write_text(f'runtime = "system"\nshares = ["~", "{project}", "{project}/in it"]\n')
    own.files.config.chmod(0o600)
    return project


async def test_folders_are_shared_by_qemu_where_nothing_in_them_is_to_be_hidden(own: Guest, project: Path) -> None:
    status = await own.client.start()
    assert status.vm.shares == (str(project), str(project / "in it"))
    told = next(words for words in status.warnings if "not shared" in words)
    assert "hide nothing" in told and "one by one" in told
    containers = await asyncio.to_thread(Containers, own)
    try:
        await asyncio.to_thread(use, containers, project)
        await asyncio.to_thread(try_to_escape, containers, project)
        await is_suspended_while_nobody_uses_it(own, containers, project)
        await is_not_while_a_container_does(own, containers, project)
        await own.client.start()
        await is_stopped_while_a_container_uses_it(own, containers, project)
    finally:
        containers.close()


def use(containers: Containers, project: Path) -> None:
    (project / "from-host").write_text("hello")
    (project / "script").symlink_to("from-host")
    assert containers.run("cat /mnt/from-host /mnt/script", project) == "hellohello"
    words = "echo hi >made && mkdir -p of/it && ln -s made link && chown -R 999:999 made of && chmod 750 made"
    assert containers.run(f"cd /mnt && {words} && mv of 'in it/of' && ls 'in it'", project) == "of\n"
    made = (project / "made").stat()
    assert (project / "made").read_text() == "hi\n" and made.st_mode & 0o777 == 0o750
    assert (made.st_uid, made.st_gid) == (os.getuid(), os.getgid())
    assert os.readlink(project / "link") == "made" and (project / "in it/of/it").is_dir()
    (project / "made").write_text("by the host")
    (project / "link").unlink()
    said = containers.run("cat /mnt/made; cat /mnt/link", project)
    assert "by the host" in said and "No such file" in said
    assert containers.run("ls /mnt", project / "in it") == "of\n"


def try_to_escape(containers: Containers, project: Path) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (outside / "canary").write_text("alive")
    (project / "out").symlink_to(outside)
    os.mkfifo(project / "fifo")
    said = containers.run(
        f"cd /mnt; cat out/canary; cat ../../../..{outside}/canary; echo x >out/canary; echo x >out/new;"
        f"ln -s {outside}/canary mine; cat mine; echo x >mine; timeout 1 cat fifo; timeout 1 sh -c 'echo x >fifo'",
        project,
    )
    said += containers.run(RACE.replace("OUTSIDE", str(outside)), project)
    said += containers.run(RACE.replace("OUTSIDE", "/etc").replace("canary", "os-release"), project)
    assert "alive" not in said and "Moorage" not in said
    assert (outside / "canary").read_text() == "alive" and len(list(outside.iterdir())) == 1
    assert containers.run("cat /mnt/from-host", project) == "hello"


async def is_suspended_while_nobody_uses_it(own: Guest, containers: Containers, project: Path) -> None:
    (project / "count").touch()
    beside = await asyncio.to_thread(containers.begin, "sleep 600", Path("/tmp/beside"))
    await own.client.suspend()
    (project / "from-host").write_text("meanwhile")
    status = await own.client.start()
    assert not any(str(project) in words for words in status.warnings)
    assert await asyncio.to_thread(containers.run, "cat /mnt/from-host", project) == "meanwhile"
    await asyncio.to_thread(beside.kill)


async def is_not_while_a_container_does(own: Guest, containers: Containers, project: Path) -> None:
    counting = await asyncio.to_thread(containers.begin, COUNT, project)
    await goes_on(project / "count")
    with pytest.raises(MachineError) as refusal:
        await own.client.suspend()
    await asyncio.to_thread(counting.reload)
    assert refusal.value.why == f"The folder {project} is shared by 9p, and used by {counting.name}"
    assert "stop the machine" in refusal.value.next_step
    assert (await own.status()).state is State.RUNNING
    await goes_on(project / "count")
    await asyncio.to_thread(counting.kill)
    await asyncio.to_thread(counting.wait)
    await own.shell(f"cd '{project}'")  # the console's shell
    with pytest.raises(MachineError, match="something in the machine uses it"):
        await own.client.suspend()
    assert await asyncio.to_thread(containers.run, "cat /mnt/from-host", project) == "meanwhile"
    await own.shell("cd /")
    await own.client.suspend()


async def is_stopped_while_a_container_uses_it(own: Guest, containers: Containers, project: Path) -> None:
    await asyncio.to_thread(containers.begin, COUNT, project)
    await goes_on(project / "count")
    assert (await own.client.stop()).state is State.STOPPED
    assert (project / "from-host").read_text() == "meanwhile"
