"""The strip over the consoles: their tabs, the button for a new one, and what there is to say of the one in front."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from .icons import line_icon
from .plain import PlainLabel, plain_action_text, plain_tooltip, set_plain_tooltip
from .theme import colours_of

LONGEST_NAME = 40
LEAST_NAME_PX = 160
LEAST_TABS_PX = 60
CLOSE_PX = 17
"""As high as the words of a tab, in theme.py: a higher one would take room from the terminals below."""
LEAST_TAB_PX = 120
"""Where there is no room for all of them they are scrolled: of a name, some must be left to know it by."""


class _Tabs(QTabBar):
    def minimumTabSizeHint(self, index: int) -> QSize:
        hint = super().minimumTabSizeHint(index)
        return QSize(max(hint.width(), min(self.tabSizeHint(index).width(), LEAST_TAB_PX)), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Qt's own has room for two buttons that scroll and more, wider than one tab, and a layout gives it that."""
        return QSize(LEAST_TABS_PX, super().minimumSizeHint().height())


class _NameLine(QLineEdit):
    """Goes when it is left, with what was typed or without."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.deleteLater()


class ConsoleStrip(QWidget):
    """The first tab is always there; the others have a button that closes them."""

    new_wanted = Signal()
    chosen = Signal(int)
    renamed = Signal()
    """Or not: the user is done with the name."""

    def __init__(self, first: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console_strip")
        self._made = 0
        self._tabs = self._build_tabs(first)
        self._new = self._small_button("console_new", self.tr("Open another console"), self.new_wanted.emit)
        self._info = PlainLabel(name="console_info", role="caption", elide=True)
        self._info.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 16, 5)
        row.setSpacing(4)
        row.addWidget(self._tabs)
        row.addWidget(self._new, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._info, 1)
        self._draw_icons()

    @property
    def current(self) -> int:
        return self._tabs.currentIndex()

    @property
    def count(self) -> int:
        return self._tabs.count()

    def show_tab(self, index: int) -> None:
        if 0 <= index < self.count:
            self._tabs.setCurrentIndex(index)

    def step(self, by: int) -> None:
        """To a neighbour, round and round."""
        self.show_tab((self.current + by) % self.count)

    def add(self, name: str, close_words: str, close: Callable[[], object]) -> None:
        """A tab, in front."""
        index = self._tabs.addTab("")
        self._name(index, name)
        self._made += 1
        made = self._small_button(f"console_close_{self._made}", close_words, close)
        made.setFixedSize(CLOSE_PX, CLOSE_PX)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has its key of screen
        self._tabs.setTabButton(index, QTabBar.ButtonPosition.RightSide, made)
        self._draw_icons()
        self.fit()
        self._tabs.setCurrentIndex(index)

    def _name(self, index: int, name: str) -> None:
        self._tabs.setTabText(index, label(name))
        self._tabs.setTabToolTip(index, plain_tooltip(name))

    def remove(self, index: int) -> None:
        self._tabs.removeTab(index)
        self.fit()

    def show_info(self, words: str) -> None:
        self._info.setText(words)

    def fit(self) -> None:
        """Room for all tabs. Later, since a tab that was made while the page was hidden has no size yet."""
        QTimer.singleShot(0, self._tabs, self._tabs.updateGeometry)

    @property
    def below_new(self) -> QPoint:
        return self._new.mapToGlobal(self._new.rect().bottomLeft())

    def list_all(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("console_list_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for index in range(self.count):
            action = menu.addAction(f"{index}  {self._tabs.tabText(index)}", partial(self.show_tab, index))
            if index == self.current:
                menu.setActiveAction(action)
        menu.popup(self._tabs.mapToGlobal(self._tabs.rect().bottomLeft()))

    def rename(self, index_now: Callable[[], int]) -> None:
        """In the tab itself. Enter takes the name, Escape or a click elsewhere does not; meanwhile tabs may come and
        go."""
        index = index_now()
        line = _NameLine(self._tabs.tabText(index).replace("&&", "&"), self)
        line.setObjectName("console_rename")
        line.setAccessibleName(self.tr("Name of the console"))
        line.setMaxLength(LONGEST_NAME)
        place = self._tabs.tabRect(index)
        place.moveTopLeft(self._tabs.mapTo(self, place.topLeft()))
        place.setWidth(max(place.width(), LEAST_NAME_PX))
        line.setGeometry(place)

        def take() -> None:
            if line.text().strip() and (now_at := index_now()) >= 0:
                self._name(now_at, line.text().strip())
                self.fit()
            self.renamed.emit()

        line.returnPressed.connect(take)
        line.left.connect(self.renamed)  # by which it is left, as with Enter
        line.show()
        line.selectAll()
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange) and hasattr(self, "_info"):
            self._draw_icons()

    def _build_tabs(self, first: str) -> QTabBar:
        tabs = _Tabs()
        tabs.setObjectName("console_tabs")
        tabs.setAccessibleName(self.tr("Consoles"))
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(True)
        tabs.setElideMode(Qt.TextElideMode.ElideRight)
        tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tabs.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        tabs.addTab(first)
        tabs.currentChanged.connect(self.chosen)
        return tabs

    def _small_button(self, name: str, words: str, act: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setProperty("role", "small")
        made.setAccessibleName(words)
        set_plain_tooltip(made, words)
        made.clicked.connect(lambda _checked=False: act())
        return made

    def _draw_icons(self) -> None:
        colour, ratio = colours_of(self.palette()).muted, self.devicePixelRatioF()
        self._new.setIcon(line_icon("plus", colour, 14, ratio))
        for index in range(1, self.count):
            close = self._tabs.tabButton(index, QTabBar.ButtonPosition.RightSide)
            if isinstance(close, QToolButton):
                close.setIcon(line_icon("close", colour, 11, ratio))


def label(name: str) -> str:
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return plain_action_text(short)
