"""The files of a container or a volume: one folder at a time, or the beginning of one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QLocale, QMargins, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.core.container_files import Change, Entry, Kind, Listing, Preview, above, joined
from desktop.core.text import file_name, visible, visible_lines
from desktop.models import words
from desktop.models.file_table import CHANGE_COLUMN, FileTable

from ..card import button
from ..file_dialog import FileDialog, to_save
from ..on_screen import OnScreen, Watched
from ..plain import PlainLabel, plain_action_text
from ..record_view import LEAST_PX
from ..show_part import show_part
from ..two_line_bar import TwoLineBar
from .file_view import file_view
from .path_edit import PathEdit
from .text_view import problem_label, text_view

ONE_LINE_FROM_PX = 760
MARGIN_PX = 20


class FilesTab(Watched, QWidget):
    """`looked_at`: it is on the screen, or is not any more.

    Paths in the container are told as objects: a string of Qt's drops what is no UTF-8, and the path of another file
    would be left.
    """

    looked_at = Signal(bool)
    path_wanted = Signal(object)
    save_wanted = Signal(object, bool, str, object)
    """Path, whether it is a folder, the file to write, and bytes: of more than 2 GiB Qt's int would be none."""
    send_wanted = Signal(object, list)  # into which folder, files and folders of this computer
    delete_wanted = Signal(object)

    def __init__(self, of_volume: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of_volume = of_volume
        self.setObjectName("files_tab")
        self.setAccessibleName(self.tr("Files"))
        self.setAcceptDrops(True)
        self.model = FileTable(self)
        self._path, self._folder = "/", "/"  # what the line says, and whose files the table has
        self._shows_file = False
        self._is_running = self._is_gone = False
        self._place()
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.looked_at)
        self._connect()

    def begin(self) -> None:
        """Another container or volume."""
        self._folder = "/"
        self._is_gone = False
        self._edit.setModified(False)
        self.model.show_listing(Listing(path="/", is_whole=False))
        self.model.show_changes({})
        self.show_waiting("/")

    @property
    def path(self) -> str:
        return self._path

    @property
    def folder(self) -> str:
        return self._folder

    def show_waiting(self, path: str) -> None:
        self._path, self._shows_file = path, False
        self._show_path()
        self._problem.setText(self.tr("Reading…"))
        show_part(self, self._body, self._problem)
        self._note.setText("")
        self._refresh()

    def show_listing(self, listing: Listing) -> None:
        again = listing.path == self._folder
        place, old = self.table.verticalScrollBar().value(), self.table.currentIndex()
        row, entry = old.row(), self.model.entry(old)
        self._path = self._folder = listing.path
        self._show_path()
        self.model.show_listing(listing)
        show_part(self, self._body, self.table)
        if not again or entry is None:
            row = 0
        elif self.model.has(entry.name):
            row = self.model.row_of(entry.name)
        self.table.setCurrentIndex(self.model.index(max(0, min(row, self.model.rowCount() - 1)), 0))
        if again:
            self.table.verticalScrollBar().setValue(place)
        self._show_note(listing)
        self._refresh()

    def show_changes(self, changes: Mapping[str, Change]) -> None:
        """They come a while after the files: the row at hand stays it."""
        entry, place = self.model.entry(self.table.currentIndex()), self.table.verticalScrollBar().value()
        self.model.show_changes(changes)
        row = self.model.row_of(entry.name) if entry is not None else 0
        self.table.setCurrentIndex(self.model.index(max(0, row), 0))
        self.table.verticalScrollBar().setValue(place)
        self._refresh()

    def show_unmarked(self, why: str) -> None:
        """Why it is not known which files were changed."""
        self.model.show_changes({})
        words = self.tr("Which files were changed is not known: %1").replace("%1", visible(why, 300))
        self._note.setText(f"{self._note.text()} · {words}")

    def show_preview(self, preview: Preview) -> None:
        self._path, self._folder, self._shows_file = preview.path, above(preview.path), True
        self._show_path()
        size = words.size(preview.size_bytes)
        if preview.text is None:
            self.show_problem(
                self.tr("This file is no text (%1). Save it to open it on this computer.").replace("%1", size)
            )
            return
        self._preview.setPlainText(visible_lines(preview.text, 1 << 20))
        show_part(self, self._body, self._preview)
        self._note.setText(size if preview.is_whole else self.tr("The beginning of %1").replace("%1", size))
        self._refresh()

    def show_problem(self, said: str) -> None:
        self._problem.setText(said)
        show_part(self, self._body, self._problem)
        self._note.setText("")
        self._refresh()

    def show_gone(self, is_gone: bool) -> None:
        """Whether the container was removed: what was read last can be looked at then."""
        if is_gone == self._is_gone:
            return
        self._is_gone = is_gone
        if is_gone:
            self._show_last()
        self._refresh()

    def _show_last(self) -> None:
        if self._body.currentWidget() is self._problem and self.model.rowCount():
            self._path = self._folder
            show_part(self, self._body, self.table)
        elif self._body.currentWidget() is self._problem:
            self._problem.setText(self.tr("The container was removed before its files were read."))
        self._edit.setModified(False)
        self._show_path()

    def _show_path(self) -> None:
        """Not over what is being typed: a folder is read again whenever something in it was done."""
        if not (self._edit.isModified() and self._edit.hasFocus()):
            self._edit.setText(visible(self._path, 4096))

    def show_running(self, is_running: bool) -> None:
        self._is_running = is_running
        self._refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._accept(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if self._accept(event):
            self.send_wanted.emit(self._folder, _local_files(event))

    def _accept(self, event: QDragMoveEvent | QDropEvent) -> bool:
        """What can be uploaded, where it can."""
        is_taken = self._send.isEnabled() and bool(_local_files(event))
        if is_taken:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        return is_taken

    def _place(self) -> None:
        self.table = file_view(self.model, self.tr("Files"))
        self.table.setColumnHidden(CHANGE_COLUMN, self._of_volume)  # it comes from no image
        self._preview = text_view("files_preview", self.tr("The file's text"))
        self._problem = problem_label("files_problem")
        self._problem.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        self._problem.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._body = QStackedLayout()
        self._note = PlainLabel(name="files_note", role="caption", elide=True)
        self._note.setContentsMargins(MARGIN_PX, 4, MARGIN_PX, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_bar())
        column.addLayout(self._body, 1)
        for part in (self.table, self._preview, self._problem):
            part.setMinimumHeight(LEAST_PX)  # a small window with a notice has no more, and squeezed the bar instead
            self._body.addWidget(part)
        column.addWidget(self._note)
        show_part(self, self._body, self._problem)

    def _build_bar(self) -> TwoLineBar:
        self._up = button("files_up", "↑", self._go_up)
        self._up.setAccessibleName(self.tr("Up to the folder above"))
        self._edit = PathEdit()
        self._edit.setObjectName("files_path")
        self._edit.setAccessibleName(
            self.tr("Path in the volume") if self._of_volume else self.tr("Path in the container")
        )
        self._edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._again = button("files_again", self.tr("Read again"), lambda: self.path_wanted.emit(self._path))
        self._save = button("files_save", self.tr("Save…"), self._on_save)
        self._send = button("files_send", self.tr("Upload"), lambda: None)
        self._send.setMenu(self._build_send())
        self._delete = button("files_delete", self.tr("Delete…"), self._on_delete)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self._up)
        first.addWidget(self._edit, 1)
        second.setSpacing(6)
        for made in (self._again, self._save, self._send, self._delete):
            second.addWidget(made)
        second.addStretch(0)
        bar = TwoLineBar("files_bar", ONE_LINE_FROM_PX, QMargins(MARGIN_PX, 0, MARGIN_PX, 10))
        bar.set_halves(first, second)
        return bar

    def _build_send(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("files_send_menu")
        menu.setTitle(self.tr("Upload"))
        menu.menuAction().setObjectName("files_send_action")
        for name, title, mode in (
            ("files_send_files", self.tr("Upload files…"), QFileDialog.FileMode.ExistingFiles),
            ("files_send_folder", self.tr("Upload a folder…"), QFileDialog.FileMode.Directory),
        ):
            menu.addAction(plain_action_text(title), partial(self._on_send, mode)).setObjectName(name)
        return menu

    def _connect(self) -> None:
        self._edit.returnPressed.connect(self._on_path)
        self._edit.given_up.connect(self._on_path_given_up)
        self.table.activated.connect(lambda index: self._open(self.model.entry(index)))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._refresh())
        self.model.modelReset.connect(self._refresh)
        self.table.customContextMenuRequested.connect(self._on_menu)
        for key, act in ((Qt.Key.Key_Backspace, self._go_up), (Qt.Key.Key_Delete, self._on_delete)):
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _selected(self) -> Entry | None:
        """The row at hand; where a file is shown, that file."""
        if self._shows_file:
            return Entry(name=self._path.rpartition("/")[2], kind=Kind.FILE)
        if self._body.currentWidget() is not self.table:
            return None
        return self.model.entry(self.table.currentIndex())

    def _refresh(self) -> None:
        selected = None if self._is_gone else self._selected()
        for control in (self._edit, self._again):
            control.setEnabled(not self._is_gone)
        self._up.setEnabled(self._path != "/" and not self._is_gone)
        self._save.setEnabled(selected is not None and selected.kind in (Kind.FILE, Kind.FOLDER))
        # Where no folder could be read, files would go into another one than the line says, or nowhere.
        self._send.setEnabled(self._body.currentWidget() is not self._problem and not self._is_gone)
        is_there = selected is not None and selected.kind is not Kind.GONE
        self._delete.setEnabled(is_there and self._is_running)
        self._delete.setToolTip("" if self._is_running else self._why_not_deleted())

    def _why_not_deleted(self) -> str:
        return self.tr("Files are deleted by the container's own rm: start or resume it for that")

    def _show_note(self, listing: Listing) -> None:
        count = len(listing.entries)
        said = self.tr("1 entry") if count == 1 else self.tr("%1 entries")
        said = said.replace("%1", QLocale().toString(count))
        if not listing.is_whole:
            said = self.tr("Only a part: this folder holds too much to read all of it. A running container tells all.")
        elif not self._is_running:
            said += " · " + self._why_not_deleted()
        self._note.setText(said)

    def _open(self, entry: Entry | None) -> None:
        if entry is not None and entry.kind is not Kind.GONE and not self._is_gone:
            self.path_wanted.emit(joined(self._folder, entry.name))

    def _go_up(self) -> None:
        if self._up.isEnabled():
            self.path_wanted.emit(above(self._path))

    def _on_path(self) -> None:
        typed = self._edit.text()
        self._edit.setModified(False)
        self.path_wanted.emit(self._path if typed == visible(self._path, 4096) else "/" + typed.strip().strip("/"))

    def _on_path_given_up(self) -> None:
        self._show_path()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_menu(self, where: QPoint) -> None:
        entry = self._selected()
        if entry is None or self._is_gone:
            return
        menu = QMenu(self.table)
        menu.setObjectName("files_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opens = menu.addAction(plain_action_text(self.tr("Open")), lambda: self._open(entry))
        opens.setEnabled(entry.kind is not Kind.GONE)
        for which, act in ((self._save, self._on_save), (self._delete, self._on_delete)):
            menu.addAction(which.text(), partial(self._act_on, entry, act)).setEnabled(which.isEnabled())
        menu.popup(self.table.viewport().mapToGlobal(where))

    def _act_on(self, entry: Entry, act: Callable[[], None]) -> None:
        """Nothing where another file is at hand by now: the folder may have been read again under the open menu."""
        selected = self._selected()
        if selected is not None and selected.name == entry.name:
            act()

    def _on_save(self) -> None:
        if (entry := self._selected()) is None or not self._save.isEnabled():
            return
        is_folder, path = entry.kind is Kind.FOLDER, joined(self._folder, entry.name)
        title = self.tr("Save the folder as a tar archive") if is_folder else self.tr("Save the file")
        dialog = to_save(self, "files_save_dialog", title, file_name(entry.name, ".tar" if is_folder else ""))
        dialog.fileSelected.connect(lambda to: self.save_wanted.emit(path, is_folder, to, entry.size_bytes))
        dialog.open()

    def _on_send(self, mode: QFileDialog.FileMode) -> None:
        folder = self._folder
        title = self.tr("Upload into %1").replace("%1", visible(folder, 200))
        dialog = FileDialog(self, "files_send_dialog", title)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda chosen: self.send_wanted.emit(folder, list(chosen)))
        dialog.open()

    def _on_delete(self) -> None:
        if self._delete.isEnabled() and (entry := self._selected()) is not None:
            self.delete_wanted.emit(joined(self._folder, entry.name))


def _local_files(event: QDragMoveEvent | QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]

