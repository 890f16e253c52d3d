"""What this platform asks of others."""

from typing import Any
from urllib.parse import quote

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exchange.delivery import network
from exchange.delivery.hooks import Way
from exchange.delivery.models import Peer
from exchange.feeds.enums import LIVE, State
from exchange.feeds.errors import Taken
from exchange.feeds.models import Application
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import Conflict, DomainError, PeerUnavailable
from platform_core.notices import services as notices

from . import changing
from .subscriptions import Wish, people


def way(peer: Peer, interface: str, version: int) -> Way:
    """How an own subscription brings this interface from the peer."""
    mine = Application.objects.filter(peer=peer, interface=interface, version=version)
    found = mine.filter(state=State.ACTIVE).first()
    if found is None or found.over(now()):
        return Way.NONE
    return Way.WHOLE if found.fields is None else Way.REDUCED


def apply(*, peer: Peer, wish: Wish, by: User) -> Application:
    """Apply at a peer; nothing is kept if it says no."""
    try:
        with transaction.atomic():
            row = Application.objects.create(
                peer=peer,
                interface=wish.interface,
                version=wish.version,
                mode=wish.mode,
                divisions=wish.divisions,
                fields=wish.fields,
                purpose=wish.purpose,
                valid_to=wish.until,
            )
            answer = _call(row, "POST", "subscriptions", _body(row), {200, 201})
            row.remote_id = str(answer.get("id") or "")[:64]
            _take_over(row, answer)
            data = {"peer": peer.code, "number": row.remote_id}
            audit.record("exchange.application_sent", row, by=by, data=data)
            return row
    except IntegrityError as error:
        raise Taken(_("This platform has applied for it already.")) from error


def _body(row: Application) -> dict[str, Any]:
    return {
        "interface": row.interface,
        "version": row.version,
        "mode": row.mode,
        "divisions": row.divisions,
        "fields": row.fields,
        "purpose": row.purpose,
        "until": row.valid_to.isoformat() if row.valid_to else None,
    }


def _call(
    row: Application, method: str, path: str, body: Any, good: set[int]
) -> dict[str, Any]:
    if not row.peer.url or not row.peer.speaks:
        raise PeerUnavailable(_("The platform is not connected."))
    answer = network.call(row.peer.url, method, path, body)
    try:
        said = answer.json() if answer.content else {}
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    if answer.status_code not in good:
        reason = said.get("message") or f"{answer.status_code}"
        text = _("%(peer)s answered: %(reason)s") % {
            "peer": row.peer,
            "reason": str(reason)[:200],
        }
        raise DomainError(text, code=str(said.get("code") or "refused"))
    return said


def _take_over(row: Application, said: dict[str, Any]) -> None:
    """The state and terms as the owner sees them."""
    state, fields = said.get("state"), said.get("fields", row.fields)
    if state in State.values:
        row.state = str(state)
    if fields is None or isinstance(fields, list):
        row.fields = fields
    _take_scope(row, said)
    row.reason = str(said.get("reason") or "")[:300]
    row.valid_to = read_moment(said.get("valid_to"))
    row.asked_at = now()
    row.touch()
    row.save()


def _take_scope(row: Application, said: dict[str, Any]) -> None:
    """Divisions, purpose and what is still asked for; more is read from the start."""
    divisions, wanted = said.get("divisions"), said.get("wanted")
    if isinstance(divisions, list) and all(isinstance(one, str) for one in divisions):
        if not changing.narrower(divisions, row.divisions):
            row.cursor = ""
        row.divisions = divisions
    if isinstance(said.get("purpose"), str):
        row.purpose = said["purpose"][:500]
    row.wanted = wanted if isinstance(wanted, dict) else None
    newer = said.get("newer")
    row.newer = newer if type(newer) is int and 0 < newer < 32_768 else 0


def waiting() -> QuerySet[Application]:
    """Own subscriptions whose state may change over there."""
    return Application.objects.filter(state__in=LIVE).exclude(remote_id="")


def refresh(application_id: int) -> Application:
    """Ask how it stands; people hear of a change."""
    row = Application.objects.select_related("peer").get(pk=application_id)
    path = f"subscriptions/{quote(row.remote_id, safe='')}"
    said = _call(row, "GET", path, None, {200})
    before, terms, newer = row.state, changing.present(row), row.newer
    with transaction.atomic():
        rows = Application.objects.select_for_update(of=("self",))
        row = rows.select_related("peer").get(pk=application_id)
        _take_over(row, said)
        if row.state != before or changing.present(row) != terms:
            _announce(row, before)
        if row.newer > newer:
            _tell_newer(row)
    return row


def _tell_newer(row: Application) -> None:
    """The owner has published a later version; this one goes on until it ends."""
    data = {"peer": row.peer.code, "newer": row.newer}
    audit.record("exchange.application_newer", row, data=data)
    notices.notify(
        people("manage_subscription"),
        kind="subscription",
        title=_("%(interface)s is offered in version %(number)s")
        % {"interface": row.interface, "number": row.newer},
        body=f"{row.peer} · {row}",
        link=row.get_absolute_url(),
    )


def _announce(row: Application, before: str) -> None:
    data = {"peer": row.peer.code, "from": before, "to": row.state}
    audit.record("exchange.application_moved", row, data=data)
    notices.notify(
        people("manage_subscription"),
        kind="subscription",
        title=_("An own subscription is now: %(state)s")
        % {"state": row.get_state_display()},
        body=f"{row.peer} · {row} · {row.reason}",
        link=row.get_absolute_url(),
    )


def change(
    *, application: Application, by: Actor, payload: dict[str, Any]
) -> Application:
    """Ask for other terms or a later end; the present ones count until both agree."""
    row = Application.objects.select_related("peer").get(pk=application.pk)
    if row.state not in changing.RUNNING:
        raise Conflict(_("The subscription is no longer in that state."))
    changing.read(payload, row)
    path = f"subscriptions/{quote(row.remote_id, safe='')}"
    said = _call(row, "PUT", path, payload, {200})
    with transaction.atomic():
        rows = Application.objects.select_for_update(of=("self",))
        row = rows.select_related("peer").get(pk=application.pk)
        _take_over(row, said)
        data = {"peer": row.peer.code, "wanted": row.wanted}
        audit.record("exchange.application_change_asked", row, by=by, data=data)
    return row


def cancel(*, application: Application, by: Actor) -> Application:
    """End an own subscription, over there first."""
    row = Application.objects.select_related("peer").get(pk=application.pk)
    if row.state not in LIVE:
        return row
    if row.remote_id:
        path = f"subscriptions/{quote(row.remote_id, safe='')}"
        _call(row, "DELETE", path, None, {200, 204, 404})
    with transaction.atomic():
        row.state = State.CANCELLED
        row.touch()
        row.save(update_fields=["state", "updated_at"])
        data = {"peer": row.peer.code}
        audit.record("exchange.application_cancelled", row, by=by, data=data)
    return row
