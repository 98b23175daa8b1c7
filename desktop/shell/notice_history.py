"""The list of notices: how many are unread, and the dialog that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.views.side_bar import NOTICES

from .notices import Notices
from .window import MainWindow

if TYPE_CHECKING:
    from desktop.views.notice_list import NoticeList


class NoticeHistory:
    def __init__(self, notices: Notices, window: MainWindow) -> None:
        self._notices, self._window = notices, window
        self._open: NoticeList | None = None
        notices.changed.connect(lambda _: self._refresh())
        window.notices.put_away_by_user.connect(notices.read)
        window.side_bar.notices_requested.connect(self.show)

    def show(self) -> None:
        """Made each time: what is seldom looked at takes no memory in between."""
        if self._open is None:
            from desktop.views.notice_list import NoticeList

            self._open = made = NoticeList(self._window)
            made.clear_requested.connect(self._notices.clear)
            made.finished.connect(lambda _: self._on_closed())
            made.open()
        self._refresh()

    def _on_closed(self) -> None:
        self._open = None

    def _refresh(self) -> None:
        if self._open is not None:
            self._open.show_notices(self._notices.kept)
            self._notices.read_all()
        self._window.side_bar.show_count(NOTICES, self._notices.unread)
