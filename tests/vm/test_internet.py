"""What the engine of a real machine takes from its host: proxies, and certificates that it trusts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docker
import pytest

from tests.helpers import tls_answer
from tests.helpers.guest import Guest
from tests.helpers.python_image import python_tar, words_of

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
