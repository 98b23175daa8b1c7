"""The QEMU command line, whole, for each kind of host."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.paths import Home
from desktop.core.settings import Accelerator
from desktop.machine.command import PCI_ADDRESS, Description, Host, Kept, build_arguments, key_of, to_keep

EXPECTED = Path(__file__).parents[2] / "data" / "qemu"
BASE = Path("/home/u/.local/share/moorage")


def description(
    accelerator: Accelerator = Accelerator.TCG, host: Host | None = None, base: Path = BASE
) -> Description:
    host = host or Host()
    files = Home(base).machine()
    guest = base / "guest" / "1"
    tty = "ttyS0" if host.arch == "x86_64" else "ttyAMA0"
    return Description(
        files=files, program=(f"qemu-system-{host.arch}",), uuid="6f2b1d62-0000-4000-8000-000000000001", cpus=2,
        memory_mib=2048, accelerator=accelerator, kernel=guest / "kernel", initrd=guest / "initrd",
        root=guest / "root.erofs", kernel_words=f"console={tty} quiet", host=host,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "accelerator", "host"),
    [
        ("linux-kvm", Accelerator.KVM, Host(system="linux", arch="x86_64")),
        ("linux-tcg", Accelerator.TCG, Host(system="linux", arch="x86_64")),
        ("linux-kvm-arm64", Accelerator.KVM, Host(system="linux", arch="aarch64")),
        ("macos-hvf", Accelerator.HVF, Host(system="darwin", arch="x86_64")),
        ("macos-hvf-arm64", Accelerator.HVF, Host(system="darwin", arch="aarch64")),
    ],
)
def test_whole_argument_list(name: str, accelerator: Accelerator, host: Host) -> None:
    expected = (EXPECTED / f"{name}.txt").read_text().splitlines()
    assert build_arguments(description(accelerator, host)) == expected


def test_commas_blanks_and_other_letters_in_paths_stay_in_their_option() -> None:
    arguments = build_arguments(description(base=Path("/srv/a,b c-d/Ähre 数")))
    disk = next(word for word in arguments if word.startswith("if=none,id=data"))
    assert disk.endswith(",file=/srv/a,,b c-d/Ähre 数/vms/default/data.raw")
    forward = next(word for word in arguments if "hostfwd=" in word)
    assert "hostfwd=unix:/srv/a,,b c-d/Ähre 数/vms/default/channel.sock-10.0.3.15:2375,hostfwd" in forward
    console = next(word for word in arguments if word.startswith("socket,id=console"))
    assert "path=/srv/a,,b c-d/Ähre 数/vms/default/console.sock,server=on,wait=off" in console
    assert str(arguments[arguments.index("-kernel") + 1]) == "/srv/a,b c-d/Ähre 数/guest/1/kernel"


def test_a_loader_stands_before_the_options() -> None:
    arguments = build_arguments(description())
    assert arguments[0] == "qemu-system-x86_64"
    assert arguments[1] == "-name"


def test_no_two_devices_share_a_place() -> None:
    arguments = " ".join(build_arguments(replace(description(), passt=9)))
    assert len(set(PCI_ADDRESS.values())) == len(PCI_ADDRESS)
    for address in PCI_ADDRESS.values():
        assert arguments.count(f"addr=0x{address:x}") == 1


def test_a_saved_state_belongs_to_passt_and_not_to_its_line() -> None:
    passt = replace(description(), passt=9, is_closed=True)
    assert key_of(passt) == key_of(replace(passt, passt=11)) != key_of(description())
    closed = next(word for word in build_arguments(passt) if word.startswith("user,id=containers"))
    assert "restrict=on" in closed and "hostfwd" not in closed


def test_the_guest_is_told_of_a_new_disk_and_a_saved_state_does_not_depend_on_it() -> None:
    new, old = replace(description(), is_disk_new=True), description()
    assert build_arguments(new)[build_arguments(new).index("-append") + 1].endswith(" moorage.disk=new")
    assert "moorage.disk" not in " ".join(build_arguments(old))
    assert key_of(new) == key_of(old)


@pytest.mark.parametrize("base", [BASE, Path("/srv/a,b c-d/Ähre 数")])
def test_a_saved_machine_is_described_as_it_was_with_what_is_its_own_now(base: Path) -> None:
    made = replace(description(base=base), memory=7, passt=9, shares=("/home/u",), is_disk_new=True)
    files = made.files
    for _ in range(2):  # a resumed one is saved too
        kept = Kept(arguments=to_keep(made), home=str(files.home.base), sockets=str(files.sockets))
        plan = replace(description(base=base), cpus=9, uuid="another", kept=kept, is_resumed=True)
        made = replace(plan, memory=11, passt=12)
        assert to_keep(plan)[4:] == to_keep(made)[4:] == kept.arguments[4:]
        same = replace(description(base=base), memory=11, passt=12, shares=("/home/u",), uuid="another")
        assert build_arguments(made) == build_arguments(replace(same, is_resumed=True))


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_folders_that_qemu_serves_itself(system: str) -> None:
    without = description(host=Host(system=system))
    machine = replace(without, shares=("/home/u/a, b", "/srv"), exported=(Path("/mnt/a, b"), Path("/srv")))
    added = [word for word in build_arguments(machine) if word not in build_arguments(without)]
    assert added == [
        "name=opt/org.moorage/9p0,string=/home/u/a,, b",
        "-fsdev", "local,id=share0,path=/mnt/a,, b,security_model=none,multidevs=remap",
        "virtio-9p-pci,fsdev=share0,mount_tag=9p0,bus=pcie.0,addr=0x9",
        "name=opt/org.moorage/9p1,string=/srv",
        "-fsdev", "local,id=share1,path=/srv,security_model=none,multidevs=remap",
        "virtio-9p-pci,fsdev=share1,mount_tag=9p1,bus=pcie.0,addr=0xa",
    ]  # fmt: skip
    assert key_of(machine) != key_of(replace(machine, exported=()))


def test_nothing_listens_on_a_port() -> None:
    for accelerator, host in ((Accelerator.KVM, Host()), (Accelerator.HVF, Host(system="darwin", arch="aarch64"))):
        arguments = " ".join(build_arguments(description(accelerator, host)))
        assert "tcp:" not in arguments
        assert "udp:" not in arguments
        assert "vnc" not in arguments
