"""Which ports of the host are wanted for what is published."""

from __future__ import annotations

import pytest

from desktop.core.engine import Port
from desktop.engine.published import Owner
from desktop.machine.forwarding import Forward
from desktop.supervisor.forwards import Forward6, is_outside, moved6, wanted
from desktop.supervisor.port_refusal import NO_PROTOCOL, NO_UDP6, Refusal

GUEST = "10.0.2.15"


def owner(*ports: Port, name: str = "web") -> Owner:
    return Owner(name, frozenset(ports))


def test_a_port_of_no_address_goes_to_the_loopback_of_both_families() -> None:
    found = wanted([owner(Port(80, "tcp", "0.0.0.0", 8080), Port(80, "tcp", "::", 8080))], "127.0.0.1")
    assert found.forwards == {Forward("tcp", "127.0.0.1", 8080, GUEST): "web"}
    assert found.forwards6 == {Forward6("::1", 8080, "127.0.0.1"): "web"}
    assert not found.impossible


def test_a_port_of_no_address_goes_where_the_setting_says() -> None:
    found = wanted([owner(Port(80, "tcp", "0.0.0.0", 8080), Port(80, "tcp", "::", 8080))], "0.0.0.0")
    assert found.forwards == {Forward("tcp", "0.0.0.0", 8080, GUEST): "web"}
    assert found.forwards6 == {Forward6("::", 8080, "0.0.0.0"): "web"}


@pytest.mark.parametrize(("publish_on", "everywhere"), [("127.0.0.1", "::1"), ("0.0.0.0", "::")])
def test_a_port_on_ipv6_alone_leads_into_the_guest_by_ipv6(publish_on: str, everywhere: str) -> None:
    ports = [Port(80, "tcp", "::", 8080), Port(80, "tcp", "::1", 8081), Port(80, "tcp", "2001:db8::7", 8082)]
    found = wanted([owner(*ports)], publish_on)
    alone = [
        Forward6(everywhere, 8080, "", "::"), Forward6("::1", 8081, "", "::1"),
        Forward6("2001:db8::7", 8082, "", "2001:db8::7"),
    ]  # fmt: skip
    assert list(found.forwards6) == alone
    assert not found.forwards and not found.impossible
    was = wanted([owner(*ports)], "127.0.0.1").forwards6
    assert [moved6(forward, publish_on) for forward in was] == alone


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.5", "192.0.2.7"])
def test_an_address_of_its_own_stays_whatever_the_setting_says(address: str) -> None:
    found = wanted([owner(Port(53, "udp", address, 5353))], "0.0.0.0")
    assert found.forwards == {Forward("udp", address, 5353, address): "web"}


def test_the_guest_has_every_loopback_address_and_one_of_its_own() -> None:
    ports = [Port(80, "tcp", address, 80) for address in ("", "127.0.0.5", "192.0.2.7")]
    outside = [forward for forward in wanted([owner(*ports)], "127.0.0.1").forwards if is_outside(forward)]
    assert outside == [Forward("tcp", "192.0.2.7", 80, "192.0.2.7")]


def test_datagrams_come_on_both_families_too() -> None:
    found = wanted([owner(Port(53, "udp", "0.0.0.0", 5353), Port(53, "udp", "::", 5353))], "127.0.0.1")
    assert found.forwards6 == {Forward6("::1", 5353, "127.0.0.1", protocol="udp"): "web"}
    assert moved6(*found.forwards6, "0.0.0.0") == Forward6("::", 5353, "0.0.0.0", protocol="udp")


def test_ports_of_services_have_no_address() -> None:
    found = wanted([owner(Port(80, "tcp", "", 80))], "127.0.0.1")
    assert found.forwards == {Forward("tcp", "127.0.0.1", 80, GUEST): "web"}


@pytest.mark.parametrize(
    ("port", "code"),
    [
        (Port(80, "udp", "::1", 8080), NO_UDP6),
        (Port(80, "udp", "::", 8080), NO_UDP6),
        (Port(80, "sctp", "0.0.0.0", 8080), NO_PROTOCOL),
    ],
)
def test_what_cannot_be_published_is_told(port: Port, code: int) -> None:
    found = wanted([owner(port)], "127.0.0.1")
    assert not found.forwards and not found.forwards6
    assert found.impossible == {port: ("web", Refusal(code))}


@pytest.mark.parametrize(
    "port",
    [
        Port(80, "tcp", "127.0.0.1-10.0.2.15:22\nquit", 80), Port(80, "tcp", "localhost", 80),
        Port(80, "tcp", "::1%eth0\nquit", 80), Port(80, "tcp", "fe80::1%eth0", 80),
        Port(80, "tcp", "", 0), Port(80, "tcp", "", 65536), Port(80, "tcp", "", -1),
    ],
)  # fmt: skip
def test_a_guest_that_says_anything_gets_nothing_else_into_the_monitor(port: Port) -> None:
    found = wanted([owner(port)], "127.0.0.1")
    assert not found.forwards and not found.forwards6


def test_the_first_by_name_has_a_port_that_two_publish() -> None:
    port = Port(80, "tcp", "127.0.0.1", 80)
    assert list(wanted([owner(port, name="b"), owner(port, name="a")], "127.0.0.1").forwards.values()) == ["a"]
