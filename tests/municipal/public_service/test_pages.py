"""The pages as a citizen and as the staff see them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from municipal.public_service.models import PublicRequest
from tests.factories.accounts import UserFactory

from .conftest import PLACE

GOOD = {
    "problem": "matter:06001",
    "description": "路边有垃圾",
    "address": "香港中路",
    **PLACE,
}


def picture(name: str = "a.jpg") -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), "olive").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


@pytest.mark.django_db
def test_report_with_a_photo_and_follow_it_by_code(client):
    answer = client.post(
        reverse("public_service:report"), {**GOOD, "photos": [picture()]}
    )
    item = PublicRequest.objects.get()
    assert answer.url == reverse("public_service:thanks", args=[item.query_code])
    assert item.query_code in client.get(answer.url).content.decode()
    found = client.post(
        reverse("public_service:home"), {"code": item.query_code.lower()}
    )
    page = client.get(found.url).content.decode()
    assert "我们已收到您的上报" in page
    photo = client.get(page.split('<img src="')[1].split('"')[0])
    assert photo["Content-Type"] == "image/jpeg"
    photo.close()


@pytest.mark.django_db
def test_a_refused_photo_is_named_beside_its_field(client, settings):
    settings.FILE_MAX_PIXELS = 100
    given = {**GOOD, "photos": [picture("far.jpg")]}
    answer = client.post(reverse("public_service:report"), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["photos"] == ["far.jpg: 图片像素过多。"]
    assert not PublicRequest.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"problem": "matter:99999"}, "problem"),
        ({"lon": "116.4", "lat": "39.9"}, "__all__"),
        ({"description": ""}, "description"),
        ({"phone": "call me"}, "phone"),
    ],
)
def test_bad_input_is_named_and_kept(client, change, where):
    answer = client.post(reverse("public_service:report"), {**GOOD, **change})
    assert 400 <= answer.status_code < 500
    assert answer.context["form"].errors[where]
    assert "香港中路" in answer.content.decode()
    assert not PublicRequest.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_not_a_picture_is_refused(client):
    fake = SimpleUploadedFile("a.jpg", b"MZ\x90\x00 not a picture", "image/jpeg")
    answer = client.post(reverse("public_service:report"), {**GOOD, "photos": [fake]})
    assert 400 <= answer.status_code < 500
    assert not PublicRequest.objects.exists()


@pytest.mark.django_db
def test_an_unknown_code_says_so(client):
    answer = client.post(reverse("public_service:home"), {"code": "AAAAAAAAAA"})
    assert answer.status_code == 404
    assert client.get("/public/progress/AAAAAAAAAA/").status_code == 404


def test_the_verdict_is_asked_for_after_closing_only(client, public_request):
    url = reverse("public_service:progress", args=[public_request.query_code])
    assert 'name="satisfaction"' not in client.get(url).content.decode()


@pytest.mark.function("9.1-10", at="public_service:progress")
def test_an_unsatisfied_citizen_says_why(client, closed_request):
    url = reverse("public_service:progress", args=[closed_request.query_code])
    assert 'name="satisfaction"' in client.get(url).content.decode()
    refused = client.post(url, {"satisfaction": "unsatisfied", "comment": ""})
    assert refused.context["form"].errors["comment"]
    assert client.post(
        url, {"satisfaction": "unsatisfied", "comment": "没修好"}
    ).url.endswith(url)
    closed_request.refresh_from_db()
    assert closed_request.comment == "没修好"


def test_the_progress_page_never_shows_who_reported(client, public_request):
    url = reverse("public_service:progress", args=[public_request.query_code])
    page = client.get(url).content.decode()
    assert "13800000000" not in page
    assert "王女士" not in page


def test_too_many_reports_from_one_address(client, public_request, monkeypatch):
    monkeypatch.setattr(
        "municipal.public_service.limits.ReportThrottle.get_rate", lambda self: "1/min"
    )
    assert client.post(reverse("public_service:report"), GOOD).status_code == 302
    assert client.post(reverse("public_service:report"), GOOD).status_code == 429


def test_staff_list_needs_the_right_and_costs_constant_queries(
    client, public_request, django_assert_max_num_queries
):
    url = reverse("public_service:requests")
    assert client.get(url).status_code == 302
    client.force_login(UserFactory(roles=["dept_handler"]))
    assert client.get(url).status_code == 403
    client.force_login(UserFactory(roles=["acceptor"]))
    with django_assert_max_num_queries(14):
        page = client.get(url).content.decode()
    assert public_request.case.number in page


def test_staff_choose_the_days_from_a_calendar(client, public_request):
    client.force_login(UserFactory(roles=["acceptor"]))
    url = reverse("public_service:requests")
    page = client.get(url).content.decode()
    for end in ("after", "before"):
        assert f'<input type="date" name="created_at_{end}"' in page
    far = client.get(url, {"created_at_before": "2000-01-01"}).content.decode()
    assert public_request.case.number not in far
