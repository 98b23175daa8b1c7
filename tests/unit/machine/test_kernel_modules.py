"""The guest gets the modules it needs, with what they need, in an order in which they load."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine.image.kernel_modules import load_order, read_modules, write_modules
from tests.helpers.elf_files import module


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A tree of modules as Debian packs them: bridge needs llc, llc needs stp; xt_nat softly wants nf_nat."""
    folder = tmp_path / "6.12"
    contents = {
        "kernel/net/bridge/bridge.ko.xz": lzma.compress(module(["stp", "llc"], ["rtnl-link-bridge"])),
        "kernel/net/802/stp.ko.xz": lzma.compress(module(["llc"])),
        "kernel/net/llc/llc.ko": module(),
        "kernel/net/netfilter/xt_nat.ko.gz": gzip.compress(module(softdep="pre: nf-nat", aliases=["ipt_SNAT"])),
        "kernel/net/netfilter/xt_mark.ko": module(),
        "kernel/net/netfilter/nf_nat.ko": module(),
        "kernel/char/virtio-rng.ko": module(),
    }
    for name, data in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "modules.builtin").write_text("kernel/fs/ext4/ext4.ko\n")
    return folder


def test_what_a_module_needs_comes_along(kernel: Path) -> None:
    assert set(read_modules(kernel, [], ["bridge"])) == {"bridge", "stp", "llc"}


def test_soft_needs_come_along_too(kernel: Path) -> None:
    assert set(read_modules(kernel, [], ["xt_nat"])) == {"xt_nat", "nf_nat"}


def test_patterns_take_what_is_there(kernel: Path) -> None:
    assert set(read_modules(kernel, ["xt_*", "ip_vs*"], [])) == {"xt_nat", "xt_mark", "nf_nat"}


def test_hyphens_and_underscores_are_the_same_in_names(kernel: Path) -> None:
    assert (
        set(read_modules(kernel, [], ["virtio_rng"])) == {"virtio_rng"} == set(read_modules(kernel, ["virtio-rng"], []))
    )


def test_a_built_in_module_is_there_already_and_a_missing_one_is_named(kernel: Path) -> None:
    assert read_modules(kernel, [], ["ext4"]) == {}
    with pytest.raises(ImageError, match="erofs, virtio_blk"):
        read_modules(kernel, [], ["virtio_blk", "bridge", "erofs"])


def test_each_loads_after_what_it_needs(kernel: Path) -> None:
    modules = read_modules(kernel, ["*"], [])
    order = [found.name for found in load_order(modules, ["bridge", "ext4", "xt-nat"])]
    assert order == ["llc", "stp", "bridge", "nf_nat", "xt_nat"]


def test_modprobe_finds_them_unpacked(kernel: Path, tmp_path: Path) -> None:
    write_modules(read_modules(kernel, [], ["bridge", "xt_nat"]), tmp_path / "out")
    assert (tmp_path / "out/kernel/net/bridge/bridge.ko").read_bytes() == module(["stp", "llc"], ["rtnl-link-bridge"])
    dependencies = (tmp_path / "out/modules.dep").read_text().splitlines()
    assert "kernel/net/bridge/bridge.ko: kernel/net/802/stp.ko kernel/net/llc/llc.ko" in dependencies
    assert "kernel/net/llc/llc.ko:" in dependencies
    assert "alias rtnl-link-bridge bridge\n" in (tmp_path / "out/modules.alias").read_text()
