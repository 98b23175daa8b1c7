"""Notices in the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton

from desktop.core.errors import EngineError
from desktop.shell.notices import KEPT, Notices
from desktop.views.notice_stack import SHORT_PX, SHOWN_AT_ONCE, Choice, Notice, NoticeStack
from tests.helpers.hostile import HOSTILE


@pytest.fixture
def stack() -> Iterator[NoticeStack]:
    made = NoticeStack()
    made.resize(700, 400)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def whats(stack: NoticeStack) -> list[str]:
    return [notice.what for notice in stack.notices()]


def test_newest_is_on_top_and_few_are_shown(stack: NoticeStack) -> None:
    for number in range(SHOWN_AT_ONCE + 2):
        stack.show_notice(Notice(f"notice {number}", kind="error"))
    assert whats(stack) == ["notice 4", "notice 3", "notice 2"]


def test_what_goes_by_itself_gives_way_first(stack: NoticeStack) -> None:
    """Three words on what was copied took an error away that nobody had read, and a question."""
    stack.show_notice(Notice("it failed", kind="error"))
    stack.show_notice(Notice("shall it?", choices=(Choice("Yes", lambda: None),)))
    for number in range(SHOWN_AT_ONCE):
        stack.show_notice(Notice(f"note {number}"))
    assert whats(stack) == ["note 2", "shall it?", "it failed"]


def test_in_a_short_window_the_newest_is_shown_alone(stack: NoticeStack) -> None:
    stack.fit_window(SHORT_PX)
    for what in ("one", "two"):
        stack.show_notice(Notice(what, kind="error", key=what))

    def seen() -> list[str]:
        return [label.text() for label in stack.findChildren(QLabel) if label.isVisible()]

    assert seen() == ["two"]
    stack.fit_window(SHORT_PX + 1)
    assert sorted(seen()) == ["one", "two"]
    stack.fit_window(SHORT_PX)
    stack.put_away("two")
    assert seen() == ["one"]


def test_same_failure_again_takes_the_place_of_the_first(stack: NoticeStack) -> None:
    notices = Notices()
    notices.said.connect(stack.show_notice)
    for _ in range(3):
        notices.error(EngineError("web could not be stopped", "it is not there"))
    assert whats(stack) == ["web could not be stopped"]
    assert len(notices.kept) == 3


def test_last_ones_are_kept() -> None:
    notices = Notices()
    for number in range(KEPT + 10):
        notices.say(Notice(str(number)))
    assert [notice.what for notice in notices.kept] == [str(number) for number in range(10, KEPT + 10)]


def test_what_nobody_saw_is_unread(stack: NoticeStack) -> None:
    notices, counts = Notices(), []
    notices.said.connect(stack.show_notice)
    notices.changed.connect(lambda _: counts.append(notices.unread))
    stack.put_away_by_user.connect(notices.read)
    for what in ("one", "two", "two"):
        notices.say(Notice(what, kind="error", key=what))
    assert counts == [1, 2, 2] and notices.kept[-1].said_s > 0
    button = stack.findChild(QToolButton, "notice_1_close")
    assert button is not None
    button.click()
    assert notices.unread == 1
    notices.withdraw("two")
    assert len(notices.kept) == 3  # that it was said stays so
    notices.clear()
    assert not notices.kept and counts[-1] == 0


def test_choice_acts_and_puts_the_notice_away(stack: NoticeStack) -> None:
    done: list[str] = []
    stack.show_notice(Notice("Shall it?", choices=(Choice("Yes", lambda: done.append("yes")),)))
    button = stack.findChild(QPushButton, "notice_1_choice_0")
    assert button is not None and button.accessibleName() == "Yes"
    button.click()
    assert done == ["yes"] and whats(stack) == [] and not stack.isVisible()


def test_close_button_and_withdrawal_put_it_away(stack: NoticeStack) -> None:
    stack.show_notice(Notice("one", kind="error"))
    stack.show_notice(Notice("two", kind="error", key="two"))
    stack.put_away("two")
    assert whats(stack) == ["one"]
    button = stack.findChild(QToolButton, "notice_1_close")
    assert button is not None
    button.click()
    assert whats(stack) == []


def test_log_lines_are_whole_and_scroll(stack: NoticeStack) -> None:
    lines = "\n".join(f"line {number}" for number in range(500))
    stack.show_notice(Notice("It failed", lines, kind="error"))
    box = stack.findChild(QPlainTextEdit, "notice_1_why")
    assert box is not None and box.toPlainText() == lines
    assert box.height() < 250


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_taken_for_markup(stack: NoticeStack, text: str) -> None:
    stack.show_notice(Notice(text, text, text, kind="error", choices=(Choice("Yes", lambda: None),)))
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in stack.findChildren(QLabel))
    assert stack.minimumSizeHint().width() < 2000
