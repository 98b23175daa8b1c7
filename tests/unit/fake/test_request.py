"""What a request of the fake's HTTP server says."""

from __future__ import annotations

import pytest

from desktop.fake.http import ApiError, Request


def request(**query: str) -> Request:
    return Request("GET", "/", query, {})


def test_a_moment_keeps_its_last_digit() -> None:
    assert request(since="1764041234.123456789").moment_ns("since") == 1764041234123456789
    assert request(since="0").moment_ns("since") is request().moment_ns("since") is None


@pytest.mark.parametrize("text", ["soon", "1e999999999", "nan"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="invalid syntax"):
        request(since=text).moment_ns("since")
