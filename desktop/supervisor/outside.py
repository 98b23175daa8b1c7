"""What came from the host for published ports, as the guest's packet filter counts it."""

from __future__ import annotations

from desktop.machine.driver import Vm

COUNTED = ("/usr/sbin/iptables", "-w", "-t", "mangle", "-vnxL", "OUTSIDE")  # see resources/guest


async def packets_from_outside(vm: Vm) -> int:
    """Packets of connections that began outside the guest, since it booted; 0 where its image does not count them."""
    listed = (await vm.agent.execute(*COUNTED)).output.decode(errors="replace").split("\n")
    numbers = [row.split()[0] for row in listed[2:] if row.strip()]
    return sum(int(number) for number in numbers if number.isdecimal())
