"""Several nodes in one process: a database of its own for each."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils.dateparse import parse_datetime

from platform_core.common.errors import DomainError
from platform_core.datasets import registry
from platform_core.datasets.models import OutboxEntry
from platform_core.regions.models import Node
from platform_core.tiers import load_tier
from tests.conftest import NAMES, TIER_OF_LETTER, clear_cache
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.regions import NodeFactory

NATION, PROVINCE = "N10000001", "P37000001"
QINGDAO, JINING = "M37020001", "M37080001"
PARENTS = {PROVINCE: NATION, QINGDAO: PROVINCE, JINING: PROVINCE}
INTERFACES = ("supervision.task", "supervision.notice", "supervision.feedback")


def node_settings(code: str) -> override_settings:
    """Settings of a node, taken back at the end of the block."""
    tier = load_tier(TIER_OF_LETTER[code[0]])
    return override_settings(
        PLATFORM_TIER=tier.code,
        NODE_CODE=code,
        NODE_NAME=NAMES[code],
        ROOT_URLCONF=tier.urlconf,
    )


class Federation:
    """Nodes with people; what they publish is carried by `carry`."""

    def __init__(self, codes) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("several databases in one process need SQLite")
        self._home = connections["default"]
        self._home.ensure_connection()
        self._image = self._home.connection.serialize()
        self._databases = {code: self._copy() for code in codes}
        self._offered: dict[str, int] = dict.fromkeys(codes, 0)
        self._ledger: dict[tuple, int] = {}
        self.people: dict[str, SimpleNamespace] = {}
        self.people |= {code: self._populate(code) for code in codes}
        self.waiting: list[tuple[str, registry.IncomingRecord]] = []

    def _copy(self):
        other = self._home.copy()
        other.settings_dict = {**self._home.settings_dict, "NAME": ":memory:"}
        other.connect()
        other.connection.deserialize(self._image)
        return other

    def close(self) -> None:
        for database in self._databases.values():
            database.connection.close()
            database.connection = None

    @contextmanager
    def at(self, code: str) -> Iterator[SimpleNamespace]:
        """Be this node; yields its people."""
        connections["default"] = self._databases[code]
        clear_cache()
        try:
            with node_settings(code):
                yield self.people.get(code)
        finally:
            connections["default"] = self._home
            clear_cache()

    def _populate(self, code: str) -> SimpleNamespace:
        with self.at(code):
            for child, parent in PARENTS.items():
                if code in (child, parent):
                    NodeFactory(code=child)
                    Node.objects.filter(code=child).update(parent_code=parent)
            bureau = OrgUnitFactory(name="城市管理局")
            works = OrgUnitFactory(name="市政处", code="works", parent=bureau)
            desk = "city_liaison" if code.startswith("M") else "bureau_clerk"
            return SimpleNamespace(
                bureau=bureau,
                works=works,
                clerk=UserFactory(roles=[desk], unit=bureau),
                leader=UserFactory(roles=["bureau_leader"], unit=bureau),
                handler=UserFactory(roles=["dept_handler"], unit=works),
            )

    def collect(self) -> None:
        """Take what every node has published since the last time."""
        for code in self._databases:
            with self.at(code):
                rows = OutboxEntry.objects.filter(
                    pk__gt=self._offered[code], interface__in=INTERFACES
                )
                for entry in rows.order_by("pk"):
                    self._offered[code] = entry.pk
                    self.waiting += [
                        (receiver, self._incoming(entry, code))
                        for receiver in entry.recipients
                    ]

    @staticmethod
    def _incoming(entry, code: str) -> registry.IncomingRecord:
        data = json.loads(json.dumps(entry.data))
        assert registry.get(entry.interface).problem(data) is None
        return registry.IncomingRecord(
            interface=entry.interface,
            version=entry.version,
            origin=code,
            uid=entry.uid,
            revision=entry.revision,
            op=entry.op,
            occurred_at=parse_datetime(entry.occurred_at.isoformat()),
            data=data,
            sender=code,
            route=(code,),
        )

    def deliver(self, receiver: str, record: registry.IncomingRecord) -> bool:
        """Apply one record as the exchange would; False: come again later."""
        key = (receiver, record.interface, record.origin, record.uid)
        if self._ledger.get(key, 0) >= record.revision:
            return True
        with self.at(receiver):
            try:
                with transaction.atomic():
                    registry.get(record.interface).apply(record)
            except DomainError as error:
                if error.code != "reference_missing":
                    raise
                return False
        self._ledger[key] = record.revision
        return True

    def carry(self, chance: random.Random | None = None) -> None:
        """Deliver everything; with `chance` shuffled, some of it twice."""
        self.collect()
        while self.waiting:
            if chance:
                chance.shuffle(self.waiting)
            batch, self.waiting = self.waiting, []
            if chance:
                batch += chance.choices(batch, k=len(batch) // 2)
            self.waiting = [item for item in batch if not self.deliver(*item)]
            self.collect()
