"""Reference and sample data of the reception."""

import csv
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from municipal.command.models import CaseSource
from platform_core.accounts.selectors import users_with_role
from platform_core.common import clock

from .enums import CallState, Outcome
from .models import Article, Call, Lead, Line, Phrase, Seat
from .services import take_lead

DATA = Path(__file__).parent / "data"
LINES = (("12319", "城管服务热线", "05"), ("12345", "政务服务便民热线", "04"))
SEATS = ("801", "802", "803", "804")
LEADS = (
    ("09", "网友反映中山路步行街夜间有商贩占道经营，垃圾遗留较多。", "中山路步行街"),
    ("10", "来信反映小区北门外人行道树池缺失，雨后泥泞。", "小区北门外"),
    ("14", "视频智能识别：疑似暴露垃圾，置信度 0.87。", "香港中路路口"),
    ("15", "井盖位移报警：倾角 18 度。", "延安三路"),
)
ARTICLE = (
    "井盖缺失如何受理",
    "井盖 排水 电力 通信",
    "先问清井盖上的字样（雨、污、电力、通信等）和准确位置，提醒市民远离；"
    "立即登记为紧急件。权属不明时先由城管部门设置围挡，再确认权属单位。",
)


def load_phrases() -> str:
    """The phrases that ship; a city's own stay as they are."""
    if Phrase.objects.exists():
        return "phrases: kept"
    with (DATA / "phrases.csv").open(encoding="utf-8", newline="") as stream:
        rows = [
            Phrase(order=10 * place, **row)
            for place, row in enumerate(csv.DictReader(stream), 1)
        ]
    Phrase.objects.bulk_create(rows)
    return f"phrases: {len(rows)}"


@transaction.atomic
def load_sample() -> str:
    """Lines, seats, a day's calls, leads to review, an article; once."""
    if Line.objects.exists():
        return "reception: kept"
    for number, name, source in LINES:
        Line.objects.create(number=number, name=name, source_id=source)
    seats = [Seat.objects.create(code=code, extension=code) for code in SEATS]
    title, keywords, body = ARTICLE
    Article.objects.create(title=title, keywords=keywords, body=body, is_published=True)
    for place, (source, text, address) in enumerate(LEADS, 1):
        take_lead(
            source=CaseSource.objects.get(code=source),
            external_id=f"sample-{place}",
            text=text,
            address=address,
            by=None,
        )
    calls = _calls(seats)
    return f"reception: {len(calls)} calls, {Lead.objects.count()} leads"


def _calls(seats: list[Seat]) -> list[Call]:
    """A day of calls, every eighth one missed."""
    operator = users_with_role("acceptor").order_by("pk").first()
    lines = list(Line.objects.all())
    start = clock.now() - timedelta(hours=10)
    made = []
    for place in range(40):
        rang = start + timedelta(minutes=14 * place)
        missed = place % 8 == 7
        call = Call(
            external_id=f"sample-{place}",
            line=lines[place % 2],
            caller=f"1380000{place:04d}",
            seat=seats[place % 4],
            by=None if missed else operator,
            state=CallState.MISSED if missed else CallState.ENDED,
            rang_at=rang,
            answered_at=None if missed else rang + timedelta(seconds=6 + place % 5),
            ended_at=rang + timedelta(seconds=60 + 7 * (place % 20)),
            outcome="" if missed else Outcome.INQUIRY,
        )
        made.append(call)
    return Call.objects.bulk_create(made)
