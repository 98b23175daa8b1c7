from __future__ import annotations

import pytest

from desktop.core.engine import Container, Image, Port
from desktop.models import words
from desktop.models.container_columns import links_of, ports_words, state_mark, state_words
from desktop.models.image_columns import tags_words, use_words


def container(**fields: object) -> Container:
    return Container(id="a", name="a", image="x", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        ([], ""),
        ([Port(80)], "80/tcp"),
        ([Port(80, "tcp", "0.0.0.0", 8080), Port(80, "tcp", "::", 8080)], "8080→80/tcp"),
        ([Port(80, "tcp", "127.0.0.1", 8080), Port(53, "udp")], "127.0.0.1:8080→80/tcp, 53/udp"),
        ([Port(80, "tcp", "::1", 8080)], "[::1]:8080→80/tcp"),
        ([Port(80 + n, "tcp", "0.0.0.0", 9000 + n) for n in range(3)], "9000-9002→80-82/tcp"),
        ([Port(53, "tcp", "", 53), Port(53, "udp", "", 53)], "53→53/tcp, 53→53/udp"),
    ],
)  # fmt: skip
def test_ports(ports: list[Port], words: str) -> None:
    assert ports_words(container(ports=tuple(ports))) == words


@pytest.mark.parametrize(
    ("ports", "links"),
    [
        ([Port(80), Port(53, "udp", "0.0.0.0", 53)], ()),
        ([Port(80, "tcp", "0.0.0.0", 8080), Port(80, "tcp", "::", 8080)], ("http://127.0.0.1:8080/",)),
        ([Port(443, "tcp", "192.0.2.7", 4430)], ("https://192.0.2.7:4430/",)),
        ([Port(80, "tcp", "::1", 8080)], ("http://[::1]:8080/",)),
        ([Port(80, "tcp", "evil.example/", 8080)], ()),
    ],
)
def test_links_are_what_a_browser_opens(ports: list[Port], links: tuple[str, ...]) -> None:
    assert links_of(container(ports=tuple(ports))) == links


@pytest.mark.parametrize(
    ("fields", "words", "mark"),
    [
        ({"state": "running", "status": "Up"}, "Running", "running"),
        ({"state": "running", "status": "Up (unhealthy)"}, "Unhealthy", "warning"),
        ({"state": "running", "busy": "stopping"}, "Stopping…", "moving"),
        ({"state": "exited", "status": "Exited (0)"}, "Exited (0)", "stopped"),
        ({"state": "exited", "status": "Exited (137)"}, "Exited (137)", "stopped"),
        ({"state": "exited", "status": "Exited (1)"}, "Exited (1)", "failed"),
        ({"state": "paused", "status": "Up (Paused)"}, "Paused", "paused"),
        ({"state": "frozen"}, "frozen", "unknown"),
    ],
)
def test_states_are_told_by_word_and_shape(fields: dict[str, str], words: str, mark: str) -> None:
    assert (state_words(container(**fields)), state_mark(container(**fields))) == (words, mark)


@pytest.mark.parametrize(
    ("ago_s", "text"),
    [(-9, "just now"), (59, "just now"), (60, "1 min"), (7200, "2 h"), (86400 * 3, "3 days"),
     (86400 * 100, "3 months"), (86400 * 800, "2 years")],
)  # fmt: skip
def test_ages_are_short_and_never_negative(ago_s: int, text: str) -> None:
    assert words.age(2e9 - ago_s, 2e9) == text


@pytest.mark.parametrize("moment", [float("inf"), float("nan"), -1.0, 1e30])
def test_a_moment_that_no_calendar_has_is_not_known(moment: float) -> None:
    assert (words.age(moment), words.moment(moment)) == ("–", "")


def test_no_size_is_too_large_for_words() -> None:
    """Three images of an engine that says of each that it takes 4 EiB."""
    assert words.size(3 << 62) == words.size((1 << 63) - 1) and words.memory(1 << 70) == words.memory((1 << 63) - 1)


def test_what_is_not_known_is_a_dash() -> None:
    assert (words.age(0.0), words.memory(None), words.percent(None)) == ("–", "–", "–")


def test_image_without_tags_and_users() -> None:
    assert (tags_words(Image(id="sha256:1")), use_words(Image(id="sha256:1"))) == ("(untagged)", "–")
