"""Frames: whatever the pieces a stream comes in, the same frames come out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desktop.core import frames

_FRAMES = some.lists(some.tuples(some.sampled_from([b"O", b"S", b"D"]), some.binary(max_size=50)), max_size=8)


@given(_FRAMES, some.integers(1, 60))
def test_frames_cut_anywhere_come_out_whole(sent: list[tuple[bytes, bytes]], step: int) -> None:
    stream = b"".join(frames.encode(kind, payload) for kind, payload in sent)
    decoder = frames.Decoder()
    received = [frame for at in range(0, len(stream), step) for frame in decoder.feed(stream[at : at + step])]
    assert received == sent


def test_an_unfinished_frame_is_held_back() -> None:
    decoder = frames.Decoder()
    whole = frames.encode(frames.OUTPUT, b"hello")
    assert decoder.feed(whole[:-1]) == []
    assert decoder.feed(whole[-1:]) == [(frames.OUTPUT, b"hello")]


def test_a_length_beyond_the_limit_is_an_error_before_it_is_read() -> None:
    decoder = frames.Decoder(max_payload_bytes=100)
    with pytest.raises(frames.FrameError, match="101 bytes"):
        decoder.feed(frames.encode(b"O", bytes(101))[:5])


def test_a_kind_is_one_byte() -> None:
    with pytest.raises(ValueError, match="one byte"):
        frames.encode(b"OK", b"")
