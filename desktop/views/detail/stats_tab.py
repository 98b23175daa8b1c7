"""What a container uses, in four charts, and the processes that run in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QTreeView, QVBoxLayout, QWidget

from desktop.core.text import visible
from desktop.core.usage import Processes, Usage
from desktop.models import words
from desktop.models.process_table import SORT_ROLE, ProcessTable

from ..on_screen import OnScreen, Watched
from ..plain import PlainLabel
from ..told import told_sentence
from .chart import Chart, Line
from .text_view import read_left_to_right

KB, MIB = 1000, 1 << 20
MARGIN_PX = 20
LEAST_TABLE_PX = 96
SPACING_PX = 14
WIDEST_S = 888.8e6
"""Bytes per second: no rate takes more room in words."""


class StatsTab(Watched, QWidget):
    """`looked_at`: it is on the screen, or is not any more. What it shows then goes on where it was."""

    looked_at = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stats_tab")
        self.setAccessibleName(self.tr("Stats"))
        self._model = ProcessTable(self)
        self._place()
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.looked_at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def begin(self) -> None:
        """Another container."""
        self.show_usage(())
        self.show_processes(Processes())
        self.show_broken("")

    def show_usage(self, kept: Sequence[Usage]) -> None:
        now_s = time.monotonic()
        last = kept[-1] if kept else Usage(at_s=now_s)

        def line(name: str, value: Callable[[Usage], float | None]) -> Line:
            found = ((now_s - usage.at_s, value(usage)) for usage in kept)
            return Line(name, [(ago_s, amount) for ago_s, amount in found if amount is not None])

        self._cpu.show_lines((line("", lambda u: u.cpu_percent),), _percent(last.cpu_percent))
        self._memory.show_lines((line("", lambda u: u.memory_bytes),), self._memory_words(last))
        self._network.show_lines(
            (line("received", lambda u: u.received_s), line("sent", lambda u: u.sent_s)),
            self._network_words(last.received_s, last.sent_s),
        )
        self._disk.show_lines(
            (line("read", lambda u: u.read_s), line("written", lambda u: u.written_s)),
            self._disk_words(last.read_s, last.written_s),
        )

    def show_processes(self, processes: Processes) -> None:
        columns = self._model.columnCount()
        self._model.show_processes(processes)
        if self._model.columnCount() != columns:
            for column in range(self._model.columnCount()):
                self.table.resizeColumnToContents(column)
        count = len(processes.rows)
        said = self.tr("1 process") if count == 1 else self.tr("%1 processes")
        self._count.setText(said.replace("%1", QLocale().toString(count)) if processes.titles else "")

    def show_unlisted(self, why: str) -> None:
        """Why there is no list of processes."""
        self._model.show_processes(Processes())
        self._count.setText(self.tr("The engine lists no processes: %1").replace("%1", visible(why, 400)))

    def show_broken(self, why: str) -> None:
        """Why no figures come; empty: they do."""
        said = self.tr("No figures come just now: %1 It is tried again.").replace(
            "%1", visible(told_sentence(why), 400)
        )
        self._broken.setText(said if why else "")
        self._broken.setVisible(bool(why))

    def _place(self) -> None:
        self._cpu = Chart("stats_cpu", self.tr("CPU"), words.percent, 1)
        self._memory = Chart("stats_memory", self.tr("Memory"), lambda value: words.memory(int(value)), MIB)
        self._network = Chart("stats_network", self.tr("Network"), _rate, KB)
        self._disk = Chart("stats_disk", self.tr("Disk"), _rate, KB)
        self._broken = PlainLabel(name="stats_broken", role="error", wrap=True)
        self._broken.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 8)
        charts = QWidget()
        charts.setObjectName("scrolled")
        scrolled = QScrollArea()
        scrolled.setObjectName("stats_charts")
        scrolled.setAccessibleName(self.tr("Charts"))
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(charts)
        self._grid = QGridLayout(charts)
        self._grid.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 12)
        self._grid.setSpacing(SPACING_PX)
        self._arrange()
        self._count = PlainLabel(name="stats_count", role="caption", elide=True)
        self._count.setContentsMargins(MARGIN_PX, 4, MARGIN_PX, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._broken)
        column.addWidget(scrolled, 5)
        column.addWidget(self._build_table(), 2)
        column.addWidget(self._count)
        self.setFocusProxy(self.table)
        self._broken.hide()

    def _arrange(self) -> None:
        """Two in a row where their legends have room beside the titles, whatever they say just now."""
        least_px = max(
            self._network.head_px(self._network_words(WIDEST_S, WIDEST_S)),
            self._disk.head_px(self._disk_words(WIDEST_S, WIDEST_S)),
        )
        columns = 2 if self.width() >= 2 * (least_px + MARGIN_PX) + SPACING_PX else 1
        for number, chart in enumerate((self._cpu, self._memory, self._network, self._disk)):
            self._grid.addWidget(chart, number // columns, number % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def _build_table(self) -> QTreeView:
        sorted_rows = QSortFilterProxyModel(self)
        sorted_rows.setSortRole(SORT_ROLE)
        sorted_rows.setSourceModel(self._model)
        self.table = QTreeView()
        read_left_to_right(self.table)
        self.table.setObjectName("stats_processes")
        self.table.setAccessibleName(self.tr("Processes"))
        self.table.setModel(sorted_rows)
        self.table.setRootIsDecorated(False)
        self.table.setMinimumHeight(LEAST_TABLE_PX)
        self.table.setUniformRowHeights(True)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setFrameShape(QTreeView.Shape.NoFrame)
        self.table.setStyleSheet("QTreeView::item { padding: 3px 8px; }")
        self.table.header().setObjectName("stats_processes_header")
        return self.table

    def _network_words(self, received_s: float | None, sent_s: float | None) -> str:
        return _both(("― " + self.tr("Received"), received_s), ("┄ " + self.tr("Sent"), sent_s))

    def _disk_words(self, read_s: float | None, written_s: float | None) -> str:
        return _both(("― " + self.tr("Read"), read_s), ("┄ " + self.tr("Written"), written_s))

    def _memory_words(self, usage: Usage) -> str:
        if usage.memory_bytes is None:
            return ""
        said = words.memory(usage.memory_bytes)
        if usage.memory_limit_bytes is None:
            return said
        return self.tr("%1 of %2").replace("%1", said).replace("%2", words.memory(usage.memory_limit_bytes))


def _percent(amount: float | None) -> str:
    return "" if amount is None else words.percent(amount)


def _rate(amount: float) -> str:
    return words.size(int(amount)) + "/s"


def _both(*named: tuple[str, float | None]) -> str:
    return "   ".join(f"{name} {_rate(amount)}" for name, amount in named if amount is not None)
