"""A run in several processes has all machines in one of them."""

from __future__ import annotations

import os

import pytest

pytestmark = pytest.mark.vm


def test_machines_are_a_group_of_their_own(request: pytest.FixtureRequest) -> None:
    """Two at a time on a small computer make tests wait for minutes, and some see each other's."""
    assert request.node.nodeid.endswith("@vm") == ("PYTEST_XDIST_WORKER" in os.environ)
