"""Whether Moorage begins with the user's session. The file that the desktop reads is the setting itself."""

from __future__ import annotations

import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import SettingsError
from desktop.core.replaced_file import replace_file
from desktop.core.settings import AtLogin

LABEL = "org.moorage.app"
_OFF = {"Hidden=true", "X-GNOME-Autostart-enabled=false"}
"""Lines with which desktops switch an entry off, and leave it there."""
ENTRY = """[Desktop Entry]
Type=Application
Name=Moorage
Comment=Run a Docker VM from the tray
Exec={command}
Icon=moorage
Terminal=false
X-GNOME-Autostart-enabled=true
"""


@dataclass(frozen=True)
class Autostart:
    """`file` is an XDG autostart entry, or on macOS (`is_mac`) a launch agent; `command` opens the window."""

    file: Path
    command: Sequence[str]
    is_mac: bool = False

    def look(self) -> AtLogin:
        """What is set, also where the user did it without Moorage."""
        try:
            text = self.file.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return AtLogin.NOTHING
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.file} cannot be read", str(error)) from error
        if not _OFF.isdisjoint(text.splitlines()):
            return AtLogin.NOTHING
        return AtLogin.TRAY if "--hidden" in text else AtLogin.WINDOW

    def set(self, wished: AtLogin) -> None:
        try:
            if wished is AtLogin.NOTHING:
                self.file.unlink(missing_ok=True)
            else:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                replace_file(self.file, self._content(wished))
        except OSError as error:
            why = error.strerror or str(error)
            raise SettingsError(f"{self.file} cannot be written", why, "Nothing was changed") from error

    def _content(self, wished: AtLogin) -> bytes:
        command = [*self.command, *(["--hidden"] if wished is AtLogin.TRAY else [])]
        if self.is_mac:
            return plistlib.dumps({"Label": LABEL, "ProgramArguments": command, "RunAtLoad": True})
        return ENTRY.format(command=" ".join(map(_quoted, command))).encode()


def autostart(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Autostart:
    """The user's own, for this installation."""
    home = Path(environment.get("HOME") or Path.home())
    command = (str(Path(sys.executable).with_name("moorage")), "app")
    if system == "darwin":
        return Autostart(home / "Library/LaunchAgents" / f"{LABEL}.plist", command, is_mac=True)
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return Autostart(config / "autostart/moorage.desktop", command)


def _quoted(word: str) -> str:
    """One argument of an entry's command line: its own quotes, and those of the file around them."""
    for special in ("\\", '"', "`", "$"):
        word = word.replace(special, f"\\{special}")
    return f'"{word}"'.replace("\\", "\\\\").replace("%", "%%")
