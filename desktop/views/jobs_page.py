"""The tasks: long work that was begun in this session, the newest first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.core.job import Job
from desktop.core.store import Delta

from .card import button
from .face import Face, FaceView
from .job_card import JobCard
from .page import GAP_PX, Page
from .plain import PlainLabel


class JobsPage(QWidget):
    """Shows what it is given by `take`; `lines_of` gives the log of one, asked for while that is looked at."""

    cancel_requested = Signal(str)
    forget_requested = Signal(list)
    page_requested = Signal(str)

    def __init__(self, lines_of: Callable[[str], list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs_page")
        self.setAccessibleName(self.tr("Tasks"))
        self._lines_of = lines_of
        self._cards: dict[str, JobCard] = {}
        self._looked_at: set[str] = set()
        self._clear = button("jobs_clear", self.tr("Remove all that ended"), self._forget_ended)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP_PX)
        self._body = QStackedLayout(self)
        self._page, self._face = self._make_page(), self._make_face()
        for part in (self._page, self._face):
            self._body.addWidget(part)
        self._refresh()

    def take(self, delta: Delta[Job]) -> None:
        for job in delta.added:
            self._add(job)
        for job in delta.updated:
            self._cards[job.id].show_job(job)
        for id in delta.removed:
            self._looked_at.discard(id)
            card = self._cards.pop(id)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._refresh()

    def show_lines(self, id: str) -> None:
        """There are new lines in the log of one."""
        if id in self._looked_at:
            self._cards[id].show_lines(self._lines_of(id))

    def _add(self, job: Job) -> None:
        card = self._cards[job.id] = JobCard(job)
        card.cancel_requested.connect(self.cancel_requested)
        card.forget_requested.connect(lambda id: self.forget_requested.emit([id]))
        card.lines_wanted.connect(self._on_lines_wanted)
        self._list.insertWidget(0, card)

    def _on_lines_wanted(self, id: str, wanted: bool) -> None:
        (self._looked_at.add if wanted else self._looked_at.discard)(id)
        self.show_lines(id)

    def _forget_ended(self) -> None:
        self.forget_requested.emit([id for id, card in self._cards.items() if not card.job.running])

    def _refresh(self) -> None:
        shown = self._page if self._cards else self._face
        self._body.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self._clear.setEnabled(any(not card.job.running for card in self._cards.values()))

    def _make_page(self) -> Page:
        page = Page("jobs_scroll", self.tr("Tasks"))
        head, listed = QWidget(), QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(self.tr("Tasks"), name="jobs_title", role="title"))
        row.addStretch(1)
        row.addWidget(self._clear)
        listed.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 0, 0)
        for part, name in ((head, "jobs_head"), (listed, "jobs_list")):
            part.setObjectName(name)
            page.add_wide(part)
        return page

    def _make_face(self) -> FaceView:
        face = FaceView("jobs_face", "tasks")
        face.show_face(
            Face(
                self.tr("Nothing is under way"),
                self.tr("What takes long, such as a pull, is listed here. It goes on with the window closed."),
                wish="images",
                button=self.tr("Go to the images"),
            )
        )
        face.wished.connect(self.page_requested)
        return face
