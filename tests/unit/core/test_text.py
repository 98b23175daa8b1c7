"""Foreign text is shown, not obeyed."""


import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text import file_name, visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-1", "web-1"),
        ("a\x1b[31mb", "a<U+001B>[31mb"),
        ("\u202egnp.exe", "<U+202E>gnp.exe"),
        ("two\nlines\tand", "two lines and"),
        ("\x00\x9b", "<U+0000><U+009B>"),
        ("\ud800", "\ufffd"),
        ("漢字 e\u0301 👩\u200d👧", "漢字 e\u0301 👩\u200d👧"),
        ("<b>x</b> & %s", "<b>x</b> & %s"),
        ("one\u2028two\u2029", "one<U+2028>two<U+2029>"),
        ("a\u200bb\u2060\ufeff\u00ad", "a<U+200B>b<U+2060><U+FEFF><U+00AD>"),
    ],
)
def test_control_and_direction_characters_become_words(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_long_text_is_cut() -> None:
    assert visible("x" * 70000) == "x" * 4095 + "…"


def test_lines_are_kept_where_asked() -> None:
    assert visible_lines("a\r\nb\x07\n") == "a\nb<U+0007>\n"


@given(st.text())
def test_nothing_that_moves_a_cursor_survives(text: str) -> None:
    shown = visible(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("web-1", "web-1.log"),
        ("team/shop", "team-shop.log"),
        ("../../etc/passwd", "-..-etc-passwd.log"),
        ("...", "file.log"),
        ("/", "-.log"),
        ("", "file.log"),
        ("a\0b\nc", "a<U+0000>b c.log"),
        ("a\udcff", "a\ufffd.log"),
    ],
)
def test_a_foreign_name_becomes_that_of_a_file(name: str, proposed: str) -> None:
    assert file_name(name, ".log") == proposed


@given(st.text(max_size=400), st.sampled_from(("", ".tar")))
def test_every_name_of_a_file_can_be_made(tmp_path_factory: pytest.TempPathFactory, name: str, ending: str) -> None:
    path = tmp_path_factory.getbasetemp() / file_name(name, ending)
    assert path.parent == tmp_path_factory.getbasetemp() and path.name.endswith(ending)
    path.touch()
    path.unlink()
