"""The settings files as the app reads and writes them; comments in them are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from desktop.core.errors import SettingsError, UsageError
from desktop.core.paths import Home, private_folder
from desktop.core.replaced_file import written_aside
from desktop.core.settings import MachineSettings, Settings, parse, read, what_it_takes
from desktop.core.shares import share_of
from desktop.core.signal import Signal
from desktop.host.capacity import check_capacity

S = TypeVar("S", Settings, MachineSettings)


class Preferences:
    """Settings of the app and of one machine: current values, and the one way to change them."""

    def __init__(self, home: Home, machine: str = "default") -> None:
        self.base = home.base
        self._app_file = home.settings_file
        self._machine = home.machine(machine)
        self._machine_file = self._machine.config
        self.changed: Signal[Preferences] = Signal()
        self.app_problem: SettingsError | None = None
        self.machine_problem: SettingsError | None = None
        self._one_at_a_time = asyncio.Lock()
        self.load()

    @property
    def files(self) -> tuple[Path, Path]:
        return self._app_file, self._machine_file

    def load(self) -> None:
        self.app, self.app_problem = read(Settings, self._app_file)
        self.machine, self.machine_problem = read(MachineSettings, self._machine_file)

    @property
    def problems(self) -> tuple[SettingsError, ...]:
        return tuple(problem for problem in (self.app_problem, self.machine_problem) if problem)

    async def look_again(self) -> None:
        """Takes in what others have written meanwhile, such as `moorage config`; `changed` tells.

        A file that is broken now is theirs to mend: what is known stays.
        """
        async with self._one_at_a_time:
            before = self.app, self.machine
            found = await asyncio.to_thread(self._found)
            if found is None or found == before or (self.app, self.machine) != before:
                return
            self.app, self.machine = found
        self.changed.emit(self)

    def _found(self) -> tuple[Settings, MachineSettings] | None:
        try:
            return _in_file(Settings, self._app_file), _in_file(MachineSettings, self._machine_file)
        except (OSError, UnicodeDecodeError, SettingsError):
            return None

    async def put(self, **changes: Any) -> None:
        """As `save`, and in the order of the calls: a disk that takes its time holds up no window."""
        async with self._one_at_a_time:
            self.app, self.machine = await asyncio.to_thread(self._written, changes)
        self.changed.emit(self)

    def save(self, **changes: Any) -> None:
        """Checks and writes changes by key; keys of both files may be mixed.

        Raises UsageError for an unknown key, SettingsError for a value that is wrong; then nothing is written.
        """
        self.app, self.machine = self._written(changes)
        self.changed.emit(self)

    def _written(self, changes: dict[str, Any]) -> tuple[Settings, MachineSettings]:
        """Both as they are from now on."""
        unknown = [key for key in changes if key not in APP_KEYS and key not in MACHINE_KEYS]
        if unknown:
            raise UsageError(f"There is no setting {unknown[0]}", "", "`moorage config get` lists them")
        app = {key: value for key, value in changes.items() if key in APP_KEYS}
        machine = {key: value for key, value in changes.items() if key in MACHINE_KEYS}
        new_app, new_machine = changed(self.app, app), changed(self.machine, machine)
        if "shares" in machine:
            self.check_shares(new_machine.shares)
        if machine.keys() & {"cpus", "memory_mib"}:
            check_capacity(new_machine)
        if app:
            _write(self._app_file, new_app, app)
        if machine:
            _write(self._machine_file, new_machine, machine)
        return new_app, new_machine

    def check_shares(self, folders: Iterable[str]) -> None:
        """Raises SettingsError for one that is new and cannot be shared.

        One on a disk that is not plugged in must not hold up the others.
        """
        for folder in folders:
            if folder not in self.machine.shares:
                share_of(folder, self._machine)


APP_KEYS = Settings.__struct_fields__
MACHINE_KEYS = MachineSettings.__struct_fields__


def changed(settings: S, changes: dict[str, Any]) -> S:
    """The settings with some values replaced; SettingsError where one is wrong."""
    try:
        return msgspec.convert({**msgspec.to_builtins(settings), **msgspec.to_builtins(changes)}, type(settings))
    except msgspec.ValidationError as error:
        why = what_it_takes(error, type(settings))
        raise SettingsError("This setting was not taken", why, "Nothing was changed") from error


def _in_file(kind: type[S], path: Path) -> S:
    return parse(kind, path.read_text("utf-8")) if path.exists() else read(kind, path)[0]


def _write(path: Path, settings: S, changes: dict[str, Any]) -> None:
    """Puts changed values into the file, or into the one that it is a link to.

    Into a new one all that is no default: what holds in place of a broken file would be lost with the first change.
    """
    import tomlkit  # not at start: it is large, and settings are seldom written
    from tomlkit.exceptions import TOMLKitError

    private_folder(path.parent)
    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(f"{path} cannot be read", str(error), "Nothing was changed") from error
    values, defaults = msgspec.to_builtins(settings), msgspec.to_builtins(type(settings)())
    more = [] if path.exists() else [key for key, value in values.items() if value != defaults[key]]
    for key in {**dict.fromkeys(more), **changes}:
        document[key] = values[key]
    try:
        with written_aside(path, keeps_mode=False) as file:
            file.write(tomlkit.dumps(document).encode())
    except OSError as error:
        raise SettingsError(f"{path} cannot be written", error.strerror or str(error), "Nothing was changed") from error
