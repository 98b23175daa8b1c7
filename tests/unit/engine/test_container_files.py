"""Files of a container as its programs and the engine's archives tell of them, hostile names included."""

from __future__ import annotations

import io
import struct
import tarfile
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from desktop.core.container_files import Kind
from desktop.core.errors import EngineError
from desktop.engine import container_files
from desktop.engine.container_files import entries_of, list_archived, save


def test_no_name_makes_a_row_of_its_own() -> None:
    output = b"81a4 5 100 /d/a\n81a4 1 1 b\nc\n41ed 0 200 /d/\xff \x1b[2J\na1ff 3 -5 /d/l\n"
    found = entries_of(output, "/d/")
    assert [entry.name for entry in found] == ["a\n81a4 1 1 b\nc", "\udcff \x1b[2J", "l"]
    assert [entry.kind for entry in found] == [Kind.FILE, Kind.FOLDER, Kind.LINK]
    assert found[0].size_bytes == 5 and found[2].changed_s == -5 and entries_of(b"", "/d/") == ()


@pytest.mark.parametrize("numbers", [b"81a4 5 " + b"9" * 400, b"81a4 " + b"9" * 5000 + b" 5", b"f" * 99 + b" 5 5"])
def test_numbers_that_no_file_system_has_make_no_row(numbers: bytes) -> None:
    """A container may have a `stat` of its own."""
    (found,) = entries_of(b"81a4 1 1 /d/a\n" + numbers + b" /d/b\n", "/d/")
    assert found.name.startswith("a\n") and found.size_bytes == 1


def test_a_name_that_the_engine_cannot_carry_is_refused() -> None:
    """JSON to the engine is UTF-8: `rm` would look for another name, and report that it is gone."""
    with pytest.raises(EngineError, match="are no text"):
        container_files.delete(object(), "x", "/d/\udcff")
    assert container_files.list_running(object(), "x", "/d\udcff", threading.Event()) is None  # its archive tells it


class Sent(io.BytesIO):
    """An engine that sends one archive, whatever is asked for."""

    timeout = 1.0

    @property
    def raw(self) -> Sent:
        return self

    def _url(self, pattern: str, *parts: str) -> str:
        return pattern.format(*parts)

    def _get(self, url: str, **options: Any) -> Sent:
        self.seek(0)
        return Sent(self.getvalue())

    def _raise_for_status(self, response: Sent) -> None:
        pass


def sent(*names: str) -> Sent:
    packed = Sent()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size, info.type = (3, tarfile.REGTYPE) if not name.endswith("/") else (0, tarfile.DIRTYPE)
            archive.addfile(info, io.BytesIO(b"abc"[: info.size]))
    return packed


def test_an_archive_tells_what_stands_directly_in_the_folder() -> None:
    engine = sent("etc/", "etc/a", "etc/sub/", "etc/sub/deep", "etc/../../evil", "/etc/b\nc")
    listing = list_archived(engine, "x", "/etc", threading.Event())
    assert {entry.name: entry.kind for entry in listing.entries} == {
        "a": Kind.FILE, "sub": Kind.FOLDER, "b\nc": Kind.FILE,
    }  # fmt: skip
    assert listing.is_whole


def test_a_folder_in_a_folder_of_its_own_name_stays_there() -> None:
    """/app/app. The engine names what is in "/app/." beginning there, and says so by the first name."""
    for first, before in (("./", ""), ("app/", "app/")):
        engine = sent(first, *(before + name for name in ("app/", "app/main.py", "setup.py")))
        listing = list_archived(engine, "x", "/app", threading.Event())
        assert {entry.name: entry.kind for entry in listing.entries} == {"app": Kind.FOLDER, "setup.py": Kind.FILE}


def test_a_folder_too_big_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container_files, "ARCHIVE_LIMIT", 1000)
    listing = list_archived(sent("etc/", "etc/a", "etc/b", "etc/c"), "x", "/etc", threading.Event())
    assert not listing.is_whole and 0 < len(listing.entries) < 3


def test_a_file_is_saved_where_the_user_said_and_nowhere_else(tmp_path: Path) -> None:
    target = tmp_path / "in" / "kept"
    target.parent.mkdir()
    save(sent("../../../evil"), "x", "/evil", False, target, threading.Event(), lambda _: None)
    assert target.read_bytes() == b"abc" and target.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["in", "kept"]


def test_a_save_that_ends_early_leaves_what_was_there(tmp_path: Path) -> None:
    target, stopped = tmp_path / "kept", threading.Event()
    target.write_text("before")
    stopped.set()
    with pytest.raises(container_files.Stopped):
        save(sent("f"), "x", "/f", False, target, stopped, lambda _: None)
    with pytest.raises(EngineError, match="no plain file"):
        save(sent("d/"), "x", "/d", False, target, threading.Event(), lambda _: None)
    assert [each.name for each in tmp_path.iterdir()] == ["kept"] and target.read_text() == "before"


def test_a_folder_of_which_the_engine_did_not_send_all_is_not_kept(tmp_path: Path) -> None:
    """It ends such an answer as any other, with its error in place of the rest."""
    engine, target = Sent(sent("etc/", "etc/a").getvalue()[:1536] + b'{"message":"lost"}'), tmp_path / "etc.tar"
    with pytest.raises(EngineError, match="its tar has no end"):
        save(engine, "x", "/etc", True, target, threading.Event(), lambda moved: None)
    assert list(tmp_path.iterdir()) == []


def test_a_listing_of_which_the_engine_did_not_send_all_is_none() -> None:
    whole = sent("./", "a", "b").getvalue()
    for cut in (whole[:1536], whole[:1536] + b'{"message":"lost"}', whole[:1536] + b"{" * 2000):
        with pytest.raises(EngineError, match="no `tar` archive"):
            list_archived(Sent(cut), "x", "/etc", threading.Event())


def test_a_header_of_an_archive_takes_no_memory_to_speak_of() -> None:
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 64 << 20
    engine = Sent(sent("./").getvalue()[:512] + info.tobuf(tarfile.GNU_FORMAT) + bytes(64 << 20))
    tracemalloc.start()
    with pytest.raises(EngineError, match="a header is too long"):
        list_archived(engine, "x", "/etc", threading.Event())
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_a_size_below_zero_is_none() -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers["size"] = "-5"
    engine = Sent(sent("./").getvalue()[:512] + info.tobuf(tarfile.PAX_FORMAT) + bytes(1024))
    assert [entry.size_bytes for entry in list_archived(engine, "x", "/etc", threading.Event()).entries] == [0]


def test_a_number_of_an_archive_that_is_none_is_told() -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers["GNU.sparse.size"] = "inf"
    engine = Sent(sent("./").getvalue()[:512] + info.tobuf(tarfile.PAX_FORMAT) + bytes(1024))
    with pytest.raises(EngineError, match="no `tar` archive"):
        list_archived(engine, "x", "/etc", threading.Event())


class Running(Sent):
    """An engine whose every program answers the same."""

    def exec_create(self, *args: Any, **options: Any) -> dict[str, str]:
        return {"Id": "0" * 64}

    def _post_json(self, url: str, **options: Any) -> Running:
        return Running(self.getvalue())

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None and size <= container_files.OUTPUT_LIMIT
        return super().read(size)


def test_an_answer_that_says_it_is_gigabytes_is_not_read() -> None:
    with pytest.raises(EngineError, match="too many files"):
        container_files.run(Running(struct.pack(">BxxxL", 1, (1 << 32) - 1)), "x", ["ls"])


class Endless(Running):
    """Its program prints a byte now and then, for ever."""

    def _post_json(self, url: str, **options: Any) -> Endless:
        return self

    def read(self, size: int | None = -1) -> bytes:
        return struct.pack(">BxxxL", 1, 1) if size == 8 else b"x"


def test_a_program_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container has a `find` of its own: after three such looks no folder of any container was listed."""
    stopped = threading.Event()
    monkeypatch.setattr(container_files, "LOOK_LIMIT_S", 0.05)
    assert container_files.list_running(Endless(), "x", "/", stopped) is None  # its archive tells it
    stopped.set()
    with pytest.raises(container_files.Stopped):
        container_files.list_running(Endless(), "x", "/", stopped)


async def test_a_folder_that_cannot_be_read_is_not_sent_as_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "all" / "gone").mkdir(parents=True)
    pieces = container_files._packed([tmp_path / "all"], threading.Event(), lambda sent: None)
    next(pieces)
    next(pieces)
    (tmp_path / "all" / "gone").rmdir()
    with pytest.raises(EngineError, match="gone cannot be read"):
        list(pieces)
