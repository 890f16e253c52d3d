"""Phrases, the knowledge base and what the reception sets up."""

import pytest
from django.urls import reverse

from municipal.command.intake import loaders
from municipal.command.intake.models import Article, Call, Lead, Line, Phrase
from municipal.command.models import CaseSource
from platform_core.audit.models import AuditEntry
from tests.factories import command as factory


@pytest.fixture
def city(db):
    return factory.district()


@pytest.mark.function("CC-19", at=["intake:phrases", "intake:phrases-offered"])
def test_phrases_are_shipped_offered_and_changed(client, city):
    client.force_login(city.acceptor)
    url = reverse("intake:phrases-offered")
    offered = client.get(url, {"kind": "description"}).json()["phrases"]
    assert {"group": "公用设施", "text": "路灯夜间不亮。"} in offered
    client.force_login(city.duty_leader)
    row = Phrase.objects.get(text="路灯夜间不亮。")
    edit = reverse("intake:phrase", args=[row.pk])
    given = {"kind": row.kind, "group": row.group, "text": row.text, "order": 1}
    assert client.post(edit, given).status_code == 302
    offered = client.get(url, {"kind": "description"}).json()["phrases"]
    assert row.text not in {each["text"] for each in offered}
    kept = AuditEntry.objects.get(type="phrase.kept")
    assert kept.data["is_active"] == ["True", "False"]
    client.post(reverse("intake:phrase-remove", args=[row.pk]))
    assert not Phrase.objects.filter(pk=row.pk).exists()


def test_own_phrases_survive_the_next_start(city):
    Phrase.objects.all().delete()
    own = Phrase.objects.create(kind="answer", text="您好")
    assert loaders.load_phrases() == "phrases: kept"
    assert list(Phrase.objects.all()) == [own]


@pytest.mark.function("CC-19", at=["intake:articles", "intake:article"])
def test_articles_are_written_found_and_counted(client, city):
    client.force_login(city.duty_leader)
    given = {"title": "井盖缺失", "keywords": "井盖", "body": "先问清字样。"}
    client.post(reverse("intake:article-add"), given)
    article = Article.objects.get()
    client.force_login(city.acceptor)
    assert client.get(article.get_absolute_url()).status_code == 404
    client.force_login(city.duty_leader)
    edit = reverse("intake:article-edit", args=[article.pk])
    client.post(edit, {**given, "is_published": "on"})
    client.force_login(city.acceptor)
    desk = client.get(reverse("intake:desk"), {"q": "井盖 字样"})
    assert "井盖缺失" in desk.content.decode()
    client.get(article.get_absolute_url())
    client.get(article.get_absolute_url())
    article.refresh_from_db()
    assert article.read_count == 2


def test_a_wrong_setting_is_said_beside_its_field(client, city):
    client.force_login(city.duty_leader)
    url = reverse("intake:line-add")
    answer = client.post(url, {"number": "abc", "name": "x", "source": "04"})
    assert answer.status_code == 422
    assert "number" in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == "x"
    assert not Line.objects.exists()


@pytest.mark.function("CC-13", at="intake:source")
def test_what_a_source_needs_is_a_setting(client, city):
    client.force_login(city.duty_leader)
    client.post(reverse("intake:source", args=["09"]), {"needs_verification": "no"})
    assert CaseSource.objects.get(code="09").needs_verification == "no"
    client.force_login(city.acceptor)
    refused = client.get(reverse("intake:source", args=["09"]))
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "name", ["lines", "seats", "phrases", "articles", "sources", "blocked", "leads"]
)
def test_lists_open_and_can_be_exported(client, city, name):
    client.force_login(city.duty_leader)
    url = reverse(f"intake:{name}")
    assert client.get(url).status_code == 200
    export = client.get(url, {"export": "xlsx"})
    assert b"".join(export.streaming_content)[:2] == b"PK"


def test_the_sample_is_loaded_once(city):
    loaders.load_sample()
    before = (Call.objects.count(), Lead.objects.count())
    assert before == (40, 4)
    loaders.load_sample()
    assert (Call.objects.count(), Lead.objects.count()) == before


def test_sources_are_told_in_words(client, city):
    client.force_login(city.duty_leader)
    page = client.get(reverse("intake:sources")).content.decode()
    assert "现场核实" in page
    assert "物联感知" in page
    assert ">government<" not in page
    assert ">yes<" not in page
