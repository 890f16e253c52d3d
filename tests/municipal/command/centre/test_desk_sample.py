"""The sample of the desk fills its pages, and a second run adds nothing."""

from django.urls import reverse

from municipal.command.centre import desk_sample
from municipal.command.centre.emergencies import sample as emergency_sample
from municipal.command.centre.models import (
    Contact,
    DeskDuty,
    Detection,
    Emergency,
    Resource,
    VideoPoint,
)
from municipal.command.centre.video import sample as video_sample
from tests.factories.accounts import UserFactory


def test_the_desk_is_filled_once(client, city, chief, officer, colleague):
    UserFactory(roles=["duty_leader"])
    counted = []
    for _run in range(2):
        desk_sample.load()
        video_sample.load()
        emergency_sample.load()
        models = (Contact, DeskDuty, VideoPoint, Detection, Resource, Emergency)
        counted.append([model.objects.count() for model in models])
    assert counted[0] == counted[1]
    assert all(counted[0])
    client.force_login(chief)
    text = client.get(reverse("centre:desk")).content.decode()
    assert "跟踪香港中路积水点排水情况" in text
    assert "占道经营" in text
    assert "低洼路段积水" in text


def test_without_people_there_is_no_sample(db):
    assert desk_sample.load().startswith("no sample")
    assert video_sample.load().startswith("no sample")
    assert emergency_sample.load().startswith("no sample")
    assert not DeskDuty.objects.exists()
