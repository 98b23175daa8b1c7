"""Reads and presses what is on the screen, through the accessibility bus, as a screen reader does.

Run by the system's Python, whose `gi` no venv has. One JSON request a line on stdin, one answer a line on stdout.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

DEEPEST = 24
MOST_CHILDREN = 400
# Of ten thousand rows each cell would be a child: what is in them is asked for by `rows`.
TABLES = {Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.TREE}
STATES = {
    Atspi.StateType.SHOWING: "showing",
    Atspi.StateType.ENABLED: "enabled",
    Atspi.StateType.CHECKED: "checked",
    Atspi.StateType.FOCUSABLE: "focusable",
    Atspi.StateType.FOCUSED: "focused",
    Atspi.StateType.SELECTED: "selected",
    Atspi.StateType.ACTIVE: "active",
}
nodes = []


def application(pid):
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        if child is not None and child.get_process_id() == pid:
            return child
    return None


def tree(pid):
    """Every node of the application, parents before children; a node's number is its place. Nothing below what is not
    shown, such as the pages behind another."""
    nodes.clear()
    found = []
    top = application(pid)
    if top is not None:
        top.clear_cache()
        walk(top, -1, 0, found)
    return found


def walk(node, parent, depth, found):
    try:
        described = describe(node, parent)
        is_open = node.get_role() not in TABLES and (depth == 0 or "showing" in described["states"])
        children = range(min(node.get_child_count(), MOST_CHILDREN) if is_open else 0)
    except GLib.Error:  # gone since
        return
    number = len(nodes)
    nodes.append(node)
    found.append(described)
    if depth < DEEPEST:
        for index in children:
            try:
                child = node.get_child_at_index(index)
            except GLib.Error:
                continue
            if child is not None:
                walk(child, number, depth + 1, found)


def describe(node, parent):
    held = node.get_state_set()
    return {
        "parent": parent,
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "description": node.get_description() or "",
        "states": [word for state, word in STATES.items() if held.contains(state)],
        "box": box(node),
        "text": text(node),
    }


def box(node):
    face = node.get_component_iface()
    if face is None:
        return None
    found = face.get_extents(Atspi.CoordType.SCREEN)
    return [found.x, found.y, found.width, found.height]


def text(node):
    face = node.get_text_iface()
    if face is None:
        return ""
    # Called by its full name: newer libraries have another get_text, of Atspi.Accessible, that would be found first.
    return Atspi.Text.get_text(face, 0, min(face.get_character_count(), 20000))


def press(number):
    face = nodes[number].get_action_iface()
    if face is None or face.get_n_actions() == 0:
        return False
    return face.do_action(0)


def write(number, words):
    return nodes[number].get_editable_text_iface().set_text_contents(words)


def rows(number):
    """The cells' words of a table, row by row."""
    face = nodes[number].get_table_iface()
    width, height = face.get_n_columns(), min(face.get_n_rows(), MOST_CHILDREN)
    return [[cell(face, row, column) for column in range(width)] for row in range(height)]


def cell(face, row, column):
    found = face.get_accessible_at(row, column)
    return found.get_name() if found is not None else ""


def select(number, row):
    return nodes[number].get_table_iface().add_row_selection(row)


CALLS = {"tree": tree, "press": press, "write": write, "rows": rows, "select": select}


def main():
    Atspi.init()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": CALLS[request["call"]](*request["words"])}
        except (GLib.Error, AttributeError, IndexError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
