"""An engine that answers every question with nonsense: what a call raises is an EngineError, whatever it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from desktop.core.byte_stream import ByteStream
from desktop.core.errors import EngineError
from desktop.engine import helper, machine_shell, objects, volume_archive, volume_helper
from desktop.engine.attachment import Attachment
from desktop.engine.client import EngineClient
from desktop.engine.creation import create
from desktop.engine.shell import ContainerShell
from desktop.engine.volume_archive import Watch
from desktop.services.run_line import run_line
from tests.helpers.engine_server import Answer, EngineServer

NONSENSE: list[Any] = [
    None, 7, "words", [], [[]], [None, 7, "words"], {}, {"Id": 7}, {"Id": "x"}, {"Id": "x", "Config": 7, "State": []},
    {"Volumes": [None, 7]}, {"Volumes": 7}, {"Id": "x", "Config": {"Tty": []}, "State": {"ExitCode": "x"}},
    {"HostConfig": {"NanoCpus": "x", "Memory": [], "PortBindings": {"80/tcp": 7}}, "Config": {"Env": [7]}}, 1e400,
]  # fmt: skip

CALLS: dict[str, Callable[[EngineClient, Path], Awaitable[Any]]] = {
    "containers": lambda it, to: it.containers(),
    "newest": lambda it, to: it.newest_containers(3),
    "images": lambda it, to: it.images(),
    "image use": lambda it, to: it.image_use(),
    "history": lambda it, to: it.history("x"),
    "reclaimable": lambda it, to: it.reclaimable(),
    **{
        f"prune {kind}": lambda it, to, kind=kind: it.prune(kind)
        for kind in ("containers", "dangling", "unused", "volumes", "cache")
    },
    "tag": lambda it, to: it.tag_image("x", "a:1"),
    "disk": lambda it, to: it.disk_bytes(),
    "reading": lambda it, to: it.reading("x"),
    "processes": lambda it, to: it.processes("x"),
    "files": lambda it, to: it.with_files(lambda files, sdk: files.list_running(sdk, "x", "/", Event())),
    "resolve": lambda it, to: it.with_files(lambda files, sdk: files.resolve(sdk, "x", "/")),
    "changes": lambda it, to: it.with_files(lambda files, sdk: files.changes(sdk, "x")),
    "delete": lambda it, to: it.with_files(lambda files, sdk: files.delete(sdk, "x", "/a")),
    "preview": lambda it, to: it.with_files(lambda files, sdk: files.preview(sdk, "x", "/a")),
    "memory": lambda it, to: it.ran_out_of_memory("x"),
    "last lines": lambda it, to: it.last_lines("x"),
    "run line": lambda it, to: _run_line(it),
    "start": lambda it, to: it.start("x"),
    "stop": lambda it, to: it.stop("x"),
    "restart": lambda it, to: it.restart("x"),
    "commit": lambda it, to: it.commit("x", "a:1"),
    "remove": lambda it, to: it.remove("x"),
    "remove image": lambda it, to: it.remove_image("x"),
    "shell": lambda it, to: ContainerShell.open(it, "x", 80, 24),
    "unwatched": lambda it, to: it.begin_unwatched_exec("x", ["true"]),
    "attach": lambda it, to: Attachment.open(it, "x", 80, 24),
    "machine shell": lambda it, to: machine_shell.MachineShell.open(it, 80, 24),
    "exit code": lambda it, to: it.exec_exit_code("x"),
    "volumes": lambda it, to: it.call(objects.list_volumes),
    "networks": lambda it, to: it.call(objects.list_networks),
    "sizes": lambda it, to: it.measure(objects.volume_sizes),
    "create volume": lambda it, to: it.call(objects.create_volume, "v"),
    "create network": lambda it, to: it.call(objects.create_network, "n", "bridge", "", False),
    "create": lambda it, to: it.call(create, "n", {}),
    "sweep": lambda it, to: it.call(helper.sweep),
    "look into a volume": lambda it, to: it.call(volume_helper.begin, "v"),
    "export": lambda it, to: it.transfer(volume_archive.export_volume, "v", to / "v.tar", Watch()),
    "clone": lambda it, to: it.transfer(volume_archive.clone_volume, "v", "w", Watch()),
}


async def _run_line(client: EngineClient) -> str:
    return run_line(*await client.inspect_with_image("x"))


class Everything(dict[str, Callable[[], Answer | bytes]]):
    """Answers whatever is asked for; first of all a ping."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def get(self, path: str, default: Any = None) -> Any:
        return None if path == "/_ping" else lambda: (200, self._answer)


@pytest.mark.parametrize("call", list(CALLS))
async def test_nonsense_is_told_as_an_error_of_the_engines(call: str, tmp_path: Path) -> None:
    others: list[str] = []
    with EngineServer(tmp_path / "e.sock") as server:
        async with EngineClient(server.path) as client:
            for nonsense in NONSENSE:
                server.answers = Everything(nonsense)
                try:
                    made = await CALLS[call](client, tmp_path)
                    if isinstance(made, ByteStream):
                        await made.disconnect()
                except EngineError:
                    pass
                except Exception as error:
                    others.append(f"{nonsense!r}: {type(error).__name__}: {error}")
    assert others == []
    assert helper._held == set()
