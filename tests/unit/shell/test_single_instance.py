"""One app for a base folder, whatever was left behind by one that died."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import Iterator

import pytest

from desktop.core.errors import MachineError, MoorageError
from desktop.core.paths import Home
from desktop.shell import single_instance
from desktop.shell.single_instance import SingleInstance


@pytest.fixture
def first(home: Home) -> Iterator[SingleInstance]:
    made = SingleInstance(home)
    assert made.acquire()
    yield made
    made.close()


async def test_second_one_gives_the_first_its_word(home: Home, first: SingleInstance) -> None:
    words: list[str] = []
    await first.listen(words.append)
    second = SingleInstance(home)
    assert not second.acquire()
    await asyncio.to_thread(second.tell, "raise")
    await asyncio.to_thread(second.tell, "console")
    assert words == ["raise", "console"]


async def test_socket_is_ours_alone(home: Home, first: SingleInstance) -> None:
    await first.listen(lambda word: None)
    assert stat.S_IMODE(home.app_socket.stat().st_mode) == 0o600


async def test_second_one_waits_for_a_first_that_is_starting_up(home: Home, first: SingleInstance) -> None:
    words: list[str] = []
    telling = asyncio.create_task(asyncio.to_thread(SingleInstance(home).tell, "raise"))
    await asyncio.sleep(0.2)
    await first.listen(words.append)
    await telling
    assert words == ["raise"]


def test_first_that_does_not_answer_is_an_error_in_words(
    home: Home, first: SingleInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "ANSWER_DEADLINE_S", 0.2)
    with pytest.raises(MoorageError, match="already runs"):
        SingleInstance(home).tell("raise")


@pytest.mark.parametrize("said", [b"rm -rf\n", b"x" * 5000, b"\n", b"\xff\xfe\n", b"raise"])
async def test_only_the_known_words_are_taken(home: Home, first: SingleInstance, said: bytes) -> None:
    words: list[str] = []
    await first.listen(words.append)
    reader, writer = await asyncio.open_unix_connection(home.app_socket)
    try:
        writer.write(said)
        writer.write_eof()
        answer = await reader.read()
    except ConnectionError:
        answer = b""
    writer.close()
    assert answer == (b"ok\n" if said == b"raise" else b"")
    assert words == (["raise"] if said == b"raise" else [])


async def test_socket_of_a_dead_one_is_taken_over(home: Home) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(home.app_socket))
    instance = SingleInstance(home)
    assert instance.acquire()
    await instance.listen(lambda word: None)
    instance.close()
    assert not home.app_socket.exists()


async def test_what_is_no_socket_is_never_removed(home: Home, first: SingleInstance) -> None:
    home.app_socket.write_text("mine")
    with pytest.raises(MachineError, match="not a socket"):
        await first.listen(lambda word: None)
    assert home.app_socket.read_text() == "mine"


def test_next_one_is_first_when_the_first_has_ended(home: Home) -> None:
    one, other = SingleInstance(home), SingleInstance(home)
    assert one.acquire() and not other.acquire()
    one.close()
    assert other.acquire()
    other.close()


async def test_one_that_ends_takes_no_word_and_makes_way(home: Home, first: SingleInstance) -> None:
    """It took the word and was gone: who had started the app again had none."""
    words: list[str] = []
    await first.listen(words.append)
    first.stop_listening()
    second = SingleInstance(home)
    assert not second.acquire()
    telling = asyncio.create_task(asyncio.to_thread(second.tell, "raise"))
    await asyncio.sleep(0.2)
    first.close()
    assert await telling is False and words == []
    assert not SingleInstance(home).acquire()
    second.close()


def test_a_lock_that_cannot_be_had_is_told_in_words(home: Home) -> None:
    home.app_lock.mkdir()
    with pytest.raises(MoorageError, match=r"app\.lock cannot be used\. Is a directory"):
        SingleInstance(home).acquire()
