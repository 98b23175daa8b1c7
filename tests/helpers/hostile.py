"""Texts that an engine, a guest or a registry could send to a window that takes text for markup."""

from __future__ import annotations

HOSTILE = [
    "<h1>BIG",
    '<img src="file:///etc/hostname">',
    "<a href=https://evil.example>ok</a>",
    "name <b>x</b>",
    "&lt;",
    "a&b",
    "%s%n %1 %n",
    "\x1b]0;x\x07",
    "\u202egnp.exe",
    "x" * 65536,
    "😀",
    "👩\u200d👩\u200d👧",
    "\ud800",
    "\0",
    "one\ntwo",
    "שלום",
    "e" + "\u0301" * 500,
]
