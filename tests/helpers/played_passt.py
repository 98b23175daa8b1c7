"""Plays passt: answers who asks for its address on its line, and ends with it.

With `no-passt` in PLAYED_GUEST it cannot start.
"""

from __future__ import annotations

import os
import socket
import sys

if "no-passt" in os.environ.get("PLAYED_GUEST", ""):
    sys.exit("no namespace for you")
line = socket.socket(fileno=int(sys.argv[sys.argv.index("--fd") + 1]))
with line, line.makefile("rwb") as stream:
    while head := stream.read(4):
        frame = bytearray(stream.read(int.from_bytes(head)))
        frame[21] = 2  # an answer now
        stream.write(head + frame)
        stream.flush()
