"""The menu of what a new console can be: a shell in the machine or a container, a container's own terminal, another
product's machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QWidget

from .plain import plain_action_text
from .stream_words import MACHINE_SHELL, Kind, Target

MOST = 30


def console_menu(
    parent: QWidget, is_running: bool, running: Sequence[tuple[str, str]], others: Sequence[Target],
    wanted: Callable[[Target], object],
) -> QMenu:  # fmt: skip
    """`running` are containers by id and name. Shells stand first: they are what is mostly wanted."""
    translate = QCoreApplication.translate
    menu = _menu(QMenu(parent), "console_new_menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if is_running:
        menu.addAction(translate("ConsoleTabs", "A shell in the machine"), partial(wanted, MACHINE_SHELL))
    else:
        menu.addAction(translate("ConsoleTabs", "A shell in the machine: it does not run")).setEnabled(False)
    if running:
        menu.addAction(translate("ConsoleTabs", "A shell in:")).setEnabled(False)
    _offer(menu, [Target(Kind.SHELL, id, name) for id, name in running], wanted)
    if not running:
        menu.addAction(translate("ConsoleTabs", "No container is running")).setEnabled(False)
    else:
        menu.addSeparator()
        attach = _menu(menu.addMenu(translate("ConsoleTabs", "Attach to")), "console_attach_menu")
        _offer(attach, [Target(Kind.ATTACHED, id, name) for id, name in running], wanted)
    if others:
        title = translate("ConsoleTabs", "Other machines")
        _offer(_menu(menu.addMenu(title), "console_others_menu"), others, wanted)
    return menu


def _menu(menu: QMenu, name: str) -> QMenu:
    menu.setObjectName(name)
    return menu


def _offer(menu: QMenu, targets: Sequence[Target], wanted: Callable[[Target], object]) -> None:
    for target in targets[:MOST]:
        menu.addAction(plain_action_text(target.name), partial(wanted, target))
