"""Wording by the administrator, and text messages through a gateway."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.urls import reverse

from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.notices import kinds, services, templates, texts
from platform_core.notices.enums import Channel
from platform_core.notices.models import MessageTemplate, Notice, TextMessage
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(settings):
    """A real gateway on this machine; `answers` are the codes it will give."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.taken.append((self.headers["Authorization"], json.loads(body)))
            self.send_response(server.answers.pop(0) if server.answers else 200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.taken, server.answers = [], []
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_TOKEN = "secret"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def admin():
    return UserFactory(roles=("sys_admin",))


@pytest.fixture
def reader():
    return UserFactory(full_name="李雷", phone="13900000000")


def template(admin, **given):
    row = MessageTemplate(**{"kind": "overdue", "channel": Channel.SMS, **given})
    return services.keep_template(template=row, by=admin)


def tell(reader, level="urgent"):
    return services.notify(
        [reader], kind="overdue", title="井盖缺失", body="370202", level=level
    )


def test_messages_follow_the_administrators_words(admin, reader):
    template(admin, channel=Channel.APP, title="【超期】{title}", body="{name}请处理")
    tell(reader)
    notice = Notice.objects.get(recipient=reader)
    assert (notice.title, notice.body) == ("【超期】井盖缺失", "李雷请处理")
    assert AuditEntry.objects.filter(type="template.kept").count() == 1


def test_unknown_braces_stay_and_nothing_is_evaluated():
    text = "{title.__class__} {x} {body}"
    shown = templates.worded(text, title="T", body="{title}", name="N")
    assert shown == "{title.__class__} {x} {title}"


@pytest.mark.function("CC-30", at=["maintenance:messages", "maintenance:texts"])
def test_a_text_message_reaches_the_gateway_once(admin, reader, gateway):
    template(admin, body="{name}：{title}已超期 {platform}")
    tell(reader)
    assert texts.send_due() == 1
    assert texts.send_due() == 0
    ((token, body),) = gateway.taken
    assert token == "Bearer secret"
    assert body["to"] == "13900000000"
    assert body["text"].startswith("李雷：井盖缺失已超期")
    assert TextMessage.objects.get().sent_at is not None


def test_a_failing_gateway_is_tried_again_later_and_given_up(admin, reader, gateway):
    template(admin)
    tell(reader)
    gateway.answers[:] = [500] * texts.MOST_ATTEMPTS
    moment = clock.now()
    for _attempt in range(texts.MOST_ATTEMPTS):
        with clock.at(moment):
            assert texts.send_due() == 0
            assert texts.send_due() == 0
        moment = TextMessage.objects.get().due_at + timedelta(seconds=1)
    message = TextMessage.objects.get()
    assert (message.state, message.problem) == ("failed", "HTTP 500")
    assert len(gateway.taken) == texts.MOST_ATTEMPTS
    assert len({body["id"] for _token, body in gateway.taken}) == 1
    texts.send_again(message=message, by=admin)
    assert texts.send_due() == 1
    with pytest.raises(DomainError):
        texts.send_again(message=message, by=admin)


def test_a_silent_gateway_loses_nothing(admin, reader, settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    template(admin)
    tell(reader)
    assert texts.send_due() == 0
    message = TextMessage.objects.get()
    assert (message.state, message.attempts) == ("waiting", 1)
    assert message.problem


@pytest.mark.parametrize(
    ("level", "phone", "on", "count"),
    [
        ("urgent", "139", True, 1),
        ("info", "139", True, 0),
        ("urgent", "", True, 0),
        ("urgent", "139", False, 0),
    ],
)
def test_who_gets_a_text(admin, gateway, settings, level, phone, on, count):
    if not on:
        settings.SMS_GATEWAY_URL = ""
    template(admin, least_level="warning")
    tell(UserFactory(phone=phone), level)
    assert TextMessage.objects.count() == count
    assert texts.send_due() == count


def test_the_administrator_sets_templates_and_sends_again(client, admin, reader):
    client.force_login(admin)
    url = reverse("maintenance:message-add")
    given = {"kind": "overdue", "channel": "app", "least_level": "info", "body": "x"}
    assert client.post(url, {**given, "kind": "nonsense"}).status_code == 422
    strange = client.post(url, {**given, "title": "{wrong} {title}"})
    assert strange.context["form"].errors["title"] == ["{wrong} 没有可填入的内容。"]
    client.post(url, {**given, "is_active": "on"})
    row = MessageTemplate.objects.get()
    client.post(
        reverse("maintenance:message-edit", args=[row.pk]),
        {**given, "body": "请速办", "is_active": "on"},
    )
    tell(reader)
    assert Notice.objects.get(recipient=reader).body == "请速办"
    told = str(dict(kinds.choices())["overdue"])
    assert told in client.get(reverse("maintenance:messages")).content.decode()
    message = TextMessage.objects.create(
        phone="139", kind="x", text="y", state="failed"
    )
    assert "139" in client.get(reverse("maintenance:texts")).content.decode()
    client.post(reverse("maintenance:text-again", args=[message.pk]))
    message.refresh_from_db()
    assert message.state == "waiting"


@pytest.mark.parametrize("name", ["messages", "message-add", "texts"])
def test_others_do_not_word_messages(client, reader, name):
    client.force_login(reader)
    assert client.get(reverse(f"maintenance:{name}")).status_code == 403
