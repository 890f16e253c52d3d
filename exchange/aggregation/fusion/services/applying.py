"""Groups of rows become master records; the same groups change nothing."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from exchange.aggregation.fusion.engine.identity import Fate, assign
from exchange.aggregation.fusion.engine.plans import Member as Row
from exchange.aggregation.fusion.engine.plans import Plan
from exchange.aggregation.fusion.engine.run import Fusion
from exchange.aggregation.fusion.engine.surviving import Kept, survive
from exchange.aggregation.fusion.enums import CHUNK, Change, MasterState
from exchange.aggregation.fusion.models import Master, MasterRevision, Member, Run
from platform_core.common.clock import now

from . import explaining

Group = tuple[int, list[Row]]
MASTER = (
    "title",
    "values",
    "picks",
    "search",
    "lon",
    "lat",
    "size",
    "sources",
    "state",
    "revision",
    "merged_into",
    "updated_at",
)
MEMBER = ("master", "previous", "source", "row", "values", "link", "current")


class Writer:
    """Writes the masters of one run, chunk by chunk; each chunk is a transaction.

    Doing it again after a crash finds what was written and goes on from there.
    """

    def __init__(self, run: Run, plan: Plan, hidden: set[str]) -> None:
        self._run, self._plan, self._hidden = run, plan, hidden
        self._moment = now()
        self._place = next((f.code for f in plan.fields if f.kind == "point"), "")
        self._made: dict[int, int] = {}
        self.fate = Fate()

    def plan(self, done: Fusion) -> None:
        """Which group goes on as which master."""
        holders, former = {}, {}
        found = Member.objects.filter(task=self._run.task).values_list(
            "record", "master", "master__state", "previous", "previous__state"
        )
        for record, master, state, before, then in found.iterator(chunk_size=5_000):
            if state == MasterState.CURRENT:
                holders[str(record)] = master
                if before and then != MasterState.CURRENT:
                    former[str(record)] = before
            else:
                former[str(record)] = master
        self.fate = assign(done.outline(), holders, former)

    def write(self, groups: Iterator[Group]) -> Iterator[int]:
        """All groups; how many each chunk had."""
        while chunk := list(islice(groups, CHUNK)):
            self._write(chunk)
            yield len(chunk)

    @transaction.atomic
    def _write(self, chunk: Sequence[Group]) -> None:
        kept = [self.fate.kept[n] for n, _rows in chunk if n in self.fate.kept]
        masters = Master.objects.select_for_update(of=("self",)).in_bulk(kept)
        uids = [UUID(row.uid) for _number, rows in chunk for row in rows]
        members = {
            str(one.record): one
            for one in Member.objects.filter(task=self._run.task, record__in=uids)
        }
        sets, written = self._sets(kept), _Written()
        every = [
            self._master(number, masters.get(self.fate.kept.get(number, 0)), rows, sets)
            for number, rows in chunk
        ]
        Master.objects.bulk_create(one.master for one in every if one.fresh)
        for (number, rows), one in zip(chunk, every, strict=True):
            if one.fresh:
                self._made[number] = one.master.pk
            elif one.other:
                written.masters.append(one.master)
            if one.change is not None:
                made = self._revision(one.master, one.change, rows)
                written.revisions.append(made)
            self._members(one.master, rows, members, written)
        written.save()

    def _sets(self, masters: Sequence[int]) -> dict[int, set[str]]:
        """The records that each master had in its last revision."""
        last = MasterRevision.objects.filter(
            master__in=masters, number=F("master__revision")
        )
        return {key: set(found) for key, found in last.values_list("master", "records")}

    def _master(
        self,
        number: int,
        master: Master | None,
        rows: Sequence[Row],
        sets: Mapping[int, set[str]],
    ) -> "_Settled":
        """The master of a group as it is to be, and what happens to it."""
        facts = self._facts(survive(self._plan, rows), rows)
        if master is None:
            parted = self.fate.parted.get(number)
            master = Master(task=self._run.task, split_from_id=parted, **facts)
            return _Settled(master, Change.SPLIT if parted else Change.MADE, fresh=True)
        before = (master.values, _why(master.picks), sets.get(master.pk, set()))
        after = (facts["values"], _why(facts["picks"]), {row.uid for row in rows})
        revived = master.state != MasterState.CURRENT
        other = any(getattr(master, name) != value for name, value in facts.items())
        for name, value in facts.items():
            setattr(master, name, value)
        if not revived and before == after:
            return _Settled(master, None, other=other)
        master.state, master.merged_into = MasterState.CURRENT, None
        master.revision += 1
        master.updated_at = self._moment
        change = Change.REVIVED if revived else Change.CHANGED
        return _Settled(master, change, other=True)

    def _facts(self, kept: Mapping[str, Kept], rows: Sequence[Row]) -> dict[str, Any]:
        values = {code: one.value for code, one in kept.items()}
        lon, lat = values.get(self._place, (None, None))
        open_ = [v for code, v in values.items() if code not in self._hidden]
        return {
            "title": explaining.title(self._run.version, values, self._hidden),
            "values": values,
            "picks": {
                code: {
                    "source": one.member.source,
                    "row": one.member.row,
                    "record": one.member.uid,
                    "why": one.why,
                }
                for code, one in kept.items()
            },
            "search": " ".join(v for v in open_ if isinstance(v, str)),
            "lon": lon,
            "lat": lat,
            "size": len(rows),
            "sources": len({row.source for row in rows}),
        }

    def _revision(
        self, master: Master, change: Change, rows: Sequence[Row]
    ) -> MasterRevision:
        return MasterRevision(
            master=master,
            number=master.revision,
            change=change,
            values=master.values,
            picks=master.picks,
            records=sorted(row.uid for row in rows),
            run=self._run,
            at=self._moment,
        )

    def _members(
        self,
        master: Master,
        rows: Sequence[Row],
        members: Mapping[str, Member],
        written: "_Written",
    ) -> None:
        for row in rows:
            facts = self._member(row)
            known = members.get(row.uid)
            if known is None:
                made = Member(
                    task=self._run.task, record=UUID(row.uid), master=master, **facts
                )
                written.new.append(made)
                continue
            before = [getattr(known, name) for name in facts]
            moved = known.master_id != master.pk
            if moved:
                known.previous_id, known.master = known.master_id, master
            if moved or before != list(facts.values()):
                for name, value in facts.items():
                    setattr(known, name, value)
                written.members.append(known)

    def _member(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = dict(row.values)
        if row.point is not None:
            values[self._place] = list(row.point)
        link: dict[str, Any] = {}
        if row.link is not None:
            link = {
                "other": row.link.right if row.link.left == row.uid else row.link.left,
                "score": row.link.score,
                "evidence": row.link.evidence,
                "decided": row.link.decided,
                "parts": explaining.parts(self._run.version, row.link),
            }
        return {
            "source": row.source,
            "row": row.row,
            "values": values,
            "link": link,
            "current": True,
        }

    def end(self) -> None:
        """What no group goes on as: merged into another, or without rows."""
        going = {*self.fate.kept.values(), *self._made.values()}
        current = Master.objects.current().filter(task=self._run.task)
        every = list(current.order_by("pk").values_list("pk", flat=True))
        for master in every:
            if master in going:
                continue
            taken = Member.objects.filter(previous=master, current=True).first()
            group = self.fate.absorbed.get(master, 0)
            into = self.fate.kept.get(group) or self._made.get(group)
            into = into or (taken.master_id if taken else None)
            self._close(master, Change.MERGED if into else Change.RETIRED, into)

    @transaction.atomic
    def _close(self, key: int, change: Change, into: int | None = None) -> None:
        rows = Master.objects.select_for_update(of=("self",)).filter(
            pk=key, state=MasterState.CURRENT
        )
        for master in rows:
            master.state, master.merged_into_id = MasterState(change.value), into
            master.revision += 1
            master.updated_at = self._moment
            master.size = master.sources = 0
            master.save()
            self._revision(master, change, []).save()

    @transaction.atomic
    def leave(self, present: set[str]) -> None:
        """Rows that are gone no longer count, while their master goes on."""
        found = Member.objects.filter(task=self._run.task, current=True)
        gone = [
            key
            for key, record in found.values_list("pk", "record")
            if str(record) not in present
        ]
        for start in range(0, len(gone), CHUNK):
            keys = gone[start : start + CHUNK]
            Member.objects.filter(pk__in=keys).update(current=False)


def _why(picks: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Which record gave a value and why; a newer row of the record is no change."""
    return {code: (one["record"], one["why"]) for code, one in picks.items()}


class _Settled(NamedTuple):
    """A master record before it is written."""

    master: Master
    change: Change | None
    fresh: bool = False
    other: bool = False


class _Written:
    """What a chunk changes, written at once."""

    def __init__(self) -> None:
        self.masters: list[Master] = []
        self.members: list[Member] = []
        self.new: list[Member] = []
        self.revisions: list[MasterRevision] = []

    def save(self) -> None:
        """Write it."""
        Master.objects.bulk_update(self.masters, MASTER)
        Member.objects.bulk_create(self.new)
        Member.objects.bulk_update(self.members, MEMBER)
        MasterRevision.objects.bulk_create(self.revisions)
