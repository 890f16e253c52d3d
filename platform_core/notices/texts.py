"""Text messages: kept with what they tell, sent by a worker, tried again."""

import logging
from collections.abc import Iterable
from datetime import timedelta

import httpx
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from . import templates
from .enums import Channel, TextState
from .models import TextMessage

log = logging.getLogger(__name__)
BATCH = 100
MOST_ATTEMPTS = 8
TIMEOUT = 10.0


def is_on() -> bool:
    """Whether this platform has a gateway for text messages."""
    return bool(settings.SMS_GATEWAY_URL)


def keep(
    readers: Iterable[User], *, kind: str, level: str, title: str, body: str
) -> int:
    """Queue a text for everybody with a phone, if messages of the kind go that way."""
    template = templates.find(kind, Channel.SMS, level) if is_on() else None
    if template is None:
        return 0
    wording = template.body or "{title}"
    made = [
        TextMessage(
            recipient=user,
            phone=user.phone,
            kind=kind,
            text=templates.worded(wording, title=title, body=body, name=user.full_name)[
                :500
            ],
        )
        for user in readers
        if user.phone
    ]
    TextMessage.objects.bulk_create(made)
    return len(made)


def send_due() -> int:
    """Send what is due; how many went out."""
    if not is_on():
        return 0
    due = TextMessage.objects.filter(state=TextState.WAITING, due_at__lte=now())
    keys = list(due.order_by("due_at").values_list("pk", flat=True)[:BATCH])
    with httpx.Client(timeout=TIMEOUT) as client:
        return sum(_send(key, client) for key in keys)


@transaction.atomic
def _send(key: int, client: httpx.Client) -> bool:
    """Hand one message to the gateway; its uid lets the gateway drop a second one."""
    waiting = TextMessage.objects.select_for_update(skip_locked=True)
    message = waiting.filter(pk=key, state=TextState.WAITING).first()
    if message is None:
        return False
    message.attempts += 1
    problem = _hand_over(message, client)
    if not problem:
        message.state, message.sent_at, message.problem = TextState.SENT, now(), ""
    else:
        message.problem = problem[:300]
        message.due_at = now() + timedelta(seconds=15 * 2**message.attempts)
        if message.attempts >= MOST_ATTEMPTS:
            message.state = TextState.FAILED
    message.save()
    return not problem


def _hand_over(message: TextMessage, client: httpx.Client) -> str:
    """What went wrong, or nothing."""
    body = {"id": str(message.uid), "to": message.phone, "text": message.text}
    headers = {"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}
    try:
        answer = client.post(settings.SMS_GATEWAY_URL, json=body, headers=headers)
    except httpx.HTTPError as error:
        log.warning("text message not sent", extra={"problem": str(error)})
        return str(error) or type(error).__name__
    return "" if answer.is_success else f"HTTP {answer.status_code}"


@transaction.atomic
def send_again(*, message: TextMessage, by: audit.Actor) -> TextMessage:
    """Try a failed message anew."""
    message = TextMessage.objects.select_for_update().get(pk=message.pk)
    if message.state != TextState.FAILED:
        raise DomainError(_("Only a failed message can be sent again."))
    message.state, message.attempts = TextState.WAITING, 0
    message.due_at = now()
    message.save()
    audit.record("text.again", message, by=by)
    return message
