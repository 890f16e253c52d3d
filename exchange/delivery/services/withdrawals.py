"""Withdrawals that say only which record they mean; its row is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from platform_core.datasets.registry import Dataset, IncomingRecord, Outcome


def is_bare(record: Mapping[str, Any]) -> bool:
    """Does a record withdraw another revision without repeating its data?"""
    return record["op"] == "withdraw" and record["data"] in ({}, None)


def apply(dataset: Dataset, incoming: IncomingRecord) -> Outcome | None:
    """Apply a record; a bare withdrawal with the data that is here.

    Where nothing is here yet, only the ledger notes that nothing is to come.
    """
    if incoming.data or not incoming.withdrawn:
        return dataset.apply(incoming)
    rows = dataset.model._default_manager.filter(
        uid=incoming.uid, origin=incoming.origin
    )
    held = (dataset.data(row) for row in rows.order_by("-revision"))
    data = next((one for one in held if dataset.problem(one) is None), None)
    if data is None:
        return Outcome.APPLIED
    return dataset.apply(replace(incoming, data=data, text=b""))
