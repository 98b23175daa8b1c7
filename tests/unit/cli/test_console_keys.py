"""The prefix of `moorage console`."""

import pytest

from desktop.cli.console import Keys


@pytest.mark.parametrize(
    ("typed", "sent", "left"),
    [
        ([b"ls\r"], b"ls\r", False),
        ([b"ls\x01d"], b"ls", True),
        ([b"\x01", b"d"], b"", True),
        ([b"\x01a", b"\x01\x01"], b"\x01\x01", False),
        ([b"\x01xls"], b"ls", False),
        ([b"\x01d never"], b"", True),
    ],
)
def test_prefix(typed: list[bytes], sent: bytes, left: bool) -> None:
    keys = Keys()
    results = [keys.feed(data) for data in typed]
    assert b"".join(data for data, _ in results) == sent
    assert results[-1][1] is left
