"""The host's ports of one VM: brought to what is wanted, with the reasons where the host refuses."""

from __future__ import annotations

import errno
import logging

from desktop.core.errors import MoorageError
from desktop.machine import forwarding
from desktop.machine.driver import Vm
from desktop.machine.forwarding import Forward, Forward6, Refused

from .forwards import Wanted, is_closed_beside_passt, is_outside
from .own_ports import OwnPorts
from .port_refusal import NO_GUEST_ADDRESS, NOT_BESIDE_PASST, Refusal, explain, probe

log = logging.getLogger("desktop.supervisor")

LET_IN = "/usr/lib/moorage/outside"  # in the guest
INWARD = "/usr/lib/moorage/inward"
LET_IN_S = 10.0
NO_IPV6_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class HostPorts:
    """IPv4 ports are QEMU's, and those that it has already are taken over; IPv6 ones are ours."""

    def __init__(self, vm: Vm, own: OwnPorts) -> None:
        self._vm = vm
        self._have: set[Forward] | None = None  # None: to be asked
        self._guest_is_open = False  # to what comes for addresses of the host
        self._guest_joins = False
        self._own = own
        self.refused: dict[Forward | Forward6, Refusal] = {}

    async def become(self, want: Wanted) -> None:
        """What is not wanted goes first. After an error the next call finds out anew what is there."""
        have = await forwarding.existing(self._vm.monitor) if self._have is None else self._have
        self._have = None
        closed = {one for one in want.forwards if self._vm.record.passt_pid and is_closed_beside_passt(one)}
        possible = want.forwards.keys() - closed
        for forward in have - possible:
            await forwarding.remove(self._vm.monitor, forward)
        have &= possible
        refused: dict[Forward | Forward6, Refusal] = {one: Refusal(NOT_BESIDE_PASST) for one in closed}
        for forward in sorted(possible - have, key=is_outside):
            if refusal := await self._add(forward):
                refused[forward] = refusal
            else:
                have.add(forward)
        # Where another program has the port on IPv4, this would lead to it.
        onward = {(forward.protocol, forward.address, forward.port) for forward in have}
        want6 = {one for one in want.forwards6 if one.guest or (one.protocol, one.onward, one.port) in onward}
        refused |= await self._become6(want6)
        self.refused, self._have = refused, have

    def forget(self) -> None:
        """Of what QEMU has nothing is known any more: the next call finds it out."""
        self._have = None

    async def _add(self, forward: Forward) -> Refusal | None:
        known = self.refused.get(forward)
        protocol, address, port, _ = forward
        if is_outside(forward) and not await self._open_guest():
            return Refusal(NO_GUEST_ADDRESS)
        if known is None or not (code := probe(protocol, address, port)):
            try:
                await forwarding.add(self._vm.monitor, forward)
                return None
            except Refused as error:
                log.info("%s", error)
                code = probe(protocol, address, port)
        return await explain(code, protocol, address, port, known)

    async def _become6(self, want: set[Forward6]) -> dict[Forward | Forward6, Refusal]:
        for forward in self._own.open6 - want:
            self._own.shut(forward)
        refused: dict[Forward | Forward6, Refusal] = {}
        for forward in want - self._own.open6:
            if forward.guest and not await self._join_inward():
                refused[forward] = Refusal(NO_GUEST_ADDRESS)
                continue
            try:
                self._own.open(forward)
            except OSError as error:
                code = error.errno or errno.EIO
                if forward.guest or code not in NO_IPV6_HERE:
                    known = self.refused.get(forward)
                    refused[forward] = await explain(
                        code, forward.protocol, forward.address, forward.port, known
                    )
        return refused

    async def _open_guest(self) -> bool:
        """Whether the guest takes what comes for addresses of the host; it must before it is sent the first of that."""
        self._guest_is_open = self._guest_is_open or await self._prepare(LET_IN)
        return self._guest_is_open

    async def _join_inward(self) -> bool:
        """Whether the guest joins what comes by QEMU's other socket to its own ports on IPv6."""
        self._guest_joins = self._guest_joins or await self._prepare(INWARD)
        return self._guest_joins

    async def _prepare(self, script: str) -> bool:
        try:
            done = await self._vm.agent.execute(script, deadline_s=LET_IN_S)
        except MoorageError as error:
            log.warning("%s: %s", script, error)
            return False
        log.info("%s: exit code %d %s", script, done.exit_code, done.words)
        return done.exit_code == 0
