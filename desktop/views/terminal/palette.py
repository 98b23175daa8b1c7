"""Colour schemes of the terminal, dark and light, and what a style's colours come to."""

from __future__ import annotations

from dataclasses import dataclass

Rgb = tuple[int, int, int]

_READABLE = 3.0
"""The contrast below which one of the sixteen named colours is moved away from the background."""


@dataclass(frozen=True)
class Scheme:
    """Default colours and the sixteen that programs name; the other 240 are the same everywhere."""

    name: str
    background: Rgb
    foreground: Rgb
    cursor: Rgb
    selection: Rgb
    outside: Rgb
    """Around the grid, where another viewer's smaller window leaves room."""
    named: tuple[Rgb, ...]

    def palette(self) -> list[Rgb]:
        """All 256 colours."""
        return [*self.named, *_cube(), *_greys()]


def _hex(text: str) -> tuple[Rgb, ...]:
    return tuple((int(h[0:2], 16), int(h[2:4], 16), int(h[4:6], 16)) for h in text.split())


def _scheme(name: str, own: str, named: str) -> Scheme:
    background, foreground, cursor, selection, outside = _hex(own)
    return Scheme(name, background, foreground, cursor, selection, outside, _hex(named))


DARK = _scheme(
    "dark",
    "16191f d6dae2 e8ecf2 2c4f7c 101217",
    ("22262e e5616d 7cc36e dfae57 5ca2f2 c384e6 4fbcc4 c3c8d1 6a7280 ff8791 9fdf8f f5cb7f 86bfff dba6fa 7adce2 f4f6fa"),
)
LIGHT = _scheme(
    "light",
    "fcfcfb 22262d 22262d b9d6fb eeefef",
    ("22262d c3272f 1f7a2e 8a5a00 1a5fc4 8b38b8 0b7480 a3a9b3 6a7280 e04a52 2f9a40 ab7410 3f82ea a958d6 1995a3 d3d7dd"),
)


SCHEMES = {
    "moorage": (DARK, LIGHT),
    "solarized": (
        _scheme(
            "Solarized dark",
            "002b36 93a1a1 93a1a1 0b4250 00212b",
            (
                "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5"
                " 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3"
            ),
        ),
        _scheme(
            "Solarized light",
            "fdf6e3 586e75 586e75 e9e2cc eee8d5",
            (
                "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5"
                " 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3"
            ),
        ),
    ),
    "gruvbox": (
        _scheme(
            "Gruvbox dark",
            "282828 ebdbb2 ebdbb2 504945 1d2021",
            (
                "282828 cc241d 98971a d79921 458588 b16286 689d6a a89984"
                " 928374 fb4934 b8bb26 fabd2f 83a598 d3869b 8ec07c ebdbb2"
            ),
        ),
        _scheme(
            "Gruvbox light",
            "fbf1c7 3c3836 3c3836 d5c4a1 ebdbb2",
            (
                "fbf1c7 cc241d 98971a d79921 458588 b16286 689d6a 7c6f64"
                " 928374 9d0006 79740e b57614 076678 8f3f71 427b58 3c3836"
            ),
        ),
    ),
    "one": (
        _scheme(
            "One dark",
            "282c34 abb2bf 528bff 3e4451 21252b",
            (
                "282c34 e06c75 98c379 e5c07b 61afef c678dd 56b6c2 abb2bf"
                " 5c6370 e06c75 98c379 e5c07b 61afef c678dd 56b6c2 ffffff"
            ),
        ),
        _scheme(
            "One light",
            "fafafa 383a42 526fff d3dcf8 eaeaeb",
            (
                "383a42 e45649 50a14f c18401 4078f2 a626a4 0184bc a0a1a7"
                " 4f525e e45649 50a14f c18401 4078f2 a626a4 0184bc fafafa"
            ),
        ),
    ),
}
"""By the setting's word: the dark one and the light one. Sources: ethanschoonover.com/solarized, morhetz/gruvbox,
Atom's One. Where a colour would not be read on its background, the painter moves it."""


def contrast(one: Rgb, other: Rgb) -> float:
    """The WCAG contrast ratio, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def blend(colour: Rgb, over: Rgb, share: float) -> Rgb:
    """`share` of `colour`, the rest `over`."""
    r, g, b = (round(c * share + o * (1 - share)) for c, o in zip(colour, over, strict=True))
    return r, g, b


def readable(colour: Rgb, background: Rgb) -> Rgb:
    """`colour`, moved towards black or white as far as it takes to read it on `background`."""
    target = (255, 255, 255) if _luminance(background) < 0.18 else (0, 0, 0)
    share = 1.0
    while contrast(colour, background) < _READABLE and share > 0:
        share -= 0.1
        colour = blend(colour, target, 0.85)
    return colour


def _luminance(colour: Rgb) -> float:
    r, g, b = ((c / 255 / 12.92) if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _cube() -> list[Rgb]:
    steps = (0, 95, 135, 175, 215, 255)
    return [(r, g, b) for r in steps for g in steps for b in steps]


def _greys() -> list[Rgb]:
    return [(level, level, level) for level in range(8, 239, 10)]
