"""Fixtures that every test may use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from platform_core.common import clock
from platform_core.common.apps import PlatformAppConfig
from platform_core.common.snapshots import Version
from platform_core.tiers import load_tier
from scripts.federation import Federation
from tests.journeys.desk import Desk

TIER_OF_LETTER = {"N": "national", "P": "provincial", "M": "municipal"}
NAMES = {
    "N10000001": "国家城市运行管理服务平台",
    "P37000001": "山东省城市运行管理服务平台",
    "M37020001": "青岛市城市运行管理服务平台",
    "M37080001": "济宁市城市运行管理服务平台",
}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Load the reference data once; tests run on top of it and roll back."""
    with django_db_blocker.unblock():
        load_reference()


def load_reference() -> None:
    """What `setup_node` loads."""
    for config in apps.get_app_configs():
        if isinstance(config, PlatformAppConfig):
            for load in config.loaders("reference"):
                load()


@pytest.fixture(scope="module")
def reference_again(django_db_setup, django_db_blocker) -> Iterator[None]:
    """For modules with real commits, which empty all tables: fill them again."""
    yield
    with django_db_blocker.unblock():
        load_reference()


@pytest.fixture
def noon() -> Iterator[None]:
    """For tests of one day, which do not mean to pass midnight."""
    with clock.at(timezone.localtime().replace(hour=12, minute=0)):
        yield


def free_port_base() -> int:
    """Neighbouring ports that nobody uses."""
    return next(base for base in range(18100, 19000, 20) if not Federation.taken(base))


@pytest.fixture(scope="session")
def federation(tmp_path_factory) -> Iterator[Federation]:
    """The demo's federation as real processes, with its sample data.

    RUNNING_FEDERATION names the folder of one that runs already on the demo's
    usual ports, for people who write journeys.
    """
    if running := os.environ.get("RUNNING_FEDERATION"):
        yield Federation(Path(running), int(os.environ["DEMO_PORT_BASE"]))
        return
    made = Federation(tmp_path_factory.mktemp("federation"), free_port_base())
    try:
        made.start()
        yield made
    finally:
        made.stop()


def clear_cache() -> None:
    """Forget what was cached and which versions this process believes in."""
    cache.clear()
    Version.doubt_all()


@pytest.fixture
def desk(federation: Federation) -> Iterator[Callable[[str, str], Desk]]:
    """Sign somebody in at a node; the connections are closed afterwards."""
    made: list[Desk] = []

    def sign_in(code: str, username: str) -> Desk:
        made.append(Desk(federation, code, username))
        return made[-1]

    yield sign_in
    for each in made:
        each.close()


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No test sees what another one cached, nor speaks its language."""
    clear_cache()
    translation.deactivate()
    yield
    clear_cache()


@pytest.fixture
def as_node(settings) -> Callable[[str], None]:
    """Switch this process to another node of the federation."""

    def switch(code: str) -> None:
        tier = load_tier(TIER_OF_LETTER[code[0]])
        settings.PLATFORM_TIER = tier.code
        settings.NODE_CODE = code
        settings.NODE_NAME = NAMES[code]
        settings.ROOT_URLCONF = tier.urlconf

    return switch


class StrictClient(Client):
    """A test client that fails on a template variable that does not exist."""

    def request(self, **request):
        response = super().request(**request)
        if (
            not response.streaming
            and b"text/html" in response.get("Content-Type", "").encode()
        ):
            mark = django_settings.UNDEFINED_MARK
            text = response.content.decode()
            assert mark not in text, text[max(0, text.find(mark) - 200) :][:400]
        return response


@pytest.fixture
def client() -> Client:
    return StrictClient()
