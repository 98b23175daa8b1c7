"""The new kind of tray: a StatusNotifierItem host on the session bus, as a panel of a desktop has it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.constants import NameFlag, PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from .screen import Screen
from .tray import ICON_TIMEOUT_S, MenuEntry

_ITEM = "org.kde.StatusNotifierItem"
_MENU = "com.canonical.dbusmenu"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_CALL_TIMEOUT_S = 60.0
_PAUSE_S = 0.1

T = TypeVar("T")
Strings = Annotated[list[str], DBusSignature("as")]
Nothing = Annotated[None, DBusSignature("")]


class _Watcher(ServiceInterface):
    """Where items make themselves known. The names are the protocol's."""

    def __init__(self) -> None:
        super().__init__("org.kde.StatusNotifierWatcher")
        self.items: list[str] = []

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: DBusStr) -> Nothing:
        self.items.append(service)
        self.StatusNotifierItemRegistered(service)

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: DBusStr) -> Nothing:
        self.StatusNotifierHostRegistered()

    @dbus_signal()
    def StatusNotifierItemRegistered(self, service: str) -> DBusStr:
        return service

    @dbus_signal()
    def StatusNotifierHostRegistered(self) -> Nothing:
        return None

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> Strings:
        return self.items

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> DBusBool:
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> DBusInt32:
        return 0


class SniTray:
    """Talks to the item that registered last. Its loop has a thread, so that tests may block."""

    def __init__(self, loop: asyncio.AbstractEventLoop, bus: MessageBus, watcher: _Watcher) -> None:
        self._loop = loop
        self._bus = bus
        self._watcher = watcher

    def wait_for_icon(self, timeout_s: float = ICON_TIMEOUT_S) -> None:
        deadline = time.monotonic() + timeout_s
        while not self._watcher.items:
            if time.monotonic() > deadline:
                raise AssertionError(f"no item registered in {timeout_s:.0f} s")
            time.sleep(_PAUSE_S)

    def click(self) -> None:
        self._call("/StatusNotifierItem", _ITEM, "Activate", "ii", 10, 10)

    def menu(self) -> list[MenuEntry]:
        return [entry for entry, _ in self._entries()]

    def choose(self, label: str) -> None:
        found = [number for entry, number in self._entries() if entry.label == label]
        if not found:
            raise AssertionError(f"the menu has no {label!r}: {self.menu()}")
        self._call(self._menu_path(), _MENU, "Event", "isvu", found[0], "clicked", Variant("i", 0), 0)

    def tooltip(self) -> str:
        words: str = self._property("ToolTip")[2]
        return words

    def icon_pixels(self) -> bytes:
        """The largest picture of the icon."""
        pixels: bytes = max(self._property("IconPixmap"))[2]
        return pixels

    def _entries(self) -> list[tuple[MenuEntry, int]]:
        path = self._menu_path()
        self._call(path, _MENU, "AboutToShow", "i", 0)
        _, layout = self._call(path, _MENU, "GetLayout", "iias", 0, -1, [])
        return list(_walk(_plain(layout)))

    def _menu_path(self) -> str:
        path: str = self._property("Menu")
        return path

    def _property(self, name: str) -> Any:
        (value,) = self._call("/StatusNotifierItem", _PROPERTIES, "Get", "ss", _ITEM, name)
        return _plain(value)

    def _call(self, path: str, interface: str, member: str, signature: str, *words: Any) -> list[Any]:
        message = Message(
            destination=self._watcher.items[-1], path=path, interface=interface, member=member,
            signature=signature, body=list(words),
        )  # fmt: skip
        answer = _run(self._loop, self._bus.call(message))
        assert answer is not None
        if answer.message_type is MessageType.ERROR:
            raise AssertionError(f"{member}: {answer.error_name} {answer.body}")
        return list(answer.body)


@contextmanager
def sni_tray(screen: Screen) -> Iterator[SniTray]:
    """A tray on the screen's session bus, from now until the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="StatusNotifierItem host")
    thread.start()
    try:
        bus, watcher = _run(loop, _watch(screen.environment["DBUS_SESSION_BUS_ADDRESS"]))
        try:
            yield SniTray(loop, bus, watcher)
        finally:
            _run(loop, _leave(bus))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _watch(address: str) -> tuple[MessageBus, _Watcher]:
    bus = await MessageBus(bus_address=address).connect()
    watcher = _Watcher()
    bus.export("/StatusNotifierWatcher", watcher)
    await bus.request_name("org.kde.StatusNotifierWatcher", NameFlag.REPLACE_EXISTING)
    return bus, watcher


async def _leave(bus: MessageBus) -> None:
    bus.disconnect()
    await bus.wait_for_disconnect()
    bus._sock.close()  # WORKAROUND: dbus-fast 5.2 shuts it down and leaves it open


def _run(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(_CALL_TIMEOUT_S)


def _walk(node: list[Any]) -> Iterator[tuple[MenuEntry, int]]:
    number, properties, children = node
    if properties.get("visible", True) and properties.get("label"):
        label = properties["label"].replace("__", "\0").replace("_", "").replace("\0", "_")
        is_checked = properties.get("toggle-state") == 1
        yield MenuEntry(label, properties.get("enabled", True), is_checked), number
    for child in children:
        yield from _walk(child)


def _plain(value: Any) -> Any:
    """Without D-Bus' wrappings."""
    if isinstance(value, Variant):
        return _plain(value.value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
