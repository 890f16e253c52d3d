"""The bell, the list and the API."""

import pytest
from django.urls import reverse

from platform_core.notices.services import notify
from tests.factories.accounts import UserFactory
from tests.factories.notices import NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return UserFactory()


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader)
    return client


def test_bell_answers_304_without_a_query(
    signed_in, reader, django_assert_num_queries, django_capture_on_commit_callbacks
):
    NoticeFactory(recipient=reader, title="案卷已派遣")
    first = signed_in.get(reverse("notices:bell"))
    assert "案卷已派遣" in first.content.decode()
    held = {"If-None-Match": first["ETag"]}
    with django_assert_num_queries(0):
        assert signed_in.get(reverse("notices:bell"), headers=held).status_code == 304
    with django_capture_on_commit_callbacks(execute=True):
        notify([reader], kind="case.urged", title="新催办", link="/command/")
    again = signed_in.get(reverse("notices:bell"), headers=held)
    assert again.status_code == 200
    assert "新催办" in again.content.decode()


def test_bell_of_another_reader_is_another_one(signed_in, client):
    etag = signed_in.get(reverse("notices:bell"))["ETag"]
    client.force_login(UserFactory())
    held = {"If-None-Match": etag}
    assert client.get(reverse("notices:bell"), headers=held).status_code == 200


def test_bell_after_sign_out_is_refused(signed_in):
    etag = signed_in.get(reverse("notices:bell"))["ETag"]
    signed_in.logout()
    response = signed_in.get(
        reverse("notices:bell"), headers={"If-None-Match": etag, "X-Poll": "1"}
    )
    assert response.status_code == 401


def test_list_shows_own_messages_with_filters(signed_in, reader):
    NoticeFactory(recipient=reader, title="甲", level="urgent")
    NoticeFactory(recipient=reader, title="乙", body="说明")
    NoticeFactory(title="别人的")
    url = reverse("notices:list")
    everything = signed_in.get(url).content.decode()
    assert "甲" in everything
    assert "说明" in everything
    assert "别人的" not in everything
    urgent = signed_in.get(url, {"level": "urgent"})
    assert [n.title for n in urgent.context["page_obj"]] == ["甲"]
    signed_in.get(reverse("notices:open", args=[pk_of(reader, "甲")]))
    unread = signed_in.get(url, {"show": "unread"})
    assert [n.title for n in unread.context["page_obj"]] == ["乙"]


def pk_of(reader, title: str) -> int:
    return reader.notices.get(title=title).pk


def test_list_takes_the_same_number_of_queries_however_long(
    signed_in, reader, django_assert_max_num_queries
):
    NoticeFactory.create_batch(40, recipient=reader)
    with django_assert_max_num_queries(12) as few:
        signed_in.get(reverse("notices:list"))
    NoticeFactory.create_batch(100, recipient=reader)
    with django_assert_max_num_queries(len(few.captured_queries)):
        signed_in.get(reverse("notices:list"))


def test_opening_marks_as_read_and_goes_there(signed_in, reader):
    notice = NoticeFactory(recipient=reader, link="/command/7/")
    response = signed_in.get(reverse("notices:open", args=[notice.pk]))
    assert (response.status_code, response["Location"]) == (302, "/command/7/")
    notice.refresh_from_db()
    assert notice.read_at is not None
    foreign = NoticeFactory(link="/command/8/")
    assert signed_in.get(reverse("notices:open", args=[foreign.pk])).status_code == 404
    plain = NoticeFactory(recipient=reader)
    there = signed_in.get(reverse("notices:open", args=[plain.pk]))["Location"]
    assert there == reverse("notices:list")


def test_all_are_marked_as_read(signed_in, reader):
    NoticeFactory.create_batch(3, recipient=reader)
    signed_in.post(reverse("notices:read-all"))
    assert not reader.notices.unread().exists()


def test_api_lists_and_marks_own_notices(signed_in, reader):
    first, second = NoticeFactory.create_batch(2, recipient=reader)
    foreign = NoticeFactory()
    listed = signed_in.get("/api/v1/notices").json()["results"]
    assert [row["id"] for row in listed] == [second.pk, first.pk]
    read = f"/api/v1/notices/{first.pk}/read"
    assert signed_in.post(read).json() == {"marked": 1}
    assert signed_in.post(read).json() == {"marked": 0}
    assert signed_in.post(f"/api/v1/notices/{foreign.pk}/read").status_code == 404
    unread = signed_in.get("/api/v1/notices?unread=true").json()["results"]
    assert [row["id"] for row in unread] == [second.pk]
    assert signed_in.post("/api/v1/notices/read").json() == {"marked": 1}


@pytest.mark.parametrize("name", ["notices:list", "notices:bell"])
def test_strangers_are_sent_to_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 302
    assert client.get("/api/v1/notices").status_code in {401, 403}
