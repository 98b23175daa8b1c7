"""What the engine of a real machine takes from its host: proxies, certificates that it trusts, and name servers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docker
import pytest

from tests.helpers import tls_answer
from tests.helpers.busybox_image import busybox_tar
from tests.helpers.guest import Guest, wait_for
from tests.helpers.name_servers import name_servers
from tests.helpers.python_image import python_tar, words_of
from tests.helpers.sealed import can_mount, launch_sealed

pytestmark = [pytest.mark.vm, pytest.mark.long]

REGISTRY = "172.17.0.2"  # the first container's address
IMAGE = "registry-of-tests"


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A certificate that nobody else knows; `server.pem` beside it has its key."""
    key, certificate = tmp_path / "key.pem", tmp_path / "authority.pem"
    subject = ("-subj", "/CN=registry of tests", "-addext", f"subjectAltName=IP:{REGISTRY}")
    words = ("-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), "-out", str(certificate))
    subprocess.run(("openssl", "req", "-x509", *words, *subject), check=True, capture_output=True)
    (tmp_path / "server.pem").write_bytes(key.read_bytes() + certificate.read_bytes())
    return certificate


async def test_proxies_and_certificates_of_the_host_are_the_engines(
    own: Guest, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("http_proxy", "http://user:secret@127.0.0.1:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", REGISTRY)
    status = await own.client.start()
    assert any("http://127.0.0.1:3128" in warning and "secret" not in warning for warning in status.warnings)
    engine = docker.DockerClient(base_url=f"unix://{own.files.docker_socket}", timeout=300)
    try:
        info = engine.info()
        assert (info["HttpProxy"], info["HttpsProxy"], info["NoProxy"]) == ("", "http://proxy.invalid:3128", REGISTRY)
        said = _pull(engine, authority.parent / "server.pem")
    finally:
        engine.close()
    assert "nothing is here" in said or "not found" in said
    assert "x509" not in said


def _pull(engine: docker.DockerClient, server: Path) -> str:
    """What the engine says of an image of a registry that it only trusts if it trusts the authority."""
    engine.api.import_image_from_data(python_tar(tls_answer, {"server.pem": server}), repository=IMAGE)
    registry = engine.containers.run(IMAGE, list(words_of(tls_answer)), detach=True)
    assert registry.attrs is not None
    registry.reload()
    assert registry.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"] == REGISTRY
    while b"listens" not in registry.logs():
        registry.reload()
        assert registry.status == "running", registry.logs()
    with pytest.raises(docker.errors.APIError) as refusal:
        engine.images.pull(f"{REGISTRY}/nothing", tag="here")
    return str(refusal.value)


@pytest.mark.skipif(not can_mount(), reason="this system keeps namespaces from ordinary users")
async def test_containers_ask_the_name_servers_that_the_host_has_by_then(own: Guest) -> None:
    resolver = own.files.home.base.parent / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\n")
    launch_sealed(own.files, resolver)
    await own.client.start()
    engine = docker.DockerClient(base_url=f"unix://{own.files.docker_socket}", timeout=300)
    engine.api.import_image_from_data(busybox_tar(), repository=IMAGE)
    asker = engine.containers.run(IMAGE, ["sleep", "3600"], detach=True)

    def found(address: str) -> bool:
        return f"Address: {address}\n" in asker.exec_run(["nslookup", "a.example"]).output.decode()

    with name_servers(await own.supervisor_pid()):
        await wait_for(lambda: found("192.0.2.1"))
        resolver.write_text("nameserver 127.0.0.2\n")
        await wait_for(lambda: found("192.0.2.2"))
        await own.client.suspend()
        resolver.write_text("nameserver 127.0.0.3\n")
        await own.client.start()
        await wait_for(lambda: found("192.0.2.3"))
    engine.close()
