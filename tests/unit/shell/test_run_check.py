"""What is typed to run a container: the line that does the same, and a word for what the engine would refuse."""

from __future__ import annotations

import shlex

import pytest

from desktop.core.engine import Container, Image, Port
from desktop.shell.run_check import Checked, Known, check

FIELDS = ("image", "name", "ports", "volumes", "environment", "network", "restart", "cpus", "memory", "command", "tty")
PUBLISHED = (Port(80, "tcp", "0.0.0.0", 8080), Port(80, "tcp", "::", 8080), Port(53, "udp", "127.0.0.1", 5353))
KNOWN = Known(
    (Container(id="c", name="web", image="nginx:1", ports=PUBLISHED),),
    (Image(id="sha256:0123456789abcdef", tags=("nginx:1", "team/app:latest")),),
    ("/home/me",),
    2,
)


def checked(**typed: str) -> Checked:
    return check(dict.fromkeys(FIELDS, "") | {"image": "nginx:1"} | typed, KNOWN)


def test_an_image_is_enough() -> None:
    assert checked().line == "docker run -d nginx:1" and checked().right
    assert checked(image="").line == "" and not checked(image="").right
    assert not checked(image="").problems  # nothing is wrong yet


def test_all_fields_in_one_line() -> None:
    made = checked(
        name="a.b", ports="\n80\n127.0.0.1:81:81\n[::1]:82:82/udp\n127.0.0.1::83/TCP\n", network="front",
        volumes="data:/data\n/home/me/a b:/srv:ro\n/own\n/var/run/docker.sock:/var/run/docker.sock",
        environment="# of a file\nA=it's\n\n  B=\nC=x=y", restart="on-failure", cpus=".5", memory="1.5g",
        command="sh -c 'echo \"a b\"'", tty="yes",
    )  # fmt: skip
    assert made.problems == {}
    assert shlex.split(made.line) == [
        "docker", "run", "-dit", "--restart", "on-failure", "--name", "a.b",
        "-p", "80", "-p", "127.0.0.1:81:81", "-p", "[::1]:82:82/udp", "-p", "127.0.0.1::83",
        "-v", "/own", "-v", "data:/data", "-v", "/home/me/a b:/srv:ro",
        "-v", "/var/run/docker.sock:/var/run/docker.sock", "-e", "A=it's", "-e", "B=", "-e", "C=x=y",
        "--network", "front", "--memory", "1536m", "--cpus", "0.5", "nginx:1", "sh", "-c", 'echo "a b"',
    ]  # fmt: skip
    assert set(made.body["ExposedPorts"]) == {"80/tcp", "81/tcp", "82/udp", "83/tcp"}  # dockerd publishes no other


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("image", "Nginx", "written like"), ("image", "a b", "written like"), ("image", "-x", "written like"),
        ("name", "x", "two or more"), ("name", "-x", "begin"), ("name", "web", "already"),
        ("ports", "http:80", "8080:80"), ("ports", "1-9:1-9", "8080:80"), ("ports", "80:", "8080:80"),
        ("ports", "70000:80", "65535"), ("ports", "80:0", "65535"), ("ports", "80:80/icmp", "tcp, udp"),
        ("ports", "300.0.0.1:80:80", "no address"), ("ports", "::1:80:80", "8080:80"),
        ("ports", "[1.2.3.4]:80:80", "no address"),
        ("ports", "90:1\n127.0.0.1:90:2", "twice"), ("ports", "8080:1", "web has port 8080"),
        ("ports", "127.0.0.1:8080:1", "web has"), ("ports", "[::1]:8080:1", "web has"),
        ("ports", "5353:1/udp", "web has"),
        ("volumes", "./x:/data", "whole path"), ("volumes", "~/x:/data", "whole path"),
        ("volumes", "a/b:/data", "whole path"),
        ("volumes", "/etc2:/data", "shared"), ("volumes", "/home/me/../you:/data", "shared"),
        ("volumes", "a:data", "folder in the container"), ("volumes", "data", "folder in the container"),
        ("volumes", "/home/me:rw", "folder in the container"),
        ("volumes", "ab:/", "folder in the container"), ("volumes", "ab:/x/..", "folder in the container"),
        ("volumes", "ab:/x:wo", "way to mount"), ("volumes", "ab:/x\ncd:/x/", "twice"),
        ("volumes", "ab:", "name:/place"),
        ("volumes", "a b:/x", "name of a volume"), ("volumes", "a:/x:ro:rw", "name:/place"),
        ("environment", "A", "NAME=value"), ("environment", "=1", "NAME=value"), ("environment", "A=1\nA=2", "twice"),
        ("cpus", "0", "0.01 to 2"), ("cpus", "3", "0.01 to 2"), ("cpus", "1,5", "0.01 to 2"),
        ("memory", "5", "6m"), ("memory", "lots", "512m"), ("memory", "-1g", "512m"), ("memory", "9" * 30 + "t", "6m"),
        ("memory", "9" * 400, "512m"), ("cpus", "9" * 400, "0.01 to 2"), ("ports", "9" * 5000 + ":80", "8080:80"),
        ("command", "sh -c 'x", "quotation"),
    ],
)  # fmt: skip
def test_nonsense_has_a_word_and_is_not_in_the_line(field: str, text: str, word: str) -> None:
    made = checked(**{field: text})
    assert word in made.problems.pop(field) and made.problems == {}
    assert made.line == ("" if field == "image" else checked().line)


@pytest.mark.parametrize(
    "ports",
    ["8080:1/udp", "5353:1", "127.0.0.2:5353:1/udp", "[::1]:5353:1/udp", "9:1\n9:1/udp", "[::1]:9:1\n127.0.0.1:9:1"],
)
def test_ports_that_are_in_nobodys_way(ports: str) -> None:
    assert checked(ports=ports).problems == {}


def test_nothing_is_published_without_a_network_of_its_own() -> None:
    assert "host" in checked(ports="90:80", network="host").problems["ports"]
    assert checked(network="host").problems == {}


@pytest.mark.parametrize("memory", ["6m", "512M", "512mb", "1 GiB", "6291456", "6291456b"])
def test_memory_as_docker_reads_it(memory: str) -> None:
    assert checked(memory=memory).problems == {}


@pytest.mark.parametrize(
    "image", ["nginx:1", "docker.io/library/nginx:1", "team/app", "0123456789ab", "sha256:0123456789abcdef"]
)
def test_images_that_are_here(image: str) -> None:
    assert KNOWN.has_image(image) and checked(image=image).right


@pytest.mark.parametrize("image", ["nginx", "0123", "app", "nginx:1@sha256:" + "0" * 64, "localhost:5000/nginx:1"])
def test_images_that_are_pulled_first(image: str) -> None:
    assert not KNOWN.has_image(image) and checked(image=image).right
