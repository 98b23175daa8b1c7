"""Containers of Moorage's own, for what an engine gives of containers only.

Their image has nothing in it, as there may be no other. A label keeps them, and it, out of the user's lists.
"""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.core.errors import EngineError

from .convert import HELPER_LABEL, HELPER_NAME, is_helper
from .json_values import id_in, mapping, sequence, text

if TYPE_CHECKING:
    from .client import EngineClient

TOOL = "/busybox"
TOOL_MOUNT = {"Type": "bind", "Source": "/usr/bin/busybox", "Target": TOOL, "ReadOnly": True}
"""The guest's own, for a helper that runs."""
_MARK_LABEL = f"{HELPER_LABEL}.owner"
_LEASH_LABEL = f"{HELPER_LABEL}.leash"
_FILLS_LABEL = f"{HELPER_LABEL}.fills"
_EMPTY_TAR = bytes(10240)
_held: set[str] = set()
"""The marks of those that somebody in this process uses."""


class Helper(NamedTuple):
    container: str
    image: str
    mark: str


def make(sdk: Any, purpose: str, wish: dict[str, Any], on_leash: bool = False, fills: bool = False) -> Helper:
    """A container that is created and not started. `on_leash`: once it runs, it ends when its maker is gone.

    `fills`: where it is left behind its volume goes with it, since not all is in there.
    """
    mark = secrets.token_hex(8)
    labels = {_MARK_LABEL: mark, **({_LEASH_LABEL: "1"} if on_leash else {})}
    _held.add(mark)
    try:
        image = _empty_image(sdk, {HELPER_LABEL: "1", **labels})
        labels |= {_FILLS_LABEL: "1"} if fills else {}
        wish = {**wish, "Image": image, "Labels": {HELPER_LABEL: purpose, **labels}}
        try:
            name = f"{HELPER_NAME}{secrets.token_hex(4)}"
            return Helper(id_in(sdk.create_container_from_config(wish, name)), image, mark)
        except BaseException:
            with contextlib.suppress(EngineError, OSError):
                sdk.remove_image(image, force=True)
            raise
    except BaseException:
        _held.discard(mark)
        raise


def let_go(helper: Helper) -> None:
    """It is not used any more: what is left of it goes at the next connection."""
    _held.discard(helper.mark)


async def end(client: EngineClient, helper: Helper) -> None:
    """Removes it, or lets it go where the engine does not answer."""
    let_go(helper)
    with contextlib.suppress(EngineError):
        await client.call(remove, helper)


def remove(sdk: Any, helper: Helper) -> None:
    """What cannot be removed now goes at the next connection."""
    let_go(helper)
    for call, id in ((sdk.remove_container, helper.container), (sdk.remove_image, helper.image)):
        with contextlib.suppress(EngineError, OSError):
            call(id, force=True)


def sweep(sdk: Any) -> None:
    """Removes what nobody uses any more. Never on an engine's word alone, which may not filter."""
    wanted = {"label": HELPER_LABEL}
    for found, call in (
        (sdk.containers(all=True, filters=wanted), sdk.remove_container),
        (sdk.images(all=True, filters=wanted), sdk.remove_image),
    ):
        for each in map(mapping, sequence(found)):
            if _is_left_behind(each):
                with contextlib.suppress(EngineError, OSError):  # an image of one that runs is not removed
                    call(text(each.get("Id")), force=True)
                    for volume in _half_filled(each):
                        sdk.remove_volume(volume)  # not by force: the engine keeps one that is in use


def _is_left_behind(found: dict[str, Any]) -> bool:
    """One on a leash runs only where somebody holds it, another program of the user's perhaps."""
    labels = mapping(found.get("Labels"))
    if _LEASH_LABEL in labels and found.get("State") == "running":
        return False
    return is_helper(found) and labels.get(_MARK_LABEL) not in (None, *_held)


def _half_filled(container: dict[str, Any]) -> list[str]:
    """Its own volumes and no others: an image that somebody pulled may have any label, and name any volume in it."""
    if _FILLS_LABEL not in mapping(container.get("Labels")):
        return []
    mounts = map(mapping, sequence(container.get("Mounts")))
    return [text(mount.get("Name")) for mount in mounts if mount.get("Type") == "volume"]


def _empty_image(sdk: Any, labels: dict[str, str]) -> str:
    """Its id. Each call makes another one: they differ by the moment they were made at."""
    changes = "LABEL " + " ".join(f'"{name}"="{value}"' for name, value in labels.items())
    params = {"fromSrc": "-", "message": secrets.token_hex(8), "changes": changes}
    answer = sdk._post(sdk._url("/images/create"), data=_EMPTY_TAR, params=params)
    return id_in(sdk._result(answer, True), "status")
