"""A mirror is looked at before it is used, and what is wrong with it is said."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine.image import mirror, recipe

NAMES = ("base", "updates", "security", "engine")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Serves tmp_path/site."""
    (tmp_path / "site").mkdir()
    handler = partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def serve(folder: Path, suite: str, age_days: float = 0, origin: str = "Debian") -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(days=7 - age_days)).replace("+0000", "UTC")
    head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n"
    release = f"{head}\nOrigin: {origin}\nCodename: {suite}\nValid-Until: {until}\n"
    (folder / "dists" / suite).mkdir(parents=True)
    (folder / "dists" / suite / "InRelease").write_text(release)


def serve_all(folder: Path, age_days: float = 0) -> None:
    for suite in recipe.load(architecture="amd64").suites.values():
        if suite.archive == "main":
            serve(folder, suite.name, age_days)


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> recipe.Recipe:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return recipe.load(architecture="amd64")


async def test_a_mirror_that_has_every_suite_will_do(site: str, tmp_path: Path, plan: recipe.Recipe) -> None:
    serve_all(tmp_path / "site" / "debian")
    assert await mirror.check_mirror(f"{site}/debian/", plan) == ""
    sources = await mirror.choose_sources(plan, NAMES, f"{site}/debian/")
    assert [source.uri for source in sources] == [f"{site}/debian"] * 3
    assert all("signed-by=" in source.line() for source in sources)


async def test_security_updates_are_taken_where_they_lie_beside(site: str, tmp_path: Path, plan: recipe.Recipe) -> None:
    serve_all(tmp_path / "site" / "debian")
    serve(tmp_path / "site" / "debian-security", plan.suites["security"].name)
    sources = await mirror.choose_sources(plan, NAMES, f"{site}/debian")
    assert [source.uri for source in sources if source.suite.endswith("-security")] == [f"{site}/debian-security"]


async def test_the_date_is_let_pass_only_where_it_must_be(site: str, tmp_path: Path, plan: recipe.Recipe) -> None:
    serve_all(tmp_path / "site" / "debian")
    fresh = await mirror.choose_sources(plan, ("engine",), f"{site}/debian")
    assert fresh[0].check_valid_until and "check-valid-until" not in fresh[0].line()
    serve_all(tmp_path / "site" / "old", age_days=30)
    old = await mirror.choose_sources(plan, ("engine",), f"{site}/old")
    assert not old[0].check_valid_until and "check-valid-until=no" in old[0].line()


@pytest.mark.parametrize("problem", ["missing", "another's", "silent", "scheme"])
async def test_a_bad_mirror_has_words(site: str, tmp_path: Path, plan: recipe.Recipe, problem: str) -> None:
    serve(tmp_path / "site" / "other", plan.suites["base"].name, origin="Somebody")
    uri, words = {
        "missing": (f"{site}/nothing", f"it has no {plan.suites['base'].name} \\(404"),
        "another's": (f"{site}/other", "is not Debian's"),
        "silent": ("http://127.0.0.1:1/debian", "it does not answer"),
        "scheme": ("ftp://mirror.example/debian", "only http, https and file"),
    }[problem]
    with pytest.raises(ImageError, match=words) as caught:
        await mirror.choose_sources(plan, NAMES, uri)
    assert uri in caught.value.why and "--mirror" in caught.value.next_step
    assert await mirror.check_mirror(uri, plan)


async def test_a_folder_on_this_host_can_be_a_mirror(tmp_path: Path, plan: recipe.Recipe) -> None:
    serve_all(tmp_path / "debian")
    assert await mirror.check_mirror((tmp_path / "debian").as_uri(), plan) == ""
