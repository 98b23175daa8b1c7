"""The Engine API on the wire: statuses, headers, words and shapes."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import docker
import pytest

from desktop.core.paths import MachineFiles
from desktop.engine.log_lines import seconds_of

from .event_log import EventLog
from .http_call import Caller

FOR_EVER = ["sleep", "1000"]


@pytest.fixture
def call(machine: MachineFiles) -> Iterator[Caller]:
    caller = Caller(machine.docker_socket)
    yield caller
    caller.close()


@pytest.fixture
def create(call: Caller, image: str, engine: docker.DockerClient) -> Any:
    """Makes a container and returns its id; the engine fixture takes it away."""

    def make(argv: list[str], **body: Any) -> str:
        name = f"contract-{secrets.token_hex(4)}"
        answer = call("POST", f"/containers/create?name={name}", {"Image": image, "Cmd": argv, **body})
        assert answer.status == 201, answer.body
        return str(answer.json()["Id"])

    return make


@pytest.fixture
def running(call: Caller, create: Any) -> str:
    id: str = create(FOR_EVER)
    assert call("POST", f"/containers/{id}/start").status == 204
    return id


def until(condition: Callable[[], bool], deadline_s: float = 60.0) -> None:
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_ping_tells_the_version_of_the_api(call: Caller) -> None:
    answer = call("GET", "/_ping")
    assert (answer.status, answer.body) == (200, b"OK")
    assert answer.headers["api-version"] == call("GET", "/version").json()["ApiVersion"]
    assert answer.headers["ostype"] == "linux"
    head = call("HEAD", "/_ping")
    assert (head.status, head.body) == (200, b"")


def test_app_has_a_way_of_its_own_to_the_same_engine(machine: MachineFiles, call: Caller) -> None:
    own = Caller(machine.engine_socket)
    try:
        assert own("GET", "/info").json()["ID"] == call("GET", "/info").json()["ID"]
    finally:
        own.close()


def test_http_1_0_is_answered_and_closed(machine: MachineFiles) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(str(machine.docker_socket))
        client.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
        answer = b""
        while block := client.recv(4096):
            answer += block
    assert answer.split(b" ")[1] == b"200"
    assert answer.endswith(b"\r\n\r\nOK")


@pytest.mark.parametrize(("version", "words"), [("1.99", "too new"), ("1.12", "too old")])
def test_version_out_of_range_is_told(call: Caller, version: str, words: str) -> None:
    answer = call("GET", f"/v{version}/containers/json")
    assert answer.status == 400
    assert f"client version {version} is {words}".encode() in answer.body


def test_version_and_info_have_what_is_shown(call: Caller) -> None:
    version, info = call("GET", "/version").json(), call("GET", "/info").json()
    assert {"Version", "ApiVersion", "MinAPIVersion", "Os", "Arch", "KernelVersion", "Components"} <= version.keys()
    assert {"Containers", "ContainersRunning", "Images", "ServerVersion", "KernelVersion", "NCPU"} <= info.keys()
    assert info["ServerVersion"] == version["Version"]


def test_unknown_path_is_404_in_words(call: Caller) -> None:
    answer = call("GET", "/no/such/thing")
    assert (answer.status, answer.words) == (404, "page not found")


def test_connection_goes_on_after_an_error(call: Caller) -> None:
    assert call("GET", "/containers/nosuch/json").status == 404
    assert call("GET", "/_ping").status == 200


def test_list_has_the_fields_that_rows_are_made_of(call: Caller, running: str) -> None:
    (row,) = [row for row in call("GET", "/containers/json").json() if row["Id"] == running]
    assert row.keys() >= {
        "Id", "Names", "Image", "ImageID", "Command", "Created", "Ports", "Labels", "State", "Status", "HostConfig",
        "NetworkSettings", "Mounts",
    }  # fmt: skip
    assert (row["State"], row["Command"], row["Image"]) == ("running", "sleep 1000", "contract:1")
    assert row["Status"].startswith("Up ")
    assert row["Names"][0].startswith("/contract-")
    assert row["ImageID"].startswith("sha256:")
    assert isinstance(row["Created"], int)


def test_list_leaves_out_what_does_not_run_unless_asked(call: Caller, create: Any) -> None:
    id = create(FOR_EVER)
    assert id not in [row["Id"] for row in call("GET", "/containers/json").json()]
    (row,) = [row for row in call("GET", "/containers/json?all=1").json() if row["Id"] == id]
    assert (row["State"], row["Status"]) == ("created", "Created")


def test_states_and_their_words(call: Caller, running: str) -> None:
    def told() -> tuple[str, str]:
        (row,) = [row for row in call("GET", "/containers/json?all=true").json() if row["Id"] == running]
        return row["State"], row["Status"]

    assert call("POST", f"/containers/{running}/pause").status == 204
    assert told()[0] == "paused" and told()[1].endswith(" (Paused)")
    assert call("POST", f"/containers/{running}/unpause").status == 204
    assert call("POST", f"/containers/{running}/kill").status == 204
    until(lambda: told()[0] == "exited")  # the answer may be a little ahead of the list
    status = told()[1]
    assert status.startswith("Exited (137) ") and status.endswith(" ago")


def test_what_is_already_so_is_304(call: Caller, running: str) -> None:
    answer = call("POST", f"/containers/{running}/start")
    assert (answer.status, answer.body) == (304, b"")
    assert call("POST", f"/containers/{running}/stop?t=0").status == 204
    assert call("POST", f"/containers/{running}/stop").status == 304


@pytest.mark.parametrize("verb", ["start", "stop", "restart", "kill", "pause", "unpause"])
def test_verb_on_nothing_is_404(call: Caller, verb: str) -> None:
    answer = call("POST", f"/containers/nosuch/{verb}")
    assert answer.status == 404
    assert answer.words.endswith("No such container: nosuch")


def test_conflicts_are_409_in_words(call: Caller, create: Any, running: str) -> None:
    resting = create(FOR_EVER)
    cases = [
        ("DELETE", f"/containers/{running}", "container is running"),
        ("POST", f"/containers/{resting}/kill", "is not running"),
        ("POST", f"/containers/{resting}/pause", "is not running"),
    ]
    for method, path, words in cases:
        answer = call(method, path)
        assert answer.status == 409, (path, answer)
        assert words in answer.words
    assert "is not paused" in call("POST", f"/containers/{running}/unpause").words
    call("POST", f"/containers/{running}/pause")
    assert "already paused" in call("POST", f"/containers/{running}/pause").words
    assert "container is paused" in call("DELETE", f"/containers/{running}").words


def test_name_that_is_taken_is_409(call: Caller, running: str, image: str) -> None:
    name = call("GET", f"/containers/{running}/json").json()["Name"].removeprefix("/")
    answer = call("POST", f"/containers/create?name={name}", {"Image": image, "Cmd": ["true"]})
    assert answer.status == 409
    assert f'The container name "/{name}" is already in use by container "{running}"' in answer.words


@pytest.mark.parametrize("name", ["-rf", "a b", "<b>x</b>", "$(x)", "ä", "/x/y"])
def test_names_are_of_few_letters(call: Caller, image: str, name: str) -> None:
    answer = call("POST", f"/containers/create?name={quote(name, safe='')}", {"Image": image, "Cmd": ["true"]})
    assert answer.status == 400
    assert "only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed" in answer.words


def test_create_of_an_unknown_image_is_404(call: Caller) -> None:
    answer = call("POST", "/containers/create", {"Image": "nosuch:1", "Cmd": ["true"]})
    assert (answer.status, answer.words) == (404, "No such image: nosuch:1")


def test_create_without_a_command_is_400(call: Caller, image: str) -> None:
    answer = call("POST", "/containers/create", {"Image": image})
    assert answer.status == 400
    assert answer.words == "no command specified"


def test_nonsense_in_a_wish_for_a_container_is_refused_in_words(call: Caller, image: str) -> None:
    no_volume = 'invalid mount config for type "volume"'
    for wish, words in (
        ({"NanoCpus": 64 * 10**9}, "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"),
        ({"Memory": 1 << 20}, "Minimum memory limit allowed is 6MB"),
        ({"RestartPolicy": {"Name": "sometimes"}}, "invalid restart policy: unknown policy 'sometimes'"),
        ({"PortBindings": {"80/tcp": [{"HostPort": "99999"}]}}, 'invalid port specification: "99999"'),
        ({"Binds": ["a/b:/y"]}, 'create a/b: "a/b" includes invalid characters for a local volume name'),
        ({"Binds": ["x:/y"]}, "create x: volume name is too short"),
        ({"Binds": ["vol:y"]}, f"invalid volume specification: 'vol:y': {no_volume}: invalid mount path: 'y'"),
        ({"Binds": ["vol:/y:wo"]}, "invalid mode: wo"),
        ({"Binds": ["/tmp:/y", "/run:/y"]}, "Duplicate mount point: /y"),
    ):
        answer = call("POST", "/containers/create", {"Image": image, "Cmd": ["true"], "HostConfig": wish})
        status = 500 if words.startswith(("invalid volume", "invalid mode")) else 400
        assert answer.status == status and answer.words.startswith(words), (wish, answer.status, answer.words)


def test_start_of_a_program_that_is_not_there(call: Caller, create: Any) -> None:
    id = create(["nosuchprogram"])
    answer = call("POST", f"/containers/{id}/start")
    assert answer.status == 400
    assert 'exec: "nosuchprogram": executable file not found in $PATH' in answer.words
    state = call("GET", f"/containers/{id}/json").json()["State"]
    assert (state["Status"], state["ExitCode"]) == ("created", 127)


def test_container_is_found_by_name_and_by_the_beginning_of_its_id(call: Caller, running: str) -> None:
    name = call("GET", f"/containers/{running[:12]}/json").json()["Name"]
    assert call("GET", f"/containers{name}/json").json()["Id"] == running


def test_inspect_tells_state_and_config(call: Caller, create: Any) -> None:
    id = create(["sh", "-c", "exit 3"], Labels={"contract.test": "<b>"})
    call("POST", f"/containers/{id}/start")
    assert call("POST", f"/containers/{id}/wait").json()["StatusCode"] == 3
    found = call("GET", f"/containers/{id}/json").json()
    assert (found["State"]["Status"], found["State"]["ExitCode"], found["State"]["Running"]) == ("exited", 3, False)
    assert found["Config"]["Labels"]["contract.test"] == "<b>"
    assert found["Path"] == "sh"
    assert found["Image"].startswith("sha256:")


def test_port_that_is_not_exposed_is_not_published(call: Caller, create: Any) -> None:
    id = create(FOR_EVER, HostConfig={"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18767"}]}})
    call("POST", f"/containers/{id}/start")
    (row,) = [row for row in call("GET", "/containers/json").json() if row["Id"] == id]
    assert row["Ports"] == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/events?since=abc", 500, 'strconv.ParseInt: parsing "abc": invalid syntax'),
        ("/containers/json?filters=x", 400, "invalid filter"),
        ("/containers/nosuch/stats?stream=0", 404, "No such container: nosuch"),
        ("/images/nosuch/json", 404, "No such image: nosuch:latest"),
    ],
)
def test_senseless_wish_is_refused_in_words(call: Caller, path: str, status: int, words: str) -> None:
    answer = call("GET", path)
    assert (answer.status, answer.words) == (status, words)


def test_list_knows_of_an_end_when_it_is_told(call: Caller, running: str, events: EventLog) -> None:
    """Who reads the row after `die` needs not read it again."""
    call("POST", f"/containers/{running}/kill")
    events.all("die", running)
    (row,) = [row for row in call("GET", "/containers/json?all=1").json() if row["Id"] == running]
    assert row["State"] == "exited"


def test_filters_choose(call: Caller, create: Any, running: str) -> None:
    labelled = create(FOR_EVER, Labels={"contract": "this"})

    def ids(**filters: Any) -> set[str]:
        wanted = quote(json.dumps(filters))
        return {row["Id"] for row in call("GET", f"/containers/json?all=1&filters={wanted}").json()}

    assert ids(label=["contract=this"]) == {labelled}
    assert ids(id=[running[:20]]) == {running}
    assert ids(id={running: True, labelled: True}) == {running, labelled}
    assert labelled in ids(status=["created"])
    assert running not in ids(status=["created"])
    assert ids(ancestor=["contract:1"]) == {running, labelled}
    assert call("GET", '/containers/json?filters={"nosuch":["x"]}').status == 400


def test_published_port_is_in_the_row(call: Caller, create: Any) -> None:
    id = create(
        FOR_EVER,
        ExposedPorts={"80/tcp": {}, "53/udp": {}},
        HostConfig={"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18765"}]}},
    )
    call("POST", f"/containers/{id}/start")
    (row,) = [row for row in call("GET", "/containers/json").json() if row["Id"] == id]
    assert {"PrivatePort": 80, "Type": "tcp", "IP": "127.0.0.1", "PublicPort": 18765} in row["Ports"]
    assert {"PrivatePort": 53, "Type": "udp"} in row["Ports"]


def test_port_that_is_taken_is_told(call: Caller, create: Any) -> None:
    wish = {
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18766"}]}},
    }
    assert call("POST", f"/containers/{create(FOR_EVER, **wish)}/start").status == 204
    answer = call("POST", f"/containers/{create(FOR_EVER, **wish)}/start")
    assert answer.status == 500
    assert "port is already allocated" in answer.words


def test_one_sample_has_the_keys_that_use_is_reckoned_from(call: Caller, running: str) -> None:
    sample = call("GET", f"/containers/{running}/stats?stream=0&one-shot=1").json()
    assert {"read", "preread", "cpu_stats", "precpu_stats", "memory_stats"} <= sample.keys()
    cpu, memory = sample["cpu_stats"], sample["memory_stats"]
    assert {"cpu_usage", "system_cpu_usage", "online_cpus"} <= cpu.keys()
    assert cpu["system_cpu_usage"] > cpu["cpu_usage"]["total_usage"] >= 0
    assert 0 < memory["usage"] < memory["limit"]
    assert "inactive_file" in memory["stats"]


def test_sample_without_one_shot_compares_two_moments(call: Caller, running: str) -> None:
    sample = call("GET", f"/containers/{running}/stats?stream=false").json()
    assert sample["id"] == running
    assert sample["precpu_stats"]["system_cpu_usage"] < sample["cpu_stats"]["system_cpu_usage"]


def test_sample_of_one_that_rests_is_empty(call: Caller, create: Any) -> None:
    sample = call("GET", f"/containers/{create(FOR_EVER)}/stats?stream=0&one-shot=1").json()
    assert sample["memory_stats"] == {}
    assert sample["cpu_stats"]["cpu_usage"]["total_usage"] == 0


def test_logs_are_framed_by_stream(call: Caller, create: Any) -> None:
    id = create(["echo", "hello contract"])
    call("POST", f"/containers/{id}/start")
    call("POST", f"/containers/{id}/wait")
    answer = call("GET", f"/containers/{id}/logs?stdout=1&stderr=1")
    assert answer.body == b"\x01\x00\x00\x00\x00\x00\x00\x0fhello contract\n"


SAYS = "echo one; echo two >&2; echo three"


def log_of(call: Caller, create: Any, query: str, **wish: Any) -> bytes:
    id = create(["sh", "-c", SAYS], **wish)
    call("POST", f"/containers/{id}/start")
    call("POST", f"/containers/{id}/wait")
    answer = call("GET", f"/containers/{id}/logs?stdout=1&stderr=1&{query}")
    kind = "raw" if wish.get("Tty") else "multiplexed"
    assert answer.headers["content-type"] == f"application/vnd.docker.{kind}-stream"
    return answer.body


def test_log_tells_stdout_from_stderr_one_message_a_frame(call: Caller, create: Any) -> None:
    body = log_of(call, create, "")
    frames = sorted([(1, b"one\n"), (2, b"two\n"), (1, b"three\n")])
    found = []
    while body:
        kind, size = body[0], int.from_bytes(body[4:8], "big")
        found.append((kind, body[8 : 8 + size]))
        body = body[8 + size :]
    assert sorted(found) == frames


def test_log_of_a_terminal_is_raw(call: Caller, create: Any) -> None:
    body = log_of(call, create, "", Tty=True)
    assert body.replace(b"\r", b"") == b"one\ntwo\nthree\n"


def test_log_has_moments_of_one_length_and_begins_at_one(call: Caller, create: Any) -> None:
    lines = log_of(call, create, "timestamps=1&tail=2", Tty=True).splitlines()
    moments = [line.split(b" ")[0] for line in lines]
    assert len(lines) == 2 and [len(moment) for moment in moments] == [30, 30]
    assert moments[0] < moments[1] and moments[0].endswith(b"Z")


def test_log_since_a_moment_begins_with_that_very_line(call: Caller, create: Any) -> None:
    id = create(["sh", "-c", SAYS], Tty=True)
    call("POST", f"/containers/{id}/start")
    call("POST", f"/containers/{id}/wait")
    url = f"/containers/{id}/logs?stdout=1&stderr=1&timestamps=1"
    lines = call("GET", url).body.splitlines()
    since = seconds_of(lines[-1].split(b" ")[0].decode())
    assert call("GET", f"{url}&since={since}").body.splitlines()[-1] == lines[-1]


def test_body_in_chunks_is_taken(machine: MachineFiles, image: str, call: Caller, engine: docker.DockerClient) -> None:
    body = b'{"Image":"contract:1","Cmd":["true"]}'
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:20], body[20:]))
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(str(machine.docker_socket))
        client.sendall(
            b"POST /containers/create HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        )
        answer = b""
        while block := client.recv(4096):
            answer += block
    assert answer.split(b" ")[1] == b"201"
