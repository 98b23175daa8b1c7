"""`moorage config`: settings of the app and the machine by key, checked before they are written."""

from __future__ import annotations

import os
import shlex
import subprocess
import tomllib
from typing import Annotated, Any

import msgspec
import typer

from desktop.client.home import default_home
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MoorageError, SettingsError, UsageError
from desktop.core.settings import MachineSettings, Settings, parse
from desktop.services.preferences import APP_KEYS, MACHINE_KEYS, Preferences

from .output import fail, run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@commands.command(name="get")
def get_(key: Annotated[str | None, typer.Argument(help="One key; without it all.")] = None) -> None:
    """Print settings as TOML."""
    preferences = _preferences()
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
) -> None:
    """Change one setting. What the machine is given takes effect at its next start."""
    try:
        preferences = _preferences()
        preferences.save(**{key: _value(key, value)})
    except MoorageError as error:
        fail(error)
    if key in MACHINE_KEYS:
        run(SupervisorClient(default_home().machine()).settings_changed())


@commands.command()
def edit(app: Annotated[bool, typer.Option("--app", help="The app's settings, not the machine's.")] = False) -> None:
    """Open a settings file in $EDITOR; what is wrong in it is not taken."""
    home = default_home()
    path = home.settings_file if app else home.machine().config
    _preferences()
    before = path.read_text("utf-8") if path.exists() else ""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.edit")
    aside.write_text(before, "utf-8")
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    try:
        if subprocess.run([*editor, str(aside)], check=False).returncode != 0:
            fail(MoorageError("The editor ended with an error", "", "Nothing was changed"))
        if app:
            parse(Settings, aside.read_text("utf-8"))
        else:
            parse(MachineSettings, aside.read_text("utf-8"))
    except SettingsError as error:
        fail(SettingsError(error.what, error.why, f"Nothing was changed; your text is in {aside}"))
    except OSError as error:
        fail(MoorageError(f"{editor[0]} cannot be started", str(error), "Set EDITOR"))
    os.replace(aside, path)
    if not app:
        run(SupervisorClient(home.machine()).settings_changed())


def _preferences() -> Preferences:
    try:
        preferences = Preferences(default_home())
    except MoorageError as error:
        fail(error)
    for problem in preferences.problems:
        typer.echo(f"moorage: {problem}", err=True)
    return preferences


def _value(key: str, text: str) -> Any:
    """What was typed, as TOML where it is, else as the word it is."""
    kind = Settings if key in APP_KEYS else MachineSettings
    if kind.__annotations__.get(key) == "str":
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _toml(value: Any) -> str:
    import tomlkit

    return tomlkit.item(value).as_string().strip() if not isinstance(value, dict) else _inline(value)


def _inline(value: dict[str, Any]) -> str:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(value)
    return table.as_string()
