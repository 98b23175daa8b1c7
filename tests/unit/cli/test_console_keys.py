"""The prefix of `moorage console`."""

import pytest

from desktop.cli.console import Keys
from desktop.terminal.prefix import ScreenKey


@pytest.mark.parametrize(
    ("typed", "sent", "leaves"),
    [
        ([b"ls\r"], b"ls\r", False),
        ([b"ls\x01d"], b"ls", True),
        ([b"\x01", b"d"], b"", True),
        ([b"\x01a", b"\x01\x01"], b"\x01\x01", False),
        ([b"\x01xls"], b"ls", False),
        ([b"\x01d never"], b"", True),
    ],
)
def test_prefix(typed: list[bytes], sent: bytes, leaves: bool) -> None:
    keys = Keys()
    results = [keys.feed(data) for data in typed]
    assert b"".join(data for data, _ in results) == sent
    assert (ScreenKey.DETACH in results[-1][1]) is leaves


@pytest.mark.parametrize(
    ("letter", "typed", "sent", "asked"),
    [
        ("a", b"x\x01?y\x01i", b"xy", [ScreenKey.HELP, ScreenKey.INFO]),
        ("b", b"\x01\x02b\x02H", b"\x01\x02", [ScreenKey.LOG]),
        ("", b"\x01d\x00", b"\x01d\x00", []),
    ],
)
def test_keys_of_screen_after_a_prefix_of_ones_own_or_none(
    letter: str, typed: bytes, sent: bytes, asked: list[ScreenKey]
) -> None:
    assert Keys(letter).feed(typed) == (sent, asked)
