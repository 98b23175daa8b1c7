"""Reading the forwards that QEMU has from what it prints for people."""

from __future__ import annotations

from desktop.machine.forwarding import Forward, forwards_in

PRINTED = """Hub -1 (containers):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[ESTABLISHED]  133       127.0.0.1 18080       10.0.2.15 18080     0     0
  TCP[HOST_FORWARD] 139               * 18099       10.0.2.15 18099     0     0
  TCP[HOST_FORWARD]  13       127.0.0.1 18081       127.0.0.1 18081     0     0
  UDP[HOST_FORWARD] 136       127.0.0.1 18053       10.0.2.15 18053     0     0
  UDP[236 sec]      140       10.0.2.15 41000        10.0.2.3    53     0     0
Hub -1 (engine):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[HOST_FORWARD]  17  109.112.47.119 12148       10.0.3.15  2375     0     0
"""


def test_forwards_of_the_containers_network_are_read() -> None:
    assert forwards_in(PRINTED.replace("\n", "\r\n")) == forwards_in(PRINTED) == {
        Forward("tcp", "0.0.0.0", 18099, "10.0.2.15"),
        Forward("tcp", "127.0.0.1", 18081, "127.0.0.1"),
        Forward("udp", "127.0.0.1", 18053, "10.0.2.15"),
    }  # fmt: skip


def test_nothing_is_read_where_there_is_nothing() -> None:
    assert forwards_in("") == forwards_in("Hub -1 (engine):\n" + PRINTED.partition("(engine):\n")[2]) == set()
