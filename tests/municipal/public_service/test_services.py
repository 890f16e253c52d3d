"""Taking requests and verdicts."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from municipal.command.enums import State
from municipal.command.models import Case
from municipal.command.performance.models import StepFlags
from municipal.command.services import report_case
from municipal.public_service import sample, services
from municipal.public_service.enums import Channel, Satisfaction
from municipal.public_service.models import PublicRequest
from platform_core.audit.models import AuditEntry
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.notices.models import Notice
from platform_core.systems.monitoring.models import IndicatorDelta
from tests.factories.accounts import UserFactory
from tests.factories.command import district, lead


def deltas(indicator: str) -> int:
    found = IndicatorDelta.objects.filter(measure=indicator)
    return sum(found.values_list("amount", flat=True))


def test_a_request_opens_a_case_with_the_citizens_source(public_request):
    case = public_request.case
    assert case.source_id == Channel.PAGE
    assert case.state == "pending_accept"
    assert case.contact == "13800000000"
    assert deltas("requests.received") == 1


def test_query_codes_are_long_and_easy_to_read():
    codes = {services.new_query_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 10 for code in codes)
    assert not set("".join(codes)) & set("01IOL")


def test_a_place_outside_the_city_leaves_nothing_behind(db):
    with pytest.raises(DomainError) as caught:
        services.submit_request(
            channel=Channel.APP,
            class_kind="matter",
            class_code="06001",
            description="x",
            lon=116.4,
            lat=39.9,
        )
    assert "position" in caught.value.fields
    assert not PublicRequest.objects.exists()
    assert not Case.objects.exists()


def test_a_verdict_needs_a_closed_case(public_request):
    with pytest.raises(Conflict):
        services.rate_request(
            request=public_request, satisfaction=Satisfaction.SATISFIED
        )


def test_a_good_verdict_counts_once(closed_request):
    services.rate_request(request=closed_request, satisfaction=Satisfaction.SATISFIED)
    assert deltas("requests.satisfied") == 1
    with pytest.raises(Conflict):
        services.rate_request(
            request=closed_request, satisfaction=Satisfaction.VERY_SATISFIED
        )
    assert deltas("requests.satisfied") == 1


@pytest.mark.parametrize(
    ("satisfaction", "flag"),
    [
        (Satisfaction.VERY_SATISFIED, "very_satisfied"),
        (Satisfaction.BASIC, "satisfied"),
        (Satisfaction.UNSATISFIED, "unsatisfied"),
    ],
)
def test_a_verdict_counts_as_a_return_visit(closed_request, satisfaction, flag):
    services.rate_request(request=closed_request, satisfaction=satisfaction)
    row = StepFlags.objects.get(row="visit")
    assert set(row.codes) == {"returned_visit_num", flag}
    assert row.case == closed_request.case


def test_a_bad_verdict_tells_the_acceptors(closed_request):
    acceptor = UserFactory(roles=["acceptor"])
    services.rate_request(
        request=closed_request,
        satisfaction=Satisfaction.UNSATISFIED,
        comment="还是很脏",
    )
    notice = Notice.objects.get(recipient=acceptor)
    assert notice.body == "还是很脏"
    assert str(closed_request.case.uid) in notice.link
    assert deltas("requests.satisfied") == 0


def test_a_verdict_without_its_moment_is_refused_by_the_database(public_request):
    rows = PublicRequest.objects.filter(pk=public_request.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(satisfaction=Satisfaction.SATISFIED)


def test_sample_requests_belong_to_the_cases_of_citizens(db):
    """Each case of the page or the app has one; a second run adds nothing."""
    kinds = {Channel.PAGE: 12, Channel.APP: 8}
    for channel, count in kinds.items():
        for _number in range(count):
            report_case(
                source=channel.value,
                class_kind="matter",
                class_code="06001",
                description="路边有垃圾",
                lon=120.3826,
                lat=36.0671,
            )
    Case.objects.update(state=State.CLOSED, stage=6, closed_at=now())
    assert sample.load() == "20 sample requests"
    assert sample.load() == "0 sample requests"
    for channel, count in kinds.items():
        made = PublicRequest.objects.filter(channel=channel)
        assert made.count() == count
        assert set(made.values_list("case__source", flat=True)) == {channel.value}
    rated = PublicRequest.objects.exclude(satisfaction="").count()
    assert 0 < rated < 20


def closed(city, source="03"):
    case = lead(city, "closed", source=source, contact="13800000000")
    return Case.objects.select_related("source").get(pk=case.pk)


@pytest.mark.function("9.1-10", at="public_service:visit")
def test_an_operator_asks_on_the_phone_once(client, db):
    city = district()
    case = closed(city)
    client.force_login(city.acceptor)
    page = client.get(case.get_absolute_url()).content.decode()
    url = reverse("public_service:visit", args=[case.uid])
    assert url in page
    bad = {"satisfaction": "unsatisfied", "comment": ""}
    assert client.post(url, bad).status_code == 422
    given = {"satisfaction": "unsatisfied", "comment": "又堆上了"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code in {409, 422}
    flags = StepFlags.objects.filter(case=case, row="visit")
    assert flags.count() == 1
    page = client.get(case.get_absolute_url()).content.decode()
    assert "又堆上了" in page
    assert url not in page
    assert city.acceptor.notices.filter(body="又堆上了").exists()
    assert AuditEntry.objects.filter(type="request.visited").count() == 1


def test_what_was_asked_on_the_phone_is_not_asked_on_the_page(client, closed_request):
    operator = UserFactory(roles=["acceptor"])
    services.record_visit(
        case=closed_request.case, by=operator, satisfaction=Satisfaction.BASIC
    )
    closed_request.refresh_from_db()
    assert (closed_request.satisfaction, closed_request.rated_by) == ("basic", operator)
    with pytest.raises(Conflict):
        services.rate_request(
            request=closed_request, satisfaction=Satisfaction.SATISFIED
        )
    with pytest.raises(Conflict):
        services.record_visit(
            case=closed_request.case, by=operator, satisfaction=Satisfaction.BASIC
        )


def test_nobody_is_asked_about_open_cases_or_those_of_inspectors(db):
    city = district()
    for case in (lead(city, "handling", source="03"), closed(city, "01")):
        with pytest.raises(Forbidden):
            services.record_visit(
                case=case, by=city.acceptor, satisfaction=Satisfaction.BASIC
            )
    with pytest.raises(Forbidden):
        services.record_visit(
            case=closed(city), by=city.dispatcher, satisfaction=Satisfaction.BASIC
        )


@pytest.mark.function("9.1-10", at="public_service:visits")
def test_the_list_of_return_visits(client, db):
    city = district()
    waiting, asked, own = closed(city), closed(city), closed(city, "01")
    services.record_visit(
        case=asked, by=city.acceptor, satisfaction=Satisfaction.SATISFIED, comment="好"
    )
    client.force_login(city.duty_leader)
    url = reverse("public_service:visits")
    rows = {
        given: client.get(url, {"asked": given}).content.decode()
        for given in ("", "no", "yes")
    }
    assert own.number not in rows[""]
    assert waiting.number in rows["no"]
    assert asked.number not in rows["no"]
    assert asked.number in rows["yes"]
    assert "满意" in rows["yes"]
    client.force_login(city.dept_handler)
    assert client.get(url).status_code == 403
