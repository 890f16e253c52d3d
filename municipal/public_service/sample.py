"""Sample requests: the sample cases that citizens reported, some with a verdict."""

import random
from datetime import timedelta
from typing import Any

from municipal.command import selectors as command
from municipal.command.enums import CLOSED
from platform_core.common import clock
from platform_core.systems.monitoring import services as monitoring

from . import services
from .enums import Channel, Satisfaction
from .models import PublicRequest

RATED = 0.95
COMMENTS = {
    Satisfaction.VERY_SATISFIED: "处理得很快，点赞！",
    Satisfaction.SATISFIED: "问题解决了，谢谢。",
    Satisfaction.BASIC: "基本解决，希望再快一些。",
    Satisfaction.UNSATISFIED: "修好两天又坏了，希望彻底处理。",
}
WEIGHTS = (45, 38, 12, 5)


def load() -> str:
    """Give every case that came from the web page or the app its request."""
    cases = command.from_sources(Channel.values)
    chance = random.Random(20260)  # noqa: S311 - sample data
    made = [_request(case) for case in cases.filter(public_request=None)]
    for request in made:
        if request.case.state in CLOSED and chance.random() < RATED:
            _rate(request, chance)
    return f"{len(made)} sample requests"


def _request(case: Any) -> PublicRequest:
    with clock.at(case.reported_at):
        monitoring.count("requests.received", case.division_code, day=clock.today())
        return PublicRequest.objects.create(
            query_code=services.new_query_code(), case=case, channel=case.source_id
        )


def _rate(request: PublicRequest, chance: random.Random) -> None:
    verdict = chance.choices(list(COMMENTS), WEIGHTS)[0]
    closed = request.case.closed_at or clock.now()
    answered = closed + timedelta(minutes=chance.randrange(20, 900))
    with clock.at(min(answered, clock.now())):
        services.rate_request(
            request=request, satisfaction=verdict, comment=COMMENTS[verdict]
        )
