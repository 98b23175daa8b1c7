"""Which folders can be shared, and what of them is hidden."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.core.paths import Home
from desktop.core.shares import Share, make_hideable, share_of, unshared


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "project").mkdir()
    (tmp_path / "dotfiles/new/ssh").mkdir(parents=True)
    (tmp_path / "dotfiles/ssh").symlink_to(tmp_path / "dotfiles/new/../new/ssh")
    (tmp_path / ".ssh").symlink_to("dotfiles/ssh")
    (tmp_path / "data/moorage/vms").mkdir(parents=True)
    return tmp_path


def shared(words: str, user: Path) -> Share:
    return share_of(words, Home(user / "data/moorage").machine())


def test_in_the_home_folder_secrets_and_moorage_itself_are_hidden(user: Path) -> None:
    share = shared("~", user)
    assert share.path == str(user)
    assert share.hidden == (user / ".gnupg", user / "data/moorage", user / "dotfiles/new/ssh")
    ways = (".ssh", "data", "dotfiles", "dotfiles/new", "dotfiles/ssh")
    assert share.pinned == tuple(user / way for way in ways)
    make_hideable(share)
    assert (user / ".gnupg").stat().st_mode & 0o777 == 0o700  # else one that is made later could be seen


def test_a_link_to_secrets_elsewhere_cannot_be_replaced_either(
    user: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (user / ".gnupg").symlink_to(tmp_path_factory.mktemp("stick"))
    assert user / ".gnupg" in shared("~", user).pinned
    assert shared("~/dotfiles", user).pinned == (user / "dotfiles/new", user / "dotfiles/ssh")


def test_a_link_to_secrets_that_leads_nowhere_gets_a_folder_to_hide(user: Path) -> None:
    (user / ".gnupg").symlink_to("keys")
    make_hideable(shared("~", user))
    assert (user / "keys").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_a_link_in_a_circle_is_told(user: Path) -> None:
    (user / "here").symlink_to("there")
    (user / "there").symlink_to("here")
    with pytest.raises(SettingsError, match="no such folder"):
        shared("~/here", user)


def test_secrets_that_lead_in_a_circle_are_told(user: Path) -> None:
    (user / ".gnupg").symlink_to(".gnupg")
    with pytest.raises(SettingsError, match="in a circle"):
        shared("~", user)


def test_a_folder_without_secrets_hides_nothing(user: Path) -> None:
    share = shared("~/project/../project/", user)
    assert share == Share(str(user / "project"), user / "project", ())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("project", "whole path"),
        ("/tmp/a\nb", "whole path"),
        ("", "whole path"),
        ("/", "folder of its own"),
        ("/usr/share", "folder of its own"),
        ("/tmp", "folder of its own"),
        ("~/missing", "no such folder"),
        ("~/.ssh", "never shares"),
        ("~/dotfiles/ssh", "never shares"),
        ("~/data/moorage/vms", "never shares"),
    ],
)
def test_what_cannot_be_shared_is_told(user: Path, words: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        shared(words, user)


@pytest.mark.parametrize(
    ("path", "is_unshared"),
    [
        ("/home/u/project", False),
        ("/home/u/project/src", False),
        ("/home/u/projects", True),
        ("/tmp/x", True),
        ("/var/lib/postgresql", True),
        ("/run/x", True),
        ("/", False),
        ("/dev/kvm", False),
        ("/etc/localtime", False),
        ("/run/docker.sock", False),
        ("/var/run/docker.sock", False),
        ("/var/lib/docker/volumes", False),
    ],
)
def test_what_a_container_is_given_is_the_hosts_or_the_guests_own(path: str, is_unshared: bool) -> None:
    assert unshared([path], ["/home/u/project"]) == ((path,) if is_unshared else ())


def test_homes_that_the_root_of_a_namespace_cannot_look_into_change_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, closed = tmp_path / "shared", tmp_path / "closed"
    shared.mkdir()
    (closed / ".ssh").mkdir(parents=True)
    other = pwd.struct_passwd(("other", "x", 1, 1, "", str(closed), ""))
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwall", lambda: [other])
    closed.chmod(0)
    try:
        assert share_of(str(shared), home.machine()).source == shared.resolve()
    finally:
        closed.chmod(0o700)
