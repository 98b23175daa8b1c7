"""A login at a registry: proven by the engine, kept by docker's own credential helper, and nowhere else."""

from __future__ import annotations

import shutil

import docker
from docker.credentials import Store, StoreError
from docker.errors import DockerException

from desktop.core.errors import EngineError

from .json_values import mapping
from .sdk import Sdk

HUB = "docker.io"
_HUB_NAMES = (HUB, "index.docker.io", "registry-1.docker.io")
_TOKEN_USER = "<token>"
"""What docker writes as the user where the registry gave a token in place of the password."""


def log_in(sdk: Sdk, host: str, user: str, password: str) -> None:
    """Raises EngineError where there is no helper, the registry refuses, or the helper fails; then nothing is kept.

    `host` may be an address, as `docker login` takes it; pulls ask for the login of the bare host.
    """
    host = _host_of(host)
    what = f"There is no login at {host}"
    store = Store(_helper_for(host, what))
    server = docker.auth.INDEX_URL if host == HUB else host
    try:
        response = sdk._post_json(
            sdk._url("/auth"), data={"username": user, "password": password, "serveraddress": server}
        )
        answer = sdk._result(response, True)
    except EngineError as error:
        raise EngineError(what, error.why or error.what) from error
    token = mapping(answer).get("IdentityToken")
    try:
        store.store(server, _TOKEN_USER if token else user, token or password)
    except (StoreError, OSError) as error:
        raise EngineError(what, f"docker's credential helper failed: {error}") from error


def _host_of(address: str) -> str:
    """What is not understood is left to the engine to refuse: without a host it would ask the hub."""
    address = address.strip()
    host = docker.auth.convert_to_hostname(address) or address
    return HUB if host in _HUB_NAMES else host


def _helper_for(host: str, what: str) -> str:
    """The helper that docker's configuration names for a registry, and that is there."""
    next_step = "Moorage keeps no password itself: `credsStore` in docker's configuration names the helper that does"
    try:
        helper = docker.auth.load_config().get_credential_store(host)
    except (DockerException, ValueError, TypeError, AttributeError) as error:
        raise EngineError(what, f"docker's configuration cannot be read: {error}", next_step) from error
    if not isinstance(helper, str) or not helper:
        raise EngineError(what, "docker's configuration names no credential helper", next_step)
    if shutil.which(f"docker-credential-{helper}") is None:
        raise EngineError(what, f"the credential helper {helper} is not installed", next_step)
    return helper
