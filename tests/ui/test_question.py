"""Questions block nothing and come back with what was chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.views.question import Answer, Question
from tests.helpers.hostile import HOSTILE

ANSWERS = (Answer("cancel", "Cancel"), Answer("kill", "Kill", "danger"))


def asked(what: str = "Kill it?", why: str = "") -> tuple[Question, list[str]]:
    said: list[str] = []
    question = Question(None, "kill_question", what, why, ANSWERS, default="cancel")
    question.answered.connect(said.append)
    return question, said


def test_answer_comes_back_by_its_key() -> None:
    question, said = asked()
    button = question.findChild(QPushButton, "kill_question_kill")
    assert button is not None and button.accessibleName() == "Kill"
    button.click()
    assert said == ["kill"]


def test_escape_is_no_answer() -> None:
    question, said = asked()
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert said == [""]


def test_return_chooses_what_does_no_harm() -> None:
    question, said = asked()
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert said == ["cancel"]


def test_nothing_in_it_is_markup() -> None:
    parent = QWidget()
    for text in HOSTILE:
        question = Question(parent, "q", text, text, ANSWERS)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in question.findChildren(QLabel))
        question.reject()
    parent.deleteLater()
    QTest.qWait(1)


def test_a_long_name_leaves_the_buttons_on_the_screen() -> None:
    """A word that cannot be broken made the dialog as wide as itself."""
    question, _ = asked("Remove these?", "\n".join(("Ꮮ" * 120, "x" * 120, "What they wrote is lost.")))
    question.adjustSize()
    assert question.width() <= 640
    kill = question.findChild(QPushButton, "kill_question_kill")
    assert kill is not None and kill.geometry().right() < question.width()
    question.reject()
