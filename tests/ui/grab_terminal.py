"""`grab_terminal.py FILE`: a chequer of full blocks in a terminal, grabbed; run at a scale of its own by a test."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from desktop.core import frames
from desktop.views.terminal.widget import TerminalWidget

DEADLINE_S = 60.0


def main() -> None:
    application = QApplication(sys.argv[:1])
    application.setPalette(QPalette(QColor("#ffffff"), QColor("#f0f0f0")))
    sent: list[bytes] = []
    widget = TerminalWidget(lambda kind, _payload: sent.append(kind))
    widget.resize(500, 300)
    widget.show()
    deadline = time.monotonic() + DEADLINE_S
    while not sent and time.monotonic() < deadline:
        application.processEvents()
    screen = widget.session.screen
    rows = [("\u2588 " * screen.columns)[row % 2 :][: screen.columns] for row in range(screen.rows)]
    painted: list[bool] = []
    widget.display.refreshed.connect(lambda: painted.append(True))
    widget.receive(frames.OUTPUT, b"\x1b[?25l" + "\r\n".join(rows).encode())
    while not painted and time.monotonic() < deadline:
        application.processEvents()
    widget.display.grab().save(sys.argv[1])
    print(json.dumps({"width": widget.display.width(), "cell": widget.display.metrics.width}))
    widget.close_terminal()


if __name__ == "__main__":
    main()
