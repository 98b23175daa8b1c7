"""One container: what it is, how it stands, and its log, figures, files and details in tabs. Esc leads back.

Of several, or of a compose project, it shows how they stand and their logs as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop.core.engine import Container, EngineLink
from desktop.core.machine import MachineStatus
from desktop.models.container_columns import image_words, running_words, state_mark, state_words, worst_mark

from ..card import button, set_button_text
from ..engine_face import pass_on
from ..plain import PlainLabel, set_plain_tooltip
from ..state_mark import SIZE_PX, mark_icon
from ..stream_words import Kind
from ..subject import Act
from ..tab_keys import add_tab_keys
from ..theme import colours_of
from .inspect_tab import InspectTab
from .log_tab import LogTab
from .situation import START_CONTAINER, UNPAUSE, situation_of, situation_of_many
from .situation_bar import SituationBar
from .stream_tab import StreamTab

NARROW_PX = 620


class DetailPane(QWidget):
    """Shows the container of `id`, or, where that is empty, those of `ids` or all that `project` has.

    What is known of them stays when they, or the engine, go away.
    """

    back_requested = Signal()
    act_requested = Signal(str, list)
    verb_requested = Signal(str)  # what is wished of the machine
    console_requested = Signal()
    retry_requested = Signal()
    tab_made = Signal(str, object)
    """Once, when a tab that is not made at first is looked at."""

    def __init__(self, acts: tuple[Act[Container], ...], tabs: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail_pane")
        self.id, self.project = "", ""
        self.ids: tuple[str, ...] = ()
        self._records: Sequence[Container] = ()
        self._last: Sequence[Container] = ()
        self._status, self._link, self._refused = MachineStatus(), EngineLink(), ""
        self._keys = tabs
        self._acts = {act.key: act for act in acts}
        self.logs, self.details = LogTab(), InspectTab()
        self.terminal = StreamTab("detail_terminal", Kind.SHELL)
        self.attached = StreamTab("detail_attach", Kind.ATTACHED)
        self._later = dict(_LATER)
        self._place()
        self._bar.wished.connect(self._on_wish)
        self._tabs.currentChanged.connect(self._on_tab)
        back = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.back_requested)
        add_tab_keys(self, self._turn)

    def begin(self, records: Sequence[Container], project: str = "") -> None:
        """Another container, or others."""
        alone = len(records) == 1
        self.id, self.project = records[0].id if alone else "", "" if alone else project
        self.ids = tuple(record.id for record in records)
        self._records = self._last = records
        self._refused = ""
        for number, key in enumerate(self._keys):
            self._tabs.setTabVisible(number, alone or key == "logs")
        self.logs.begin(self.name)
        self.details.begin()
        if alone:
            for streams in (self.terminal, self.attached):
                streams.begin(records[0])
        self._refresh()

    @property
    def name(self) -> str:
        if self.id and self._last:
            return self._last[0].name
        return self.project or self.tr("%1 containers").replace("%1", QLocale().toString(len(self.ids)))

    def show_tab(self, tab: str) -> None:
        self._tabs.setCurrentIndex(self._keys.index(tab))
        if (page := self._pages.currentWidget()) is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_situation(self, status: MachineStatus, link: EngineLink, records: Sequence[Container]) -> None:
        """`records`: those that there still are."""
        self._status, self._link, self._records = status, link, records
        self._last = records or self._last
        if self.id:
            for streams in (self.terminal, self.attached):
                streams.show_record(records[0] if records else None, link.link == "up")
        self._refresh()

    def show_refused(self, words: str) -> None:
        """Why the engine has no log to give; empty: it has."""
        self._refused = words
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tabs.updateGeometry()  # the style sheet has made it higher, which it does not tell the layout by itself

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name has the room before what can be found elsewhere."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_PX
        self._image.setHidden(narrow)
        set_button_text(self._back, "‹" if narrow else "‹ " + self.tr("Containers"))
        self._back.setAccessibleName(self.tr("Containers"))
        set_plain_tooltip(self._back, self.tr("Containers") if narrow else "")

    def _place(self) -> None:
        self._tabs = QTabBar()
        self._tabs.setObjectName("detail_tabs")
        self._tabs.setAccessibleName(self.tr("Views of the container"))
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        titles = {
            "logs": self.tr("Logs"),
            "stats": self.tr("Stats"),
            "files": self.tr("Files"),
            "details": self.tr("Details"),
            "terminal": self.tr("Terminal"),
            "attach": self.tr("Attach"),
        }
        for key in self._keys:
            self._tabs.addTab(titles[key])
        self._pages = QStackedWidget()
        self._pages.setObjectName("detail_pages")
        made = {"logs": self.logs, "details": self.details, "terminal": self.terminal, "attach": self.attached}
        for key in self._keys:
            self._pages.addWidget(made.get(key) or QWidget())
        # A page that is not in front would press on the bars of the one that is.
        self._pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._bar = SituationBar()
        tabs = QHBoxLayout()
        tabs.setContentsMargins(20, 0, 20, 10)
        tabs.addWidget(self._tabs, 1)  # the one in front is bold, for which the bar's own wish leaves no room
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head())
        column.addLayout(tabs)
        column.addWidget(self._bar)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self._pages)

    def _build_head(self) -> QHBoxLayout:
        self._back = button("detail_back", "‹", self.back_requested.emit, "quiet")
        self._name = PlainLabel(name="detail_name", role="heading", elide=True)
        self._image = PlainLabel(name="detail_image", role="caption", elide=True)
        self._mark = PlainLabel(name="detail_mark")
        self._state = PlainLabel(name="detail_state")
        for kept in (self._mark, self._state):  # what room there is, is the name's
            kept.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        row.setContentsMargins(12, 10, 20, 8)
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addWidget(self._name)
        row.addWidget(self._image, 1000)
        row.addStretch(1)  # in its place, where it is hidden
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
        if not self._last:
            return
        self.setAccessibleName(self.name)
        self._name.setText(self.name)
        lives, alone = bool(self._records), bool(self.id)
        first = self._last[0]
        self._image.setText(image_words(first) if alone else ", ".join(record.name for record in self._last))
        words = state_words(first) if alone else running_words(self._last)
        self._state.setText(words if lives else "")
        mark = state_mark(first) if alone else worst_mark(self._last)
        icon = mark_icon(mark, colours_of(self.palette()), self.devicePixelRatioF())
        self._mark.setPixmap(icon.pixmap(QSize(SIZE_PX, SIZE_PX), self.devicePixelRatioF()))
        self._mark.setVisible(lives)
        if alone:
            situation = situation_of(self._status, self._link, first if lives else None, self._refused)
        else:
            situation = situation_of_many(self._status, self._link, lives, self._refused)
        self._bar.show_situation(situation)
        usable = lives and self._link.link == "up"
        for key, made in self._buttons.items():
            made.setEnabled(usable and any(self._acts[key].fits(record) for record in self._records))

    def _turn(self, step: int) -> None:
        """To the tab beside, and round."""
        shown = [key for number, key in enumerate(self._keys) if self._tabs.isTabVisible(number)]
        self.show_tab(shown[(shown.index(self._keys[self._tabs.currentIndex()]) + step) % len(shown)])

    def _on_tab(self, number: int) -> None:
        make = self._later.pop(self._keys[number], None)
        if make is not None:
            made = make()
            self._pages.insertWidget(number, made)
            if (empty := self._pages.widget(number + 1)) is not None:
                self._pages.removeWidget(empty)
                empty.deleteLater()
            self.tab_made.emit(self._keys[number], made)
        self._pages.setCurrentIndex(number)

    def _act(self, key: str) -> None:
        self.act_requested.emit(key, [record.id for record in self._records if self._acts[key].fits(record)])

    def _on_wish(self, wish: str) -> None:
        if not pass_on(self, wish) and wish in (START_CONTAINER, UNPAUSE):
            self.act_requested.emit("start" if wish == START_CONTAINER else "unpause", [self.id])


def _make_stats() -> QWidget:
    from .stats_tab import StatsTab

    return StatsTab()


def _make_files() -> QWidget:
    from .files_tab import FilesTab

    return FilesTab()


_LATER: dict[str, Callable[[], QWidget]] = {"stats": _make_stats, "files": _make_files}
