"""The command palette: every page, verb, action and object, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    """`english` has the English of what the window says in another language: as typed in either, it is found."""

    def __init__(
        self,
        window: MainWindow,
        engine: EngineService,
        machine: MachineService,
        tasks: Tasks,
        asking: Asking,
        english: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._window, self._engine, self._machine = window, engine, machine
        self._tasks, self._asking, self._english = tasks, asking, english
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
                acts = [self._deed(chosen.value, *deed) for deed in _deeds_of(chosen.value)]
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
            english = self._in_english(kind.subject.title)
            for record in kind.records:
                words = f"{kind.subject.id_of(record)} {english}"
                yield Entry(kind.subject.name_of(record), kind.subject.title, words, Thing(kind, record))

    def _usable_kinds(self) -> list[Kind]:
        return [kind for kind in self._kinds if not kind.needs_engine or self._engine.client is not None]

    def _search(self, text: str) -> list[Entry]:
        if not text.strip():
            return [*self._command_entries(), *self._things]
        acted, found = self._acted(text), find([*self._command_entries(), *self._things], text)
        if " " in text.strip():
            return [*acted, *found]
        begin = folded(text).strip()
        return sorted([*found, *acted], key=lambda entry: not entry.begins(begin))

    def _command_entries(self) -> Iterator[Entry]:
        page = translate("Palette", "Page")
        for key in PAGES:
            title = self._window.side_bar.title(key)
            yield self._command(title, page, _calling(self._window.show_page_by_keys, key), title)
        machine = translate("Palette", "Machine")
        for verb, words in self._verb_words().items():
            yield self._command(words, machine, _calling(self._verb, verb), words)
        # Not before all is known, or what a container uses that is yet to be read would be cleaned up as unused.
        for kind in self._kinds if self._engine.link.link is Link.UP else ():
            for tool in kind.subject.tools:
                title = f"{kind.subject.title}: {tool.label}"
                yield self._command(title, "", _calling(kind.wish, tool.key, []), kind.subject.title, tool.label)
        is_running = self._machine.status.state is State.RUNNING
        for title, detail, do, needs_machine in self._commands:
            if is_running or not needs_machine:
                yield self._command(title, detail, do, title)

    def _command(self, title: str, detail: str, do: Callable[[], object], *parts: str) -> Entry:
        """`parts`: what the title was made of."""
        return Entry(title, detail, self._in_english(detail), do, self._in_english(*parts))

    def _in_english(self, *parts: str) -> str:
        return " ".join(" ".join(self._english.get(part, ())) for part in parts)

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
            begun = {label for label in labels if self._begins(label, begin)}
            things = (entry for entry in self._things if entry.value.kind is kind) if begun else ()
            for entry in find(things, rest):
                looks -= 1
                if left <= 0 or looks < 0:
                    break
                for title, label, do in _deeds_of(entry.value):
                    if label in begun:
                        left -= 1
                        yield self._deed(entry.value, f"{title}: {entry.title}", label, do)

    def _begins(self, label: str, begin: str) -> bool:
        return any(folded(words).startswith(begin) for words in (label, *self._english.get(label, ())))

    def _deed(self, thing: Thing, title: str, label: str, do: Callable[[], object]) -> Entry:
        return Entry(title, thing.kind.subject.title, value=do, english=self._in_english(label))


def _deeds_of(thing: Thing) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """What can be done with a thing: its acts, what it has for a browser, and copying what it is called.

    What it says, the label that this was made of, and what does it.
    """
    subject, record = thing.kind.subject, thing.record
    id = subject.id_of(record)
    for act in subject.acts:
        if act.fits(record):
            yield act.label, act.label, _calling(thing.kind.wish, act.key, [id])
    opens, copy_name, copy_id = _words_of_extras()
    for link in subject.links_of(record):
        yield opens.replace("%1", link), opens, _calling(open_link, link)
    yield copy_name, copy_name, _calling(_copy, subject.name_of(record))
    yield copy_id, copy_id, _calling(_copy, id)


def _words_of_extras() -> tuple[str, str, str]:
    """The menus' own."""
    return (
        translate("RecordLinks", "Open %1"),
        translate("RecordActs", "Copy name"),
        translate("RecordActs", "Copy ID"),
    )


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _calling(call: Callable[..., object], *args: Any) -> Callable[[], object]:
    return lambda: call(*args)
