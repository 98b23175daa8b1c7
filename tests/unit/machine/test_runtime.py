"""How QEMU is called, Moorage's own and the system's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desktop.core.errors import ImageError, MachineError, SettingsError
from desktop.machine import runtime
from tests.helpers.builds import make_build

FACTS = {"qemu_version": "11.1.3", "qemu_program": "qemu-system-x86_64", "loader": "ld-linux.so.2"}
FILES = {f"bin/{name}": b"\x7fELF" for name in ("qemu-system-x86_64", "qemu-img", "virtiofsd", "passt")}


def test_our_own_qemu_runs_through_its_own_loader(tmp_path: Path) -> None:
    folder = make_build(tmp_path / "runtime/1", FILES, kind="runtime", facts=FACTS)
    own = runtime.own(folder)
    assert own.version == "11.1.3"
    assert own.executable == folder / "bin/qemu-system-x86_64"
    assert own.argv == (
        f"{folder}/lib/ld-linux.so.2", "--library-path", f"{folder}/lib",
        f"{folder}/bin/qemu-system-x86_64", "-L", f"{folder}/share/qemu",
    )  # fmt: skip
    assert own.environment == {"QEMU_MODULE_DIR": f"{folder}/lib/qemu"}
    assert own.helpers["virtiofsd"][-1] == f"{folder}/bin/virtiofsd"


def test_a_runtime_without_qemu_says_so(tmp_path: Path) -> None:
    folder = make_build(tmp_path / "runtime/1", FILES, kind="runtime", facts=FACTS)
    (folder / "bin/qemu-system-x86_64").unlink()
    with pytest.raises(ImageError, match="QEMU is missing"):
        runtime.own(folder)


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def script(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o700)


@pytest.mark.parametrize(
    "words", ["QEMU emulator version 10.2.0 (Debian 1:10.2.0+ds-1)", "QEMU emulator version 11.0.50"]
)
async def test_a_new_system_qemu_will_do(on_path: Path, words: str) -> None:
    script(on_path / "qemu-test", f"echo '{words}'")
    found = await runtime.system("qemu-test")
    assert found.argv == (str(on_path / "qemu-test"),) and found.version in words


async def test_an_old_system_qemu_is_refused_with_its_version(on_path: Path) -> None:
    script(on_path / "qemu-test", "echo 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)'")
    with pytest.raises(SettingsError, match=r"QEMU 7\.2\.22 is too old.*10\.2 or newer.*in Settings"):
        await runtime.system("qemu-test", "linux")
    with pytest.raises(MachineError, match=r"QEMU 7\.2\.22 is too old.*10\.2 or newer.*brew upgrade qemu"):
        await runtime.system("qemu-test", "darwin")


async def test_a_missing_or_broken_system_qemu_has_words(on_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"has no qemu-test.*in Settings"):
        await runtime.system("qemu-test", "linux")
    with pytest.raises(MachineError, match=r"has no qemu-test.*brew install qemu"):
        await runtime.system("qemu-test", "darwin")
    script(on_path / "qemu-test", "echo 'libfoo.so: cannot open shared object file' >&2; exit 127")
    with pytest.raises(MachineError, match="cannot open shared object file"):
        await runtime.system("qemu-test")


@pytest.mark.parametrize(
    ("told", "can"), [("  fsdev=<str>\n  mount_tag=<str>", True), ("Device 'virtio-9p-pci' not found", False)]
)
async def test_whether_it_can_share_folders_itself_is_asked_of_it(on_path: Path, told: str, can: bool) -> None:
    words = f'[ "$1" = --version ] && echo "QEMU emulator version 11.0.0" || echo "{told}"'
    (on_path / "qemu-system-x86_64").write_text(f"#!/bin/sh\n{words}\n")
    (on_path / "qemu-system-x86_64").chmod(0o700)
    assert await runtime.exports_folders(await runtime.system("qemu-system-x86_64")) is can


async def test_a_qemu_that_nobody_waits_for_any_more_is_ended(on_path: Path, tmp_path: Path) -> None:
    script(on_path / "qemu-test", f"echo $$ > {tmp_path}/begun; mv {tmp_path}/begun {tmp_path}/pid; exec sleep 60")
    asking = asyncio.create_task(runtime.system("qemu-test"))
    while not (tmp_path / "pid").exists():
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait([asking])
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
