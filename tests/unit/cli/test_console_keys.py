"""The prefix of `moorage console`."""

import pytest

from desktop.cli.console_keys import Asked, Keys
from desktop.terminal.prefix import ScreenKey

PASTED = b"\x1b[200~one\x01dtwo\x01\x1b[201~"


def told(keys: Keys, *reads: bytes) -> list[bytes | ScreenKey]:
    """What comes in which order."""
    found: list[bytes | ScreenKey] = []
    for data in reads:
        while data:
            first, data = keys.first(data)
            if isinstance(first, Asked):
                found.append(first.key)
            elif first and found and isinstance(found[-1], bytes):
                found[-1] += first
            elif first:
                found.append(first)
    return found


@pytest.mark.parametrize(
    ("letter", "reads", "expected"),
    [
        ("a", [b"ls\r"], [b"ls\r"]),
        ("a", [b"ls\x01d"], [b"ls", ScreenKey.DETACH]),
        ("a", [b"\x01", b"d"], [ScreenKey.DETACH]),
        ("a", [b"\x01a", b"\x01\x01"], [b"\x01\x01"]),
        ("a", [b"\x01xls"], [b"ls"]),
        ("a", [b"one\r\x010two\r\x01ky\r"], [b"one\r", ScreenKey.SELECT, b"two\r", ScreenKey.CLOSE, b"y\r"]),
        ("a", [b"x\x01?y\x01i"], [b"x", ScreenKey.HELP, b"y", ScreenKey.INFO]),
        ("a", [b"\x01l"], [ScreenKey.REDISPLAY]),
        ("a", [b"\x01\x0e\x01\x10", b"\x01\x04"], [ScreenKey.NEXT, ScreenKey.PREVIOUS, ScreenKey.DETACH]),
        ("a", [b"\x01\x03\x01\x1b\x01\x09"], [ScreenKey.NEW, ScreenKey.COPY, ScreenKey.INFO]),
        ("n", [b"\x0e\x0e\x0en\x0e\x01"], [b"\x0e\x0e"]),
        ("b", [b"\x01\x02b\x02H"], [b"\x01\x02", ScreenKey.LOG]),
        ("", [b"\x01d\x00"], [b"\x01d\x00"]),
        ("a", [PASTED + b"\x01d"], [PASTED, ScreenKey.DETACH]),
        ("a", [b"x\x01i" + PASTED + PASTED + b"\x01"], [b"x", ScreenKey.INFO, PASTED + PASTED]),
        ("a", [bytes((byte,)) for byte in PASTED + b"\x01d"], [PASTED, ScreenKey.DETACH]),
    ],
)
def test_what_is_typed_is_told_in_its_order(letter: str, reads: list[bytes], expected: list[object]) -> None:
    assert told(Keys(letter), *reads) == expected


def test_what_follows_a_key_is_not_looked_at_before_it_is_asked_for() -> None:
    """It may be the answer to a question."""
    assert Keys().first(b"\x01ky\x01\r") == (b"", b"ky\x01\r")
    keys = Keys()
    keys.first(b"\x01ky\x01\r")
    assert keys.first(b"ky\x01\r") == (Asked(ScreenKey.CLOSE, "k"), b"y\x01\r")
