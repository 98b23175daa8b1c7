"""The form to run a container: fields with what is wrong beside each, and the `docker run` line that does the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.core.text import visible

from .card import button, rule
from .copy_field import CopyField
from .dialog import Dialog
from .plain import PlainLabel, plain_action_text
from .setting_row import CONTROL_HEIGHT_PX, CONTROL_WIDTH_PX, choices

WIDTH_PX, HEIGHT_PX = 620, 720
LEAST_LINES, MOST_LINES = 2, 8
LINE_ROWS = 4
MARGIN_PX = 8  # in a box of lines, as in one of a line
OWN_NETWORK = ""
"""What stands for the engine's usual one."""


class RunForm(Dialog):
    """Says `edited` at each change and `wished` when the button is pressed; stays until it is told to go."""

    edited = Signal()
    wished = Signal()

    def __init__(self, parent: QWidget | None, images: Sequence[str], image: str) -> None:
        super().__init__(parent, "run", self.tr("Run a container"))
        self._read: dict[str, Callable[[], str]] = {}
        self._problems: dict[str, PlainLabel] = {}
        self._controls: dict[str, QWidget] = {}
        self._right = self._busy = False
        self._grid = QGridLayout()
        self._network = QComboBox()
        self._line = CopyField("run_line", self.tr("The same in a terminal"), rows=LINE_ROWS)
        self._note = PlainLabel(name="run_note", role="caption", wrap=True)
        self._refusal = PlainLabel(name="run_refusal", role="error", wrap=True, selectable=True)
        self._cancel = button("run_cancel", self.tr("Cancel"), self.reject)
        self._ok = button("run_ok", self.tr("Run"), self.wished.emit, "primary")
        self._line.line.setPlaceholderText("docker run …")
        self._add_fields(images, image)
        self._fields = self._scrolled()
        self._place()
        self.resize(WIDTH_PX, min(HEIGHT_PX, self.screen().availableGeometry().height() - 80))
        self._controls["name" if image else "image"].setFocus()

    def values(self) -> dict[str, str]:
        return {key: read() for key, read in self._read.items()}

    def show_networks(self, names: Sequence[str]) -> None:
        """Those there are, and the one that is chosen: where it has gone the engine says so."""
        chosen = self._network.currentData()
        self._network.blockSignals(True)
        self._network.clear()
        self._network.addItem(self.tr("The engine's usual one (bridge)"), OWN_NETWORK)
        for name in sorted({*names, chosen} - {None, OWN_NETWORK}):
            self._network.addItem(visible(name), name)
        self._network.setCurrentIndex(max(0, self._network.findData(chosen)))
        self._network.blockSignals(False)

    def show_check(self, problems: Mapping[str, str], line: str, right: bool, note: str) -> None:
        """`note` says what happens before it runs."""
        for key, label in self._problems.items():
            label.setText(problems.get(key, ""))
            label.setVisible(bool(label.text()))
            self._controls[key].setAccessibleDescription(label.text())
        self._line.setText(line)
        self._line.copy_button.setEnabled(right)
        if not self._busy:
            self._show_note(note)
        self._right = right
        self._enable()

    def show_busy(self, words: str) -> None:
        """What is under way; empty: nothing any more."""
        self._busy = bool(words)
        self._refusal.hide()
        self._show_note(words)
        self._enable()

    def show_refusal(self, words: str) -> None:
        """All that was typed is still there."""
        self.show_busy("")
        self._refusal.setText(words)
        self._refusal.show()

    def _show_note(self, words: str) -> None:
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def _enable(self) -> None:
        self._fields.setEnabled(not self._busy)
        self._ok.setEnabled(self._right and not self._busy)

    def _add_fields(self, images: Sequence[str], image: str) -> None:
        self._add_image(images, image)
        self._add_edit("name", self.tr("Name"), self.tr("made up by the engine"))
        self._add_lines("ports", self.tr("Ports"), self.tr("8080:80 or 127.0.0.1:5353:53/udp, one a line"))
        self._add_lines("volumes", self.tr("Volumes"), self.tr("name:/data or /home/me/site:/srv:ro, one a line"))
        self._add_lines("environment", self.tr("Environment"), self.tr("NAME=value, one a line"))
        self._add_choice("network", self.tr("Network"), self._network)
        self._add_choice("restart", self.tr("Restart"), choices((
            ("", self.tr("Never")),
            ("on-failure", self.tr("When it fails")),
            ("always", self.tr("Always")),
            ("unless-stopped", self.tr("Always, unless it was stopped")),
        )))  # fmt: skip
        self._add_edit("cpus", self.tr("CPUs"), self.tr("no limit, or such as 1.5"))
        self._add_edit("memory", self.tr("Memory"), self.tr("no limit, or such as 512m"))
        self._add_edit("command", self.tr("Command"), self.tr("what the image says"))
        check = QCheckBox(plain_action_text(self.tr("Give it a terminal, and keep its input open")))
        check.toggled.connect(self.edited)
        self._add("tty", self.tr("Terminal"), check, lambda: "yes" if check.isChecked() else "")
        self.show_networks(())

    def _add_image(self, images: Sequence[str], image: str) -> None:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems([visible(name) for name in images])
        edit = box.lineEdit()
        assert edit is not None
        edit.setObjectName("run_image_edit")
        edit.setAccessibleName(self.tr("Image"))
        edit.setPlaceholderText("nginx:latest")
        box.setCurrentText(image)
        box.currentTextChanged.connect(self.edited)
        self._add("image", self.tr("Image"), box, lambda: box.currentText().strip())

    def _add_edit(self, key: str, title: str, hint: str) -> None:
        edit = QLineEdit()
        edit.setPlaceholderText(hint)
        edit.textChanged.connect(self.edited)
        self._add(key, title, edit, lambda: edit.text().strip())

    def _add_lines(self, key: str, title: str, hint: str) -> None:
        edit = LinesEdit(hint)
        edit.textChanged.connect(self.edited)
        self._add(key, title, edit, edit.toPlainText)

    def _add_choice(self, key: str, title: str, box: QComboBox) -> None:
        box.setMinimumWidth(CONTROL_WIDTH_PX)
        box.currentIndexChanged.connect(self.edited)
        self._add(key, title, box, lambda: str(box.currentData() or ""))

    def _add(self, key: str, title: str, control: QWidget, read: Callable[[], str]) -> None:
        row = self._grid.rowCount()
        control.setObjectName(f"run_{key}")
        control.setAccessibleName(control.text() if isinstance(control, QCheckBox) else title)
        label = PlainLabel(title, name=f"run_{key}_label", role="name")
        label.setMinimumHeight(CONTROL_HEIGHT_PX)
        if isinstance(control, QComboBox):  # its list is as wide as it has to be, and not the form
            control.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        if not isinstance(control, LinesEdit):
            control.setMinimumHeight(CONTROL_HEIGHT_PX)
        problem = PlainLabel(name=f"run_{key}_problem", role="error", wrap=True)
        problem.hide()
        both = QVBoxLayout()
        both.setSpacing(2)
        both.addWidget(control)
        both.addWidget(problem)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(both, row, 1)
        self._controls[key], self._read[key], self._problems[key] = control, read, problem

    def _scrolled(self) -> QScrollArea:
        self._grid.setContentsMargins(22, 4, 22, 12)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        body = QWidget()
        body.setObjectName("scrolled")
        body.setLayout(self._grid)
        area = QScrollArea()
        area.setObjectName("run_fields")
        area.setAccessibleName(self.tr("What to run"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have it
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def _place(self) -> None:
        self.column.setContentsMargins(0, 20, 0, 18)
        heading = PlainLabel(self.accessibleName(), name="run_title", role="heading")
        heading.setContentsMargins(22, 0, 22, 0)
        self.column.addWidget(heading)
        self.column.addWidget(self._fields, 1)
        self.column.addWidget(rule("run_rule"))
        foot = QVBoxLayout()
        foot.setContentsMargins(22, 2, 22, 0)
        foot.setSpacing(10)
        foot.addWidget(PlainLabel(self.tr("The same in a terminal"), name="run_line_label", role="caption"))
        for part in (self._line, self._note, self._refusal):
            foot.addWidget(part)
        self._refusal.hide()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self._cancel.setAutoDefault(False)
        self._ok.setDefault(True)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._ok)
        foot.addLayout(buttons)
        self.column.addLayout(foot)


class LinesEdit(QPlainTextEdit):
    """A few lines to type, as high as they need. Tab leaves it."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # ports, paths and names of variables are
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(MARGIN_PX)
        self.textChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        lines = min(max(self.blockCount(), LEAST_LINES), MOST_LINES)
        around = 2 * (self.frameWidth() + MARGIN_PX + 1)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + around)
