"""The log of a task that runs: it grows, and leaves what the user has selected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.core.job import Job
from desktop.views.job_card import JobCard


@pytest.fixture
def card() -> Iterator[JobCard]:
    made = JobCard(Job(id="job-1", verb="build", subject="app"))
    yield made
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_new_lines_leave_what_is_selected(card: JobCard) -> None:
    log = card.findChild(QPlainTextEdit, "job_1_log")
    assert log is not None
    card.show_lines(["one", "two"])
    cursor = log.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.EndOfLine, QTextCursor.MoveMode.KeepAnchor)
    log.setTextCursor(cursor)
    card.show_lines(["one", "two", "three"])
    assert log.toPlainText() == "one\ntwo\nthree" and log.textCursor().selectedText() == "one"
    card.show_lines(["two", "three", "four"])  # the oldest went
    assert log.toPlainText() == "two\nthree\nfour"


def test_of_much_the_newest_is_shown(card: JobCard) -> None:
    log = card.findChild(QPlainTextEdit, "job_1_log")
    assert log is not None
    card.show_lines(["x" * 60_000] * 20 + ["the end"])
    assert log.toPlainText().endswith("\nthe end")


def test_one_that_said_nothing_says_so(card: JobCard) -> None:
    log = card.findChild(QPlainTextEdit, "job_1_log")
    assert log is not None
    card.show_lines([])
    assert (log.toPlainText() or log.placeholderText()) == "Nothing was said yet"
    card.show_lines(["one"])
    assert log.toPlainText() == "one"
