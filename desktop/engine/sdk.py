"""The docker SDK as Moorage uses it: deadlines, tolerant answers, errors as ours. Calls block.

Imported by a worker thread at the first call to an engine, since it takes 120 ms (`engine/client.py`).
"""

from __future__ import annotations

import errno
import os
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import docker
import requests
import urllib3
from docker.errors import DockerException, InvalidVersion
from docker.transport import UnixHTTPAdapter
from docker.transport.unixconn import UnixHTTPConnection

from desktop.core.errors import EngineError

from .convert import HELPER_LABEL, decode_json
from .errors import EngineGone
from .json_values import mapping, whole

CONNECT_DEADLINE_S = 2.0
ANSWER_DEADLINE_S = 10.0
LIST_DEADLINE_S = 30.0
ACT_DEADLINE_S = 120.0
STOP_DEADLINE_S = 3600.0  # a container says itself how long it may take
DELETE_DEADLINE_S = 600.0  # a million files take minutes
"""Silence of the socket after which a call is given up."""

ANSWER_LIMIT, PIECE_BYTES = 256 << 20, 1 << 16
"""Bytes of an answer that is no stream: a hundred thousand containers are less."""
DETAIL_LIMIT, REFUSAL_LIMIT = 4 << 20, 1 << 20
"""Of all that is told of one container or image, and of an error: to parse more would hold up the window."""

OLDEST_API = "1.24"
_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,4})*", re.ASCII)
WATCHED = {
    "type": ["container", "image", "volume", "network"],
    "event": [
        "create", "start", "die", "stop", "destroy", "pause", "unpause", "rename", "update", "health_status",
        "oom", "commit", "pull", "tag", "untag", "delete", "import", "load", "connect", "disconnect", "remove", "prune",
    ],
}  # fmt: skip
"""Events that change a row. Not exec_*: health checks make three of them every few seconds. And not
(un)mount of volumes: the containers themselves tell of that."""


class _Connection(UnixHTTPConnection):  # type: ignore[misc]
    """The SDK's, where it cannot connect, leaves its socket open."""

    def __init__(self, *args: Any, connected: Callable[[socket.socket], None] | None) -> None:
        super().__init__(*args)
        self._connected = connected

    def connect(self) -> None:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # While the listener's queue is full the system waits here; with a timeout of Python's it would refuse.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(CONNECT_DEADLINE_S), 0))
            made.connect(self.unix_socket)
            made.settimeout(self.timeout)
            if self._connected is not None:
                self._connected(made)
        except BaseException:
            made.close()
            raise
        self.sock = made


class _Adapter(UnixHTTPAdapter):  # type: ignore[misc]
    """The SDK's has a pool of connections for each URL; with `one_pool` all URLs share one.

    Once closed, the SDK's connects again for a thread that comes late, and keeps that. `connected` is told each socket.
    """

    one_pool = is_closed = False
    connected: Callable[[socket.socket], None] | None = None

    def close(self) -> None:
        self.is_closed = True
        super().close()

    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        pool = super().get_connection("http+docker://localhost" if self.one_pool else url, proxies)
        if self.is_closed:  # looked at last: whoever closes it afterwards finds the pool
            pool.close()
            raise ConnectionError("it was disconnected")
        # No function over the pool itself: it would keep itself, and each call would leave cyclic garbage.
        made = partial(_Connection, pool.base_url, pool.socket_path, pool.timeout, connected=self.connected)
        pool._new_conn = made
        return pool


class Sdk(docker.APIClient):  # type: ignore[misc]
    """One engine behind a unix socket.

    `one_pool`: calls to whatever URL share their connections, which only those may do whose answers are read whole.
    """

    def __init__(
        self, path: Path, answer_s: float | None = ANSWER_DEADLINE_S, version: str = OLDEST_API, one_pool: bool = False
    ) -> None:
        # WORKAROUND, while docker-py knows no other way: APIClient's own constructor reads the user's
        # config.json and fails on a login entry it does not like, and puts the path into a URL, where a
        # `#` or `%` in it breaks. So its parts are set here.
        requests.Session.__init__(self)
        self.base_url = "http+docker://localhost"
        self.timeout = answer_s
        self.credstore_env = None
        self._version = version
        self._general_configs: dict[str, Any] = {}
        self._custom_adapter = _Adapter(f"http+unix://{os.fspath(path)}", answer_s)
        self._custom_adapter.one_pool = one_pool
        self.mount("http+docker://", self._custom_adapter)
        self.trust_env = False  # no proxy of the environment, no netrc: this is a local socket
        # Packing costs a slow guest more than the bytes do, an archive's raw stream would be no tar, and `send` unpacks
        # nothing.
        self.headers["Accept-Encoding"] = "identity"

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Overrides requests': no answer leads to another server, such as one of this computer's loopback, none is
        unpacked, and what is read whole, as an error always is, is read no further than memory allows."""
        response: requests.Response = super().send(request, **{**options, "stream": True, "allow_redirects": False})
        response.raw.headers.pop("Content-Encoding", None)
        if response.status_code >= 400:
            _read_whole(response, REFUSAL_LIMIT)
        elif not options.get("stream"):
            _read_whole(response, ANSWER_LIMIT)
        return response

    @property
    def api(self) -> tuple[int, ...]:
        """The version that is spoken."""
        return _numbers(self._version)

    def negotiate(self) -> str:
        """Asks the engine for the version of its API, which comes back, and speaks that from now on.

        By its ping: to answer `/version` it runs other programs, runc first, which takes an emulated one its time.
        """
        response = self._get(f"{self.base_url}/_ping")
        self._raise_for_status(response)
        found = str(response.headers.get("Api-Version", ""))
        if not _VERSION.fullmatch(found):
            raise EngineGone("What answers on the socket is no Docker engine", "it tells no API version")
        if _numbers(found) < _numbers(OLDEST_API):
            raise EngineGone("The Docker engine is too old", f"it speaks API {found}, {OLDEST_API} is needed")
        self._version = found
        return found

    def open_events(self) -> ByteStream:
        """The event stream, begun: nothing that happens from now on is missed."""
        filters = docker.utils.convert_filters(WATCHED)
        broken = EngineGone("The engine ended its event stream", "in the middle")
        return self._open_stream(self._url("/events"), {"filters": filters}, broken)

    def open_log(self, container: str, since: str, tail: int | str, follow: bool) -> ByteStream:
        """A container's log, each line with its moment. `since` in seconds since 1970, to the nanosecond."""
        params = {"stdout": 1, "stderr": 1, "timestamps": 1, "tail": tail, "follow": int(follow), "since": since or 0}
        broken = EngineGone("The engine cannot be reached", "it closed the connection")
        return self._open_stream(self._url("/containers/{0}/logs", container), params, broken)

    def open_stats(self, container: str) -> ByteStream:
        """What a container uses, once a second."""
        broken = EngineGone("The engine cannot be reached", "it closed the connection")
        return self._open_stream(self._url("/containers/{0}/stats", container), {"stream": 1}, broken)

    def _open_stream(self, url: str, params: dict[str, Any], broken: EngineGone) -> ByteStream:
        response = self._get(url, params=params, stream=True, timeout=(CONNECT_DEADLINE_S, self.timeout))
        self._raise_for_status(response)
        self._disable_socket_timeout(self._get_raw_response_socket(response))
        return ByteStream(response, broken)

    def stop_gently(self, container: str) -> None:
        """With the container's own stop timeout, as long as that may be."""
        self._raise_for_status(self._post(self._url("/containers/{0}/stop", container), timeout=STOP_DEADLINE_S))

    def restart_gently(self, container: str) -> None:
        """The same, where the SDK's `restart` imposes 10 s."""
        self._raise_for_status(self._post(self._url("/containers/{0}/restart", container), timeout=STOP_DEADLINE_S))

    def list_containers(self, ids: list[str] | None, newest: int = 0) -> Any:
        """All of them, or those of `ids`, or so many of the newest; a list may take an engine longer than an answer."""
        params: dict[str, Any] = {"all": 1}
        if newest:
            params["limit"] = newest
        if ids is not None:
            params["filters"] = docker.utils.convert_filters({"id": ids})
        return self._result(self._get(self._url("/containers/json"), params=params, timeout=LIST_DEADLINE_S), True)

    def list_images(self) -> Any:
        """Without what they share, which may take an engine minutes to find out."""
        return self._result(self._get(self._url("/images/json"), timeout=LIST_DEADLINE_S), True)

    def image_use(self) -> Any:
        """What all layers take, and what each image shares with others (API 1.42)."""
        return self._result(self._get(self._url("/system/df"), params={"type": "image", "verbose": 1}), True)

    def inspect_container(self, container: str) -> Any:
        """Overrides the SDK's: it reads no more than DETAIL_LIMIT."""
        return self._detail(self._url("/containers/{0}/json", container))

    def inspect_image(self, image: str) -> Any:
        """The same."""
        return self._detail(self._url("/images/{0}/json", image))

    def _detail(self, url: str) -> Any:
        response = self._get(url, stream=True)
        self._raise_for_status(response)
        _read_whole(response, DETAIL_LIMIT)
        return self._result(response, True)

    def tag_as(self, image: str, reference: str) -> None:
        self.tag(image, *docker.utils.parse_repository_tag(reference))

    def commit_as(self, container: str, reference: str) -> None:
        self.commit(container, *docker.utils.parse_repository_tag(reference))

    def prune(self, kind: str) -> int:
        """Removes what nothing uses of a kind; what the engine says that it freed, in bytes."""
        calls: dict[str, Callable[[], Any]] = {
            "containers": lambda: self.prune_containers({"label!": HELPER_LABEL}),
            "dangling": lambda: self.prune_images({"dangling": True}),
            "unused": lambda: self.prune_images({"dangling": False}),
            "volumes": self.prune_volumes,
            "cache": self.prune_builds,
        }
        return whole(mapping(calls[kind]()).get("SpaceReclaimed"))

    def _delete(self, url: str, **options: Any) -> requests.Response:
        """Overrides the SDK's: the engine says nothing until it is done."""
        return super()._delete(url, **{"timeout": DELETE_DEADLINE_S, **options})  # type: ignore[no-any-return]

    def _set_request_timeout(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Overrides the SDK's: the way to the engine has a deadline of its own."""
        answer_s = kwargs.get("timeout", self.timeout)
        if not isinstance(answer_s, tuple):
            kwargs["timeout"] = (CONNECT_DEADLINE_S, answer_s)
        return kwargs

    def _result(self, response: requests.Response, json: bool = False, binary: bool = False) -> Any:
        """Overrides the SDK's: bytes that are no UTF-8 do not spoil an answer, and big ones are quick."""
        if not json:
            return super()._result(response, json, binary)
        self._raise_for_status(response)
        try:
            return decode_json(response.content)
        except ValueError as error:
            raise EngineGone("The engine's answer makes no sense", f"no JSON: {error}") from error

    def _raise_for_status(self, response: requests.Response) -> None:
        """Overrides the SDK's: the engine's own words, whatever form they come in."""
        if response.is_redirect:
            raise EngineGone("The engine's answer makes no sense", "it leads to another place")
        if response.status_code >= 400:
            raise EngineError("The engine refused", words_of(response))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


class ByteStream:
    """The bytes of an answer as they come; `broken` says what it means when they end in the middle."""

    def __init__(self, response: requests.Response, broken: EngineGone) -> None:
        self._response = response
        self._broken = broken
        self._raw: Any = response.raw

    def read(self) -> bytes:
        """What is there, at least one byte; nothing at the end."""
        try:
            return bytes(self._raw.read1(65536))
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise self._broken from error

    def shutdown(self) -> None:
        """Makes `read` in another thread return at once."""
        try:
            self._raw.shutdown()
        except (OSError, ValueError, RuntimeError):
            pass  # it had ended by itself

    def close(self) -> None:
        self._response.close()


def _read_whole(response: requests.Response, limit: int) -> None:
    """Its content is there then."""
    pieces, size = list[bytes](), 0
    for piece in response.raw.stream(PIECE_BYTES):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            response.close()
            raise EngineGone("The engine's answer makes no sense", "the engine sent more than there can be to tell")
    response._content, response._content_consumed = b"".join(pieces), True


def words_of(response: requests.Response) -> str:
    """What the engine says about an error."""
    try:
        answer = decode_json(response.content)
    except ValueError:
        answer = response.content.decode("utf-8", "replace")
    message = answer.get("message") if isinstance(answer, dict) else answer
    if isinstance(message, str) and message.strip():
        return message.strip()[:65536]
    return f"{response.status_code} {response.reason}"


@contextmanager
def as_engine_errors() -> Iterator[None]:
    """Turns what the SDK and the libraries below it raise into our errors."""
    try:
        yield
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise EngineGone("The engine does not answer", "it takes calls, but was silent too long") from error
    except InvalidVersion as error:
        raise EngineError("The engine is too old for this", str(error)) from error
    except DockerException as error:  # the SDK's own look at what it was given, before the engine is asked
        raise EngineError("The engine refused", str(error)) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise EngineGone("The engine cannot be reached", _why(error)) from error


def blocking(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Calls the SDK; EngineError and EngineGone are all it raises."""
    with as_engine_errors():
        return function(*args, **options)


_REASONS = {
    errno.ENOENT: "its socket does not exist",
    errno.ECONNREFUSED: "nobody listens on its socket",
    errno.EAGAIN: "its queue of connections is full",
    errno.EACCES: "its socket belongs to another user",
    errno.EPERM: "its socket belongs to another user",
    errno.ECONNRESET: "it closed the connection",
    errno.EPIPE: "it closed the connection",
    errno.EMFILE: "this process has too many files open",
}


def _why(error: BaseException) -> str:
    found = _os_error(error)
    if found is not None and found.errno is not None:
        return _REASONS.get(found.errno) or os.strerror(found.errno)
    if "timed out" in str(error):
        return "it was silent too long"
    # Of what http.client and urllib3 raise, requests passes on no more than its looks.
    if any(words in str(error) for words in ("RemoteDisconnected", "IncompleteRead", "ended prematurely")):
        return "it closed the connection"
    return str(error) or type(error).__name__


def _os_error(error: BaseException | None, depth: int = 8) -> OSError | None:
    """The operating system's error inside the wrappings of requests and urllib3."""
    if error is None or depth == 0:
        return None
    if isinstance(error, OSError) and error.errno is not None:
        return error
    inner = [arg for arg in error.args if isinstance(arg, BaseException)]
    for candidate in (*inner, getattr(error, "reason", None), error.__cause__, error.__context__):
        if isinstance(candidate, BaseException) and (found := _os_error(candidate, depth - 1)):
            return found
    return None
