"""The command palette: every page, verb, action and object, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from desktop.core.engine import Link
from desktop.core.machine import State
from desktop.models.column import folded
from desktop.models.finder import Entry, find
from desktop.services.engine import EngineService
from desktop.services.engine_objects import NETWORKS, VOLUMES
from desktop.services.machine import MachineService
from desktop.views.finder import Finder
from desktop.views.header import allowed_verbs
from desktop.views.network_pane import network_subject
from desktop.views.side_bar import PAGES
from desktop.views.subject import Subject
from desktop.views.volume_pane import volume_subject

from .asking import Asking, answer_of
from .links import open_link
from .tasks import Tasks
from .window import MainWindow

WHO = "palette"
_SHORTEST_ACT = 2
"""So many letters of an act's name find it together with what it is done to: `st web`."""
_MOST_ACTED, _MOST_LOOKED_AT = 100, 2000

translate = QCoreApplication.translate

Wish = Callable[[str, list[str]], object]


@dataclass(frozen=True)
class Kind:
    """Things of one kind: the records of now, and who is told an act with ids."""

    subject: Subject[Any]
    records: Iterable[Any]
    wish: Wish
    needs_engine: bool = True


@dataclass(frozen=True)
class Thing:
    kind: Kind
    record: Any


class Palette:
    def __init__(
        self, window: MainWindow, engine: EngineService, machine: MachineService, tasks: Tasks, asking: Asking
    ) -> None:
        self._window, self._engine, self._machine = window, engine, machine
        self._tasks, self._asking = tasks, asking
        self._kinds: list[Kind] = []
        self._commands: list[tuple[str, str, Callable[[], object], bool]] = []
        self._verb: Callable[[str], object] = lambda verb: None
        self._things: list[Entry] = []
        self._open: Finder | None = None

    def add_kind(self, subject: Subject[Any], records: Iterable[Any], wish: Wish, needs_engine: bool = True) -> None:
        """`needs_engine`: they are found while it is there to do something with them."""
        self._kinds.append(Kind(subject, records, wish, needs_engine))

    def add_command(
        self, title: str, do: Callable[[], object], detail: str = "", needs_machine: bool = False
    ) -> None:
        """`needs_machine`: it is found while that runs."""
        self._commands.append((title, detail, do, needs_machine))

    def serve(self, on_volumes: Wish, on_networks: Wish, verb: Callable[[str], object]) -> None:
        self.add_kind(volume_subject(), self._engine.objects.volumes, on_volumes)
        self.add_kind(network_subject(), self._engine.objects.networks, on_networks)
        self._verb = verb

    def show(self) -> None:
        if self._open is None:
            self._tasks.spawn("palette", self._ask())

    async def _ask(self) -> None:
        objects = self._engine.objects
        for kind in (VOLUMES, NETWORKS):
            objects.set_wanted(kind, WHO, True)
        changes = (objects.read_changed, self._engine.link_changed)
        disconnects = [changed.connect(lambda _: self._collect_again()) for changed in changes]
        try:
            self._things = list(self._collect())
            chosen = await self._find(translate("Palette", "Do, or find"), self._search)
            if chosen is not None and isinstance(chosen.value, Thing):
                acts = [_entry(chosen.value, label, do) for label, do in _deeds_of(chosen.value)]
                chosen = await self._find(chosen.title, lambda text: find(acts, text))
        finally:
            for disconnect in disconnects:
                disconnect()
            self._things = []
            for kind in (VOLUMES, NETWORKS):
                objects.set_wanted(kind, WHO, False)
        if chosen is not None:
            chosen.value()

    async def _find(self, hint: str, search: Callable[[str], list[Entry]]) -> Entry | None:
        title = translate("Palette", "Command palette")
        self._open = Finder(self._asking.window, "palette", title, hint, search)
        try:
            chosen: Entry | None = await answer_of(self._open)
            return chosen
        finally:
            self._open = None

    def _collect_again(self) -> None:
        """Volumes and networks come a moment later than the palette, and of many containers the most."""
        self._things = list(self._collect())
        if self._open is not None:
            self._open.refresh()

    def _collect(self) -> Iterator[Entry]:
        for kind in self._usable_kinds():
            for record in kind.records:
                name = kind.subject.name_of(record)
                yield Entry(name, kind.subject.title, kind.subject.id_of(record), Thing(kind, record))

    def _usable_kinds(self) -> list[Kind]:
        return [kind for kind in self._kinds if not kind.needs_engine or self._engine.client is not None]

    def _search(self, text: str) -> list[Entry]:
        if not text.strip():
            return [*self._command_entries(), *self._things]
        acted, found = self._acted(text), find([*self._command_entries(), *self._things], text)
        if " " in text.strip():
            return [*acted, *found]
        begin = folded(text).strip()
        return sorted([*found, *acted], key=lambda entry: 0 if entry.low.startswith(begin) else 1)

    def _command_entries(self) -> Iterator[Entry]:
        page = translate("Palette", "Page")
        for key in PAGES:
            yield Entry(self._window.side_bar.title(key), page, value=_calling(self._window.show_page, key))
        machine = translate("Palette", "Machine")
        for verb, words in self._verb_words().items():
            yield Entry(words, machine, value=_calling(self._verb, verb))
        # Not before all is known, or what a container uses that is yet to be read would be cleaned up as unused.
        for kind in self._kinds if self._engine.link.link is Link.UP else ():
            for tool in kind.subject.tools:
                title = f"{kind.subject.title}: {tool.label}"
                yield Entry(title, value=_calling(kind.wish, tool.key, []))
        is_running = self._machine.status.state is State.RUNNING
        for title, detail, do, needs_machine in self._commands:
            if is_running or not needs_machine:
                yield Entry(title, detail, value=do)

    def _verb_words(self) -> dict[str, str]:
        state = self._machine.status.state
        begin = translate("Palette", "Resume the machine") if state is State.SUSPENDED else ""
        words = {
            "start": begin or translate("Palette", "Start the machine"),
            "suspend": translate("Palette", "Suspend the machine"),
            "stop": translate("Palette", "Stop the machine"),
            "restart": translate("Palette", "Restart the machine"),
            "kill": translate("Palette", "Kill the machine"),
        }
        allowed = allowed_verbs(self._machine.status)
        return {verb: word for verb, word in words.items() if verb in allowed}

    def _acted(self, text: str) -> list[Entry]:
        """An act's first letters and words of a thing: `stop web`. Of those things first the one that is called so.

        The act alone finds whatever it can be done to.
        """
        begin, _, rest = folded(text).strip().partition(" ")
        if len(begin) < _SHORTEST_ACT:
            return []
        found = self._with_acts(begin, rest)
        return sorted(found, key=lambda entry: not entry.low.endswith(f": {rest.strip()}"))

    def _with_acts(self, begin: str, rest: str) -> Iterator[Entry]:
        for kind in self._kinds:
            left, looks = _MOST_ACTED, _MOST_LOOKED_AT
            labels = [*(act.label for act in kind.subject.acts), *_words_of_extras()]
            known = any(folded(label).startswith(begin) for label in labels)
            things = (entry for entry in self._things if entry.value.kind is kind) if known else ()
            for entry in find(things, rest):
                looks -= 1
                if left <= 0 or looks < 0:
                    break
                for label, do in _deeds_of(entry.value):
                    if folded(label).startswith(begin):
                        left -= 1
                        yield _entry(entry.value, f"{label}: {entry.title}", do)


def _deeds_of(thing: Thing) -> Iterator[tuple[str, Callable[[], object]]]:
    """What can be done with a thing: its acts, what it has for a browser, and copying what it is called."""
    subject, record = thing.kind.subject, thing.record
    id = subject.id_of(record)
    for act in subject.acts:
        if act.fits(record):
            yield act.label, _calling(thing.kind.wish, act.key, [id])
    opens, copy_name, copy_id = _words_of_extras()
    for link in subject.links_of(record):
        yield opens.replace("%1", link), _calling(open_link, link)
    yield copy_name, _calling(_copy, subject.name_of(record))
    yield copy_id, _calling(_copy, id)


def _words_of_extras() -> tuple[str, str, str]:
    """The menus' own."""
    return (
        translate("RecordLinks", "Open %1"),
        translate("RecordActs", "Copy name"),
        translate("RecordActs", "Copy ID"),
    )


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _entry(thing: Thing, title: str, do: Callable[[], object]) -> Entry:
    return Entry(title, thing.kind.subject.title, value=do)


def _calling(call: Callable[..., object], *args: Any) -> Callable[[], object]:
    return lambda: call(*args)
