"""Sample organisation of the municipal tier: bureau, centre, departments, districts.

Names and phone numbers are invented; streets of the demo cities bear real names.
"""

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.sample import Organisation, SamplePerson, SampleUnit
from platform_core.regions.models import Division
from platform_core.regions.selectors import children, division, node_division

STREETS = {
    "370202": ("香港中路街道", "八大湖街道", "中山路街道"),
    "370203": ("台东街道", "登州路街道", "敦化路街道"),
    "370211": ("长江路街道", "薛家岛街道"),
    "370212": ("中韩街道", "金家岭街道"),
    "370213": ("浮山路街道", "李村街道"),
    "370214": ("城阳街道", "流亭街道"),
    "370811": ("古槐街道", "济阳街道", "阜桥街道"),
    "370812": ("龙桥街道", "酒仙桥街道"),
    "370881": ("鲁城街道", "书院街道"),
    "370883": ("钢山街道", "千泉街道"),
}
DEPARTMENTS = (
    ("municipal", "市政设施管理处", "市政处", UnitKind.DEPARTMENT),
    ("sanitation", "环境卫生管理处", "环卫处", UnitKind.DEPARTMENT),
    ("landscape", "园林绿化处", "园林处", UnitKind.DEPARTMENT),
    ("enforcement", "综合行政执法支队", "执法支队", UnitKind.DEPARTMENT),
)
ENTERPRISES = (
    ("water", "供水集团", "供水集团"),
    ("gas", "燃气集团", "燃气集团"),
)
PEOPLE = (
    ("liaison", "bureau", "city_liaison", "city liaison officer", "市级联络员"),
    ("leader", "bureau", "bureau_leader", "city leader", "局领导"),
    ("acceptor", "supervision", "acceptor", "seat operator", "受理员"),
    ("dutyleader", "supervision", "duty_leader", "shift leader", "值班长"),
    ("dispatcher", "command", "dispatcher", "dispatcher", "派遣员"),
    ("overseer", "supervision", "overseer", "overseer", "督办员"),
    ("inspector1", "supervision", "supervisor", "field inspector", "监督员"),
    ("inspector2", "supervision", "supervisor", "field inspector", "监督员"),
    ("inspector3", "supervision", "supervisor", "field inspector", "监督员"),
    (
        "handler1",
        "municipal",
        "dept_handler",
        "department handler, municipal works",
        "市政处经办",
    ),
    (
        "handler2",
        "sanitation",
        "dept_handler",
        "department handler, sanitation",
        "环卫处经办",
    ),
    (
        "handler3",
        "landscape",
        "dept_handler",
        "department handler, landscaping",
        "园林处经办",
    ),
    (
        "handler4",
        "enforcement",
        "dept_handler",
        "department handler, enforcement",
        "执法支队经办",
    ),
    (
        "handler5",
        "water",
        "dept_handler",
        "department handler, water supply",
        "供水集团经办",
    ),
    ("handler6", "gas", "dept_handler", "department handler, gas", "燃气集团经办"),
    (
        "unitleader",
        "municipal",
        "dept_leader",
        "department leader, municipal works",
        "市政处负责人",
    ),
    ("admin", "centre", "sys_admin", "tier administrator", "平台管理员"),
    ("auditor", "bureau", "security_auditor", "security auditor", "安全审计员"),
    ("manager", "command", "centre_manager", "centre manager", "指挥中心主任"),
)
NAMES = {
    "M37020001": [
        "王海涛",
        "李建国",
        "张秀英",
        "刘志强",
        "陈丽华",
        "杨帆",
        "赵鹏",
        "孙悦",
        "周杰",
        "吴磊",
        "郑雨欣",
        "冯刚",
        "曹文静",
        "潘峰",
        "董洁",
        "罗志军",
        "袁浩",
        "蒋欣怡",
        "许明远",
    ],
    "M37080001": [
        "孔令军",
        "孟庆华",
        "颜玉兰",
        "曾志远",
        "马晓梅",
        "朱鹏飞",
        "胡斌",
        "郭蕾",
        "高翔",
        "梁伟",
        "宋佳",
        "唐建军",
        "韩雪",
        "徐亮",
        "彭丽",
        "邱国华",
        "魏强",
        "田甜",
        "程立新",
    ],
}


def organisation(node: str) -> Organisation:
    """The organisations and people of a city, the demo cities by their names."""
    city = division(node_division(node))
    return Organisation((*_city_units(city), *_district_units(city)), _people(node))


def _city_units(city: Division) -> list[SampleUnit]:
    name, code = city.name, city.code
    bureau, centre = f"{code}-bureau", f"{code}-centre"
    service = f"{name}城市运行管理服务中心"
    units = [
        SampleUnit(
            bureau,
            f"{name}城市管理局",
            UnitKind.BUREAU,
            code,
            short_name="市城市管理局",
        ),
        SampleUnit(
            centre,
            service,
            UnitKind.CENTRE,
            code,
            parent=bureau,
            short_name="城市运行管理服务中心",
            phone="12319",
        ),
    ]
    for key, part in (("supervision", "监督中心"), ("command", "指挥中心")):
        units.append(
            SampleUnit(
                f"{code}-{key}",
                f"{service}{part}",
                UnitKind.CENTRE,
                code,
                parent=centre,
                short_name=part,
            )
        )
    for key, part, short, kind in DEPARTMENTS:
        units.append(
            SampleUnit(
                f"{code}-{key}",
                f"{name}{part}",
                kind,
                code,
                parent=bureau,
                short_name=short,
            )
        )
    for key, part, short in ENTERPRISES:
        units.append(
            SampleUnit(
                f"{code}-{key}",
                f"{name}{part}",
                UnitKind.ENTERPRISE,
                code,
                short_name=short,
            )
        )
    return units


def _district_units(city: Division) -> list[SampleUnit]:
    """Each district's bureau and, where they are known, its streets."""
    units: list[SampleUnit] = []
    for district in children(city.code):
        bureau = f"{district.code}-bureau"
        units.append(
            SampleUnit(
                bureau,
                f"{district.name}城市管理局",
                UnitKind.DISTRICT,
                district.code,
                parent=f"{city.code}-bureau",
            )
        )
        units.extend(
            SampleUnit(
                f"{district.code}-street-{number}",
                f"{district.name}{street}办事处",
                UnitKind.STREET,
                district.code,
                parent=bureau,
                short_name=street,
            )
            for number, street in enumerate(STREETS.get(district.code, ()), 1)
        )
    return units


def _people(node: str) -> tuple[SamplePerson, ...]:
    code = node_division(node)
    names = NAMES.get(node, NAMES["M37020001"])
    found = [
        SamplePerson(username, name, f"{code}-{unit}", role, title, post)
        for name, (username, unit, role, title, post) in zip(names, PEOPLE, strict=True)
    ]
    title, unit = "inspection team leader", f"{code}-supervision"
    found.append(
        SamplePerson("teamleader", "邓勇", unit, "team_leader", title, "监督员班组长")
    )
    first = children(code).order_by("code").first()
    if first is not None:
        title, post = "district handler", "区城管局经办"
        unit = f"{first.code}-bureau"
        found.append(
            SamplePerson("handler7", "于洋", unit, "dept_handler", title, post)
        )
        found += _second_level(first.code)
    return tuple(found)


def _second_level(district: str) -> tuple[SamplePerson, ...]:
    """Who dispatches again inside a district, and who handles it in a street."""
    people = (
        ("districtdispatcher", "姜涛", "bureau", "district_dispatcher", "区级派遣员"),
        ("streethandler", "丁宁", "street-1", "dept_handler", "街道经办"),
    )
    titles = {"bureau": "district dispatcher", "street-1": "street handler"}
    return tuple(
        SamplePerson(name, full, f"{district}-{unit}", role, titles[unit], post)
        for name, full, unit, role, post in people
        if unit == "bureau" or STREETS.get(district)
    )
