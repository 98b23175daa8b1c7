"""The side bar: which page of the window is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from .icons import line_icon
from .plain import plain_action_text
from .theme import colours_of

PAGES = ("overview", "containers", "images", "volumes", "networks", "console", "tasks", "settings")
ICON_PX = 18


NOTICES = "notices"


class SideBar(QFrame):
    """`page_keyed`: by its keys, whether it is shown already or not."""

    page_requested = Signal(str)
    page_keyed = Signal(str)
    notices_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_bar")
        self.setAccessibleName(self.tr("Pages"))
        self.setProperty("role", "side")
        self._buttons: dict[str, _Button] = {}
        group = QButtonGroup(self, exclusive=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 14)
        column.setSpacing(2)
        for number, page in enumerate(PAGES, 1):
            made = self._make_button(page, number)
            group.addButton(made)
            column.addWidget(made)
        column.addStretch(1)
        column.addWidget(self._make_notices())
        self._tint()

    def show_page(self, page: str) -> None:
        with QSignalBlocker(self._buttons[page]):  # the page is shown already
            self._buttons[page].setChecked(True)

    def show_count(self, page: str, count: int) -> None:
        """Puts a number behind a page's name; 0 takes it away."""
        title = self.title(page)
        if count:
            title = self.tr("%1 (%2)").replace("%1", title).replace("%2", self.locale().toString(count))
        made = self._buttons[page]
        shortcut = made.shortcut()
        made.setText(plain_action_text(title))  # which takes the shortcut away
        made.setShortcut(shortcut)
        made.setAccessibleName(title)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.isVisible():
            self._tint()

    def _make_button(self, page: str, number: int) -> _Button:
        made = self._plain_button(page, number)
        made.setCheckable(True)
        # Not `clicked`: assistive technology checks a button without a click.
        made.toggled.connect(lambda checked, page=page: self.page_requested.emit(page) if checked else None)
        made.keyed.connect(lambda page=page: self.page_keyed.emit(page))
        return made

    def _make_notices(self) -> _Button:
        """The last one: no page, but what was told on any."""
        made = self._plain_button(NOTICES, len(PAGES) + 1)
        made.clicked.connect(lambda _checked=False: self.notices_requested.emit())
        made.keyed.connect(self.notices_requested)
        return made

    def _plain_button(self, page: str, number: int) -> _Button:
        title = self.title(page)
        made = _Button()
        made.setObjectName(f"page_{page}")
        made.setText(plain_action_text(title))
        made.setAccessibleName(title)
        made.setProperty("role", "side")
        made.setIconSize(QSize(ICON_PX, ICON_PX))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setMinimumWidth(150)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setShortcut(f"Ctrl+{number}")
        self._buttons[page] = made
        return made

    def title(self, page: str) -> str:
        return {
            "overview": self.tr("Overview"),
            "containers": self.tr("Containers"),
            "images": self.tr("Images"),
            "volumes": self.tr("Volumes"),
            "networks": self.tr("Networks"),
            "console": self.tr("Console"),
            "tasks": self.tr("Tasks"),
            "settings": self.tr("Settings"),
            NOTICES: self.tr("Notices"),
        }[page]

    def _tint(self) -> None:
        colour = colours_of(self.palette()).text
        for page, made in self._buttons.items():
            made.setIcon(line_icon(page, colour, ICON_PX, self.devicePixelRatioF()))


class _Button(QToolButton):
    """Its keys do at once what it is for: Qt has them press it for a tenth of a second first."""

    keyed = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Shortcut:
            self.keyed.emit()
            return True
        return super().event(event)
