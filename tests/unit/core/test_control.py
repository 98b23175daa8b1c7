"""The control protocol survives its own encoding."""

import msgspec

from desktop.core import control
from desktop.core.errors import EngineError, NeedsConfirmation
from desktop.core.machine import BootStep, MachineStatus, State


def test_request_round_trip() -> None:
    request = control.decode_request(control.request_line(7, "stop", timeout_s=2.5))
    assert (request.id, request.call, request.args) == (7, "stop", {"timeout_s": 2.5})


def test_status_event_round_trip() -> None:
    status = MachineStatus(state=State.STARTING, boot_steps=(BootStep("modules", 0.8),))
    reply = control.decode_reply(control.event_line(1, "status", status))
    assert msgspec.json.decode(reply.data, type=MachineStatus) == status


def test_errors_keep_their_kind_and_words() -> None:
    for error in (NeedsConfirmation("Late", "30 s", "Kill it?"), EngineError("No such container")):
        failure = control.decode_reply(control.error_line(3, error)).error
        assert failure is not None
        back = failure.error()
        assert type(back) is type(error) and str(back) == str(error)


def test_an_error_about_a_name_that_is_no_utf8_reaches_who_asked() -> None:
    assert b"/home/jos? is full" in control.error_line(3, NeedsConfirmation("/home/jos\udce9 is full"))


def test_a_newer_peer_may_say_more() -> None:
    assert control.decode_reply(b'{"id":1,"result":null,"later":1}\n').id == 1


def test_status_keys_are_the_promise() -> None:
    keys = msgspec.to_builtins(MachineStatus())
    promised = "machine state since detail hypervisor supervisor vm engine host paths"
    assert set(keys) >= set(promised.split())
    assert set(keys["hypervisor"]) >= {"name", "version", "accelerator", "accelerator_reason", "pid", "executable"}
    assert set(keys["vm"]) >= {"cpus", "memory_mib", "disk_mib", "disk_used_mib", "kernel", "uptime_s"}
    assert set(keys["engine"]) >= {"reachable", "version", "api_version", "containers_running"}
    assert set(keys["host"]) >= {"cpu_percent", "rss_mib"}
    assert set(keys["paths"]) >= {"docker_socket", "control_socket", "tty", "console_log", "disk", "logs"}
