"""Records of a package go in by the door of deliveries: first tried, then for good."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery.hooks import Called
from exchange.delivery.models import Peer
from exchange.delivery.services import blobs, receiving, reporting
from exchange.packages import layout, sealing
from exchange.packages.enums import TRIAL_RECORDS, State
from exchange.packages.models import Package, Part
from exchange.packages.reading import Reader
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.jobs.work import Work

from . import keeping, noting, receipts
from .noting import COUNTS, Groups


def try_out(package: Package, work: Work) -> None:
    """Take everything in and take it back: what would become of it."""
    if package.state not in {State.TRYING, State.FAILED}:
        return
    work.expect(package.records)
    _begin(package)
    with keeping.reopened(package) as source:
        for stretch in _stretches(package.parts.order_by("number")):
            _note_trial(package, _tried(package.peer, source, stretch))
            work.advance(sum(part.records for part in stretch))
    _end_trial(package)


def _stretches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Deliveries that are tried together, so that they find one another."""
    chosen: list[Part] = []
    for part in parts:
        if chosen and sum(one.records for one in chosen) + part.records > TRIAL_RECORDS:
            yield chosen
            chosen = []
        chosen.append(part)
    if chosen:
        yield chosen


def _tried(
    peer: Peer, source: Reader, parts: list[Part]
) -> list[tuple[Part, Groups, dict[str, Any]]]:
    found = []
    with transaction.atomic():
        for part in parts:
            groups, answer = _delivered(peer, source, part)
            found.append((part, _heads(groups), answer))
        transaction.set_rollback(True)
    return found


def _heads(groups: Groups) -> Groups:
    """Interface and origin only; the records are not kept in memory."""
    return [
        {"interface": one.get("interface"), "origin": one.get("origin")}
        for one in groups
    ]


def _delivered(peer: Peer, source: Reader, part: Part) -> tuple[Groups, dict[str, Any]]:
    """The answer to one delivery, also where it is refused as a whole."""
    groups: Groups = []
    try:
        groups = source.groups(part.name)
        _check_counts(part, groups)
        payload = {
            "batch": str(part.batch),
            "receiver": own_node(),
            "groups": groups,
        }
        return groups, receiving.receive(peer, payload, by_hand=True)
    except DomainError as error:
        return groups, {"batch": str(part.batch), "error": error.as_dict()}


def _check_counts(part: Part, groups: Groups) -> None:
    """The manifest says how much there is, so that nothing is lost unseen."""
    lists = (one.get("records") for one in groups)
    records = sum(len(found) for found in lists if isinstance(found, list))
    if (part.groups, part.records) != (len(groups), records):
        text = _("The delivery does not hold what the manifest says.")
        raise layout.broken(text)


@transaction.atomic
def _note_trial(
    package: Package, answers: list[tuple[Part, Groups, dict[str, Any]]]
) -> None:
    for part, groups, answer in answers:
        noting.note(package, part, groups, answer)
    package.save(update_fields=COUNTS)


@transaction.atomic
def _end_trial(package: Package) -> None:
    keeping.ended(package, State.TRIED)
    audit.record("package.tried", package, by=package.by, data=noting.counts(package))


def take(package: Package, work: Work) -> None:
    """Take the records in, delivery by delivery; goes on behind a break."""
    if package.state not in {State.TAKING, State.FAILED}:
        return
    peer = package.peer
    sealing.check_line(peer)
    work.expect(package.records)
    _begin(package)
    with keeping.reopened(package) as source:
        for part in package.parts.filter(answered_at=None).order_by("number"):
            groups, answer = _delivered(peer, source, part)
            _keep(package, part, groups, answer)
            failed = noting.lost(part, answer)
            work.advance(part.records - failed, failed=failed, checkpoint={})
        _bring_files(peer, source)
    _finish(package)


@transaction.atomic
def _begin(package: Package) -> None:
    """What a trial said is forgotten where nothing was taken yet."""
    if not package.parts.exclude(answered_at=None).exists():
        package.problems.all().delete()
        package.applied = package.unchanged = package.rejected = 0
        package.save(update_fields=COUNTS)


@transaction.atomic
def _keep(package: Package, part: Part, groups: Groups, answer: dict[str, Any]) -> None:
    """Write an answer down, unless another worker did."""
    mine = Part.objects.filter(pk=part.pk, answered_at=None)
    if not mine.update(answer=answer, answered_at=now()):
        return
    noting.note(package, part, groups, answer)
    package.save(update_fields=COUNTS)
    if "results" in answer:
        peer = package.peer
        loads = reporting.taken(groups, answer["results"], 0, peer.created_at)
        reporting.tell(Called(peer, False, True, None, loads))


def _bring_files(peer: Peer, source: Reader) -> None:
    """Files that the records taken just now named are there at once."""
    for part in source.named("blobs"):
        name = part["name"].removeprefix("blobs/")
        if blobs.is_awaited(peer, name):
            blobs.carried(peer, name, source.content(part["name"]))


@transaction.atomic
def _finish(package: Package) -> None:
    keeping.ended(package, State.DONE)
    audit.record("package.taken", package, by=package.by, data=noting.counts(package))
    receipts.write(package)
