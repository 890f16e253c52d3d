"""Public toilets of two sources, people, and rows that landed for them."""

import pytest

from exchange.aggregation.fusion.models import CodeMap, Master, Run
from exchange.aggregation.fusion.services import codes, running, tasks
from exchange.delivery.services import housekeeping
from exchange.interfaces.enums import Kind, Life, Need
from exchange.interfaces.models import CodeList, Field, Table, TableVersion
from exchange.interfaces.services import land
from tests.factories.accounts import UserFactory

REGISTER = (
    ("no", "编号", Kind.STRING, True, False),
    ("name", "名称", Kind.STRING, False, False),
    ("address", "地址", Kind.STRING, False, False),
    ("grade", "类别", Kind.STRING, False, False),
    ("phone", "电话", Kind.STRING, False, True),
    ("location", "坐标", Kind.GEOMETRY, False, False),
    ("checked", "核实时间", Kind.DATETIME, False, False),
)
GUIDE = (
    ("id", "标识", Kind.STRING, True, False),
    ("title", "标题", Kind.STRING, False, False),
    ("kind", "类型", Kind.STRING, False, False),
    ("lon", "经度", Kind.DECIMAL, False, False),
    ("lat", "纬度", Kind.DECIMAL, False, False),
    ("hours", "开放时间", Kind.STRING, False, False),
    ("class_name", "等级", Kind.STRING, False, False),
)
DEFINITION = {
    "title": "name",
    "fields": [
        {"code": "name", "name": "名称", "kind": "text", "survive": "longest"},
        {"code": "grade", "name": "类别", "kind": "code", "codes": "test_grade"},
        {"code": "hours", "name": "开放时间", "kind": "text", "survive": "newest"},
        {"code": "phone", "name": "电话", "kind": "text"},
        {"code": "place", "name": "位置", "kind": "point"},
    ],
    "sources": [
        {
            "code": "register",
            "name": "环卫台账",
            "table": "test_toilet",
            "geometry": "location",
            "updated": "checked",
            "picks": {"name": "name", "grade": "grade", "phone": "phone"},
        },
        {
            "code": "guide",
            "name": "便民地图",
            "table": "test_guide",
            "only_field": "kind",
            "only_values": ["toilet"],
            "system": "gcj02",
            "x": "lon",
            "y": "lat",
            "picks": {"name": "title", "grade": "class_name", "hours": "hours"},
        },
    ],
    "rules": [
        {"code": "name", "kind": "fuzzy", "field": "name", "weight": 2},
        {
            "code": "near",
            "kind": "distance",
            "field": "place",
            "weight": 3,
            "metres": 100,
        },
    ],
    "blocks": [
        {"code": "near", "kind": "near", "field": "place", "metres": 200},
        {"code": "name", "kind": "exact", "field": "name"},
    ],
}


def make_table(code, name, fields):
    made = Table.objects.create(
        code=code, subset="management", name=name, direction="up", frequency="day"
    )
    version = TableVersion.objects.create(table=made, state=Life.PUBLISHED)
    for place, (field, label, kind, key, personal) in enumerate(fields):
        Field.objects.create(
            version=version,
            place=place,
            code=field,
            name=label,
            kind=kind,
            need=Need.OPTIONAL,
            is_key=key,
            personal=personal,
        )
    made.current = version
    made.save()
    return made


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch):
    """What is announced waits; delivering has tests of its own."""
    monkeypatch.setattr(housekeeping, "kick", lambda: None)


@pytest.fixture
def steward(db):
    return UserFactory(roles=["data_steward"])


@pytest.fixture
def grades(db):
    return CodeList.objects.create(
        code="test_grade",
        values=[
            {"code": "class_1", "name": "一类公厕"},
            {"code": "class_2", "name": "二类公厕"},
            {"code": "movable", "name": "活动式公厕"},
        ],
    )


@pytest.fixture
def register(grades):
    """The office's own list, in CGCS2000."""
    return make_table("test_toilet", "公共厕所", REGISTER)


@pytest.fixture
def guide(grades):
    """A map for citizens, in GCJ-02, with other things on it too."""
    return make_table("test_guide", "便民设施", GUIDE)


@pytest.fixture
def task(register, guide, steward):
    """The subject, published."""
    made = tasks.make(
        code="test_subject", name="公厕主题", by=steward, definition=DEFINITION
    )
    tasks.publish(version=made.draft, by=steward)
    made.refresh_from_db()
    return made


def listed(no, name="中山路公厕", at=(120.3826, 36.0671), **facts):
    """A row of the office's list."""
    where = {"type": "Point", "coordinates": list(at)} if at else None
    good = {"no": no, "name": name, "grade": "class_1", "phone": "", "location": where}
    return good | facts


def mapped(id_, title="中山路公厕", at=(120.3878153, 36.0671653), **facts):
    """A row of the map; the default lies where the office's default does."""
    lon, lat = at or (None, None)
    good = {"id": id_, "title": title, "kind": "toilet", "lon": lon, "lat": lat}
    return good | {"hours": "06:00-22:00", "class_name": "一类"} | facts


@pytest.fixture
def landed(register, guide):
    """Land rows of the list or of the map."""

    def put(*rows, source=""):
        for table, key in ((register, "no"), (guide, "id")):
            mine = [row for row in rows if key in row]
            if mine:
                land(table=table, rows=mine, source=source or table.name)

    return put


@pytest.fixture
def run(task, steward, django_capture_on_commit_callbacks):
    """Run the task to the end, once more with each call."""

    def again():
        with django_capture_on_commit_callbacks(execute=True):
            made = running.start(task=task, by=steward)
        done = Run.objects.select_related("job").get(pk=made.pk)
        assert done.job.state == "done", done.job.note
        return done

    return again


@pytest.fixture
def known(task, steward):
    """The map's words for grades, published."""
    code_map = CodeMap.objects.get(table__code="test_guide")
    for given, standard in (("一类", "class_1"), ("二类", "class_2")):
        codes.keep(version=code_map.draft, given=given, standard=standard, by=steward)
    codes.publish(version=code_map.draft, by=steward)
    return code_map


@pytest.fixture
def current():
    """The master records that count, by name."""

    def find():
        return {one.title: one for one in Master.objects.current()}

    return find
