"""`moorage config`: settings of the app and the machine by key, checked before they are written."""

from __future__ import annotations

import os
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from desktop.core.errors import MoorageError, SettingsError, UsageError
from desktop.core.paths import MachineFiles, private_folder
from desktop.core.replaced_file import written_aside
from desktop.core.settings import NO_TOML, MachineSettings, Settings, kept_broken, parse
from desktop.core.text import visible_lines
from desktop.host.capacity import check_capacity
from desktop.services.preferences import APP_KEYS, MACHINE_KEYS, Preferences

from .failure import said
from .machine import Machine, client_of, files_of
from .output import fail, run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@commands.command(name="get")
def get_(
    key: Annotated[str | None, typer.Argument(help="One key; without it all.")] = None, machine: Machine = "default"
) -> None:
    """Print settings as TOML."""
    preferences = _preferences(files_of(machine))
    values = {**msgspec.to_builtins(preferences.app), **msgspec.to_builtins(preferences.machine)}
    if key is None:
        for name, value in values.items():
            print(f"{name} = {_toml(value)}")
    elif key in values:
        print(values[key] if isinstance(values[key], str) else _toml(values[key]))
    else:
        fail(UsageError(f"There is no setting {key}", "", "`moorage config get` lists them"))


@commands.command(name="set")
def set_(
    key: Annotated[str, typer.Argument()],
    value: Annotated[str, typer.Argument(help="A word, a number, or TOML.")],
    machine: Machine = "default",
) -> None:
    """Change one setting. What the machine is given takes effect at its next start."""
    try:
        preferences = _preferences(files_of(machine))
        preferences.save(**{key: _value(key, value)})
    except MoorageError as error:
        fail(error)
    if key in MACHINE_KEYS:
        run(client_of(machine).settings_changed())


@commands.command()
def edit(
    app: Annotated[bool, typer.Option("--app", help="The app's settings, not the machine's.")] = False,
    machine: Machine = "default",
) -> None:
    """Open a settings file in $EDITOR. What is wrong in it is not taken, and opened again next time."""
    files = files_of(machine)
    path = files.home.settings_file if app else files.config
    preferences = _preferences(files)
    try:
        before, aside = _begin(path)
        try:
            _edit(aside)
        except MoorageError:
            if aside.read_text("utf-8", "replace") == before:
                aside.unlink()
            raise
        text = aside.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(MoorageError(f"{path} cannot be edited", str(error), "Nothing was changed"))
    except MoorageError as error:
        fail(error)
    try:
        if app:
            parse(Settings, text)
        else:
            new = parse(MachineSettings, text)
            check_capacity(new)
            preferences.check_shares(new.shares)
    except SettingsError as error:
        fail(SettingsError(error.what, error.why, "Nothing was changed; `moorage config edit` opens your text again"))
    try:
        _take(aside, text, path, before)
    except OSError as error:
        fail(MoorageError(f"{path} cannot be written", error.strerror or str(error), f"Your text is kept in {aside}"))
    except MoorageError as error:
        fail(error)
    if not app:
        run(client_of(machine).settings_changed())


def _begin(path: Path) -> tuple[str, Path]:
    """The settings as they are, and the file that the editor is given."""
    private_folder(path.parent)
    before = _text_of(path)
    broken = None if path.exists() else kept_broken(path)
    return before, _text_to_edit(path, before if broken is None else broken.read_text("utf-8", "replace"))


def _take(aside: Path, text: str, path: Path, before: str) -> None:
    """Puts what was edited in the settings' place, unless somebody else changed them since `before`."""
    if text == before:
        aside.unlink()
    elif _text_of(path) == before:
        with written_aside(path, keeps_mode=False) as file:
            file.write(text.encode())
        aside.unlink()
    else:
        kept = aside.replace(path.with_name(f"{path.name}.rejected"))
        raise SettingsError(
            "The settings were changed while the editor was open",
            f"your text is kept in {kept}",
            "`moorage config edit` opens them as they are now",
        )


def _text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _text_to_edit(path: Path, before: str) -> Path:
    """A file beside the settings: as they are, or the text that was not taken last time, unless they changed since."""
    aside = path.with_name(f".{path.name}.edit")
    if aside.exists() and (not path.exists() or aside.stat().st_mtime >= path.stat().st_mtime):
        typer.echo(f"moorage: your text that was not taken is opened again; without {aside} it begins anew", err=True)
        return aside
    if aside.exists():
        kept = aside.replace(path.with_name(f"{path.name}.rejected"))
        typer.echo(f"moorage: the settings changed since your text was not taken; it is kept in {kept}", err=True)
    aside.write_text(before, "utf-8")
    return aside


def _edit(file: Path) -> None:
    words = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip() or "vi"
    try:
        editor = shlex.split(words)
    except ValueError as error:
        raise MoorageError(f"{words} is no command", str(error), "Set EDITOR") from error
    try:
        code = subprocess.run([*editor, str(file)], check=False).returncode
    except OSError as error:
        raise MoorageError(f"{editor[0]} cannot be started", str(error), "Set EDITOR") from error
    if code != 0:
        raise MoorageError("The editor ended with an error", "", "Nothing was changed")


def _preferences(files: MachineFiles) -> Preferences:
    preferences = Preferences(files.home, files.name)
    for problem in preferences.problems:
        typer.echo(f"moorage: {visible_lines(said(problem))}", err=True)
    return preferences


def _value(key: str, text: str) -> Any:
    """What was typed, as TOML where it is, else as the word it is."""
    kind = Settings if key in APP_KEYS else MachineSettings
    if kind.__annotations__.get(key) == "str":
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except NO_TOML:
        return text


def _toml(value: Any) -> str:
    import tomlkit

    return tomlkit.item(value).as_string().strip() if not isinstance(value, dict) else _inline(value)


def _inline(value: dict[str, Any]) -> str:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(value)
    return table.as_string()
