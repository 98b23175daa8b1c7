"""One container: what it is, how it stands, and its log and details in tabs. Esc leads back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop.core.engine import Container, EngineLink
from desktop.core.machine import MachineStatus
from desktop.models.container_columns import image_words, state_mark, state_words

from ..card import button
from ..engine_face import CONSOLE, RETRY, START
from ..plain import PlainLabel
from ..state_mark import SIZE_PX, mark_icon
from ..subject import Act
from ..theme import colours_of
from .inspect_tab import InspectTab
from .log_tab import LogTab
from .situation import START_CONTAINER, UNPAUSE, situation_of
from .situation_bar import SituationBar


class DetailPane(QWidget):
    """Shows the container of `id`. What is known of it stays when it, or the engine, goes away."""

    back_requested = Signal()
    act_requested = Signal(str, list)
    machine_start_requested = Signal()
    console_requested = Signal()
    retry_requested = Signal()

    def __init__(
        self, acts: tuple[Act[Container], ...], tabs: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("detail_pane")
        self.id = ""
        self._record: Container | None = None
        self._last: Container | None = None
        self._status, self._link, self._refused = MachineStatus(), EngineLink(), ""
        self._keys = tabs
        self._acts = {act.key: act for act in acts}
        self.logs, self.details = LogTab(), InspectTab()
        self._place()
        self._bar.wished.connect(self._on_wish)
        self._tabs.currentChanged.connect(self._pages.setCurrentIndex)
        back = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.back_requested)

    def begin(self, record: Container) -> None:
        """Another container."""
        self.id, self._record, self._last, self._refused = record.id, record, record, ""
        self.logs.begin(record.name)
        self.details.begin()
        self._refresh()

    @property
    def name(self) -> str:
        return self._last.name if self._last is not None else ""

    def show_tab(self, tab: str) -> None:
        self._tabs.setCurrentIndex(self._keys.index(tab))
        page = self.logs if tab == "logs" else self.details
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_situation(self, status: MachineStatus, link: EngineLink, record: Container | None) -> None:
        self._status, self._link, self._record = status, link, record
        self._last = record or self._last
        self._refresh()

    def show_refused(self, words: str) -> None:
        """Why the engine has no log to give; empty: it has."""
        self._refused = words
        self._refresh()

    def _place(self) -> None:
        self._tabs = QTabBar()
        self._tabs.setObjectName("detail_tabs")
        self._tabs.setAccessibleName(self.tr("Logs and details"))
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        for words in (self.tr("Logs"), self.tr("Details")):
            self._tabs.addTab(words)
        self._pages = QStackedWidget()
        self._pages.setObjectName("detail_pages")
        for page in (self.logs, self.details):
            self._pages.addWidget(page)
        self._bar = SituationBar()
        tabs = QHBoxLayout()
        tabs.setContentsMargins(20, 0, 20, 10)
        tabs.addWidget(self._tabs)
        tabs.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head())
        column.addLayout(tabs)
        column.addWidget(self._bar)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self._pages)

    def _build_head(self) -> QHBoxLayout:
        self._back = button("detail_back", "‹ " + self.tr("Containers"), self.back_requested.emit, "quiet")
        self._name = PlainLabel(name="detail_name", role="heading", elide=True)
        self._image = PlainLabel(name="detail_image", role="caption", elide=True)
        self._mark = PlainLabel(name="detail_mark")
        self._state = PlainLabel(name="detail_state")
        row = QHBoxLayout()
        row.setContentsMargins(12, 10, 20, 8)
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addWidget(self._name)
        row.addWidget(self._image, 1)
        row.addWidget(self._mark)
        row.addWidget(self._state)
        row.addSpacing(8)
        self._buttons = {
            act.key: button(f"detail_{act.key}", act.label, lambda key=act.key: self._act(key))  # type: ignore[misc]
            for act in self._acts.values()
        }
        for made in self._buttons.values():
            row.addWidget(made)
        return row

    def _refresh(self) -> None:
        record = self._last
        if record is None:
            return
        self.setAccessibleName(record.name)
        self._name.setText(record.name)
        self._image.setText(image_words(record))
        lives = self._record is not None
        self._state.setText(state_words(record) if lives else "")
        icon = mark_icon(state_mark(record), colours_of(self.palette()), self.devicePixelRatioF())
        self._mark.setPixmap(icon.pixmap(QSize(SIZE_PX, SIZE_PX), self.devicePixelRatioF()))
        self._mark.setVisible(lives)
        situation = situation_of(self._status, self._link, self._record, self._refused)
        self._bar.show_situation(situation)
        usable = lives and self._link.link == "up"
        for key, made in self._buttons.items():
            made.setEnabled(usable and self._acts[key].fits(record))

    def _act(self, key: str) -> None:
        self.act_requested.emit(key, [self.id])

    def _on_wish(self, wish: str) -> None:
        if wish == START:
            self.machine_start_requested.emit()
        elif wish == CONSOLE:
            self.console_requested.emit()
        elif wish == RETRY:
            self.retry_requested.emit()
        elif wish in (START_CONTAINER, UNPAUSE):
            self.act_requested.emit("start" if wish == START_CONTAINER else "unpause", [self.id])
