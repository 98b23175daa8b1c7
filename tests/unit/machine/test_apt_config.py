"""The host's apt configuration is read in both its forms."""

from __future__ import annotations

from pathlib import Path

from desktop.machine.image.apt_config import (
    Entry,
    Settings,
    candidates,
    host_entries,
    parse_deb822,
    parse_settings,
    parse_sources_list,
)

ONE_LINE = """
# deb http://commented.example/debian stable main
deb http://mirror.example/debian/ bookworm main contrib # with a word
deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] https://other.example/apt nodistro main
deb-src http://mirror.example/debian bookworm main
deb http://flat.example/packages ./
\tdeb   http://mirror.example/security   bookworm-security   main
not a line of any kind
"""

DEB822 = """\
Types: deb deb-src
# A comment in the middle
URIs: http://one.example/debian http://two.example/debian
Suites: trixie trixie-updates
Components: main
 contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: trixie
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: trixie
Components: main
"""


def test_one_line_entries() -> None:
    assert parse_sources_list(ONE_LINE) == [
        Entry("http://mirror.example/debian/", "bookworm", ("main", "contrib")),
        Entry("https://other.example/apt", "nodistro", ("main",)),
        Entry("http://flat.example/packages", "./", ()),
        Entry("http://mirror.example/security", "bookworm-security", ("main",)),
    ]


def test_deb822_entries() -> None:
    assert parse_deb822(DEB822) == [
        Entry(f"http://{host}.example/debian", suite, ("main", "contrib"))
        for host in ("one", "two")
        for suite in ("trixie", "trixie-updates")
    ]


def test_candidates_are_in_order_each_once_and_by_archive() -> None:
    entries = parse_sources_list(ONE_LINE) + parse_deb822(DEB822)
    assert candidates(entries) == [
        "http://mirror.example/debian",
        "https://other.example/apt",
        "http://one.example/debian",
        "http://two.example/debian",
    ]
    assert candidates(entries, "security") == ["http://mirror.example/security"]


def test_a_host_has_both_forms_and_lists_of_mirrors(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text("deb http://first.example/debian trixie main\n")
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "mirrors.list").write_text(
        "# ours\nhttps://near.example/debian\tpriority:1\nhttps://far.example/debian\n"
    )
    (parts / "cloud.sources").write_text(
        f"Types: deb\nURIs: mirror+file://{tmp_path}/mirrors.list\nSuites: trixie\nComponents: main\n"
    )
    (parts / "gone.list").write_text("deb mirror+file:/nowhere/mirrors.list trixie main\n")
    (parts / "old.list.save").write_text("deb http://saved.example/debian trixie main\n")
    assert candidates(host_entries(tmp_path)) == [
        "http://first.example/debian",
        "https://near.example/debian",
        "https://far.example/debian",
    ]


def test_a_host_without_apt_has_none(tmp_path: Path) -> None:
    assert host_entries(tmp_path / "etc" / "apt") == []


def test_settings_of_the_transport_come_along() -> None:
    dump = """\
APT::Architecture "amd64";
Acquire::http "";
Acquire::http::Proxy "http://proxy.example:3128/";
Acquire::http::Proxy::direct.example "DIRECT";
Acquire::https::CaInfo "/etc/ssl/own.pem";
Acquire::https::Proxy "DIRECT";
Acquire::Check-Valid-Until "false";
"""
    settings = parse_settings(dump)
    assert settings.proxies() == {"http": "http://proxy.example:3128/"}
    assert ("Acquire::https::CaInfo", "/etc/ssl/own.pem") in settings.transport
    assert ("Acquire::http::Proxy::direct.example", "DIRECT") in settings.transport
    assert settings.tolerates_old_lists
    assert parse_settings('Acquire::Check-Valid-Until "true";\n') == Settings()
