"""Telling people."""

from datetime import UTC, datetime

import pytest

from platform_core.common import clock
from platform_core.notices import selectors, templates
from platform_core.notices.enums import Channel
from platform_core.notices.models import MessageTemplate, Notice
from platform_core.notices.services import (
    keep_template,
    mark_read,
    notify,
    version,
)
from tests.factories.accounts import UserFactory
from tests.factories.notices import NoticeFactory

pytestmark = pytest.mark.django_db


def test_each_active_person_is_told_once_in_one_insert(django_assert_num_queries):
    first, second = UserFactory.create_batch(2)
    gone = UserFactory(is_active=False)
    told = [first, second, first, gone]
    moment = datetime(2026, 11, 20, 1, 2, tzinfo=UTC)
    templates.find("case.urged", Channel.APP, "info")  # remembered from now on
    with clock.at(moment), django_assert_num_queries(1):
        assert notify(told, kind="case.urged", title="催办", level="urgent") == 2
    made = Notice.objects.order_by("pk")
    assert [notice.recipient_id for notice in made] == [first.pk, second.pk]
    assert {notice.created_at for notice in made} == {moment}
    assert {notice.level for notice in made} == {"urgent"}


def test_the_words_of_the_administrator_are_each_readers_own():
    readers = UserFactory.create_batch(2)
    template = MessageTemplate(
        kind="case", channel=Channel.APP, title="{name}: {title}"
    )
    keep_template(template=template, by=None)
    assert notify(readers, kind="case", title="立案") == 2
    told = {notice.recipient_id: notice.title for notice in Notice.objects.all()}
    assert told == {one.pk: f"{one.full_name}: 立案" for one in readers}


def test_nobody_to_tell_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert notify([], kind="case.urged", title="催办") == 0


@pytest.mark.parametrize(
    "link", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:x"]
)
def test_links_stay_on_the_platform(link):
    with pytest.raises(ValueError, match="path of this platform"):
        notify([UserFactory()], kind="x", title="x", link=link)


def test_version_changes_with_a_notice_and_with_reading(
    django_capture_on_commit_callbacks,
):
    reader, other = UserFactory.create_batch(2)
    seen = [version(reader.pk)]
    untouched = version(other.pk)
    assert version(reader.pk) == seen[0]
    for change in (
        lambda: notify([reader], kind="x", title="x"),
        lambda: mark_read(by=reader),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            change()
        assert version(reader.pk) not in seen
        seen.append(version(reader.pk))
    with django_capture_on_commit_callbacks(execute=True):
        assert mark_read(by=reader) == 0
    assert version(reader.pk) == seen[-1]
    assert version(other.pk) == untouched


def test_readers_mark_only_their_own():
    reader = UserFactory()
    first, second = NoticeFactory.create_batch(2, recipient=reader)
    foreign = NoticeFactory()
    assert mark_read(by=reader, notices=[first.pk, foreign.pk]) == 1
    assert selectors.unread_count(reader) == 1
    assert mark_read(by=reader) == 1
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert selectors.latest(reader) == [second, first]


def test_bell_counts_no_further_than_it_shows():
    reader = UserFactory()
    NoticeFactory.create_batch(105, recipient=reader)
    assert selectors.unread_count(reader) == 100
