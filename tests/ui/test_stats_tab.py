"""What a container uses, as it is laid out: every legend has its room."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.core.usage import Processes, Usage
from desktop.views.detail.stats_tab import StatsTab

CHARTS = ("stats_cpu", "stats_memory", "stats_network", "stats_disk")


@pytest.mark.parametrize(("width", "columns"), [(460, 1), (1000, 2)])  # the first of a window of 640
def test_no_legend_is_cut_in_a_narrow_window(width: int, columns: int) -> None:
    tab = StatsTab()
    tab.resize(width, 400)
    tab.show()
    rate = 987.6e6
    usage = Usage(
        at_s=time.monotonic(), cpu_percent=1234.5, memory_bytes=987 << 20, memory_limit_bytes=64 << 30,
        received_s=rate, sent_s=rate, read_s=rate, written_s=rate,
    )  # fmt: skip
    tab.show_usage((usage,))
    QApplication.processEvents()
    for name in CHARTS:
        legend = tab.findChild(QLabel, f"{name}_now")
        assert isinstance(legend, QLabel)
        assert legend.width() >= legend.fontMetrics().horizontalAdvance(legend.text()), (name, legend.text())
    places = [chart.x() for name in CHARTS if isinstance(chart := tab.findChild(QWidget, name), QWidget)]
    assert len(set(places)) == columns
    tab.close()
    tab.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_runs_is_in_sight_beside_its_numbers() -> None:
    """Each column was as wide as any other, and the last one, the command, outside."""
    titles = ("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD")
    row = ("root", "2101", "1", "0", "00:00", "?", "00:00:00", "nginx: worker process")
    tab = StatsTab()
    tab.resize(730, 400)
    tab.show()
    tab.show_processes(Processes(titles, (row,)))
    header = tab.table.header()
    assert header.sectionViewportPosition(7) + header.sectionSize(7) <= tab.table.viewport().width()
    header.resizeSection(0, 300)
    tab.show_processes(Processes(titles, (row, row)))
    assert header.sectionSize(0) == 300  # it stays as it was left
    tab.close()
    tab.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
