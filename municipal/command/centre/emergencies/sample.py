"""Sample of emergencies: plans, resources, one emergency in progress."""

from django.db import transaction

from municipal.command.centre.models import (
    Emergency,
    EmergencyPlan,
    EmergencyRules,
    Resource,
)
from municipal.command.models import Case, UnitGrid
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User

from . import plans, services

PLANS = (
    ("城市防汛排涝应急预案", "flood", ["team", "vehicle", "warehouse"]),
    ("恶劣天气户外设施应急预案", "wind", ["team", "vehicle"]),
    ("道路塌陷应急预案", "collapse", ["team", "vehicle", "expert"]),
    ("燃气管线泄漏应急预案", "pipe", ["team", "expert", "hospital"]),
)
STEPS = (
    ("核实现场情况并上报", "值班长", 10),
    ("现场警戒与交通疏导", "属地街道", 20),
    ("调派抢险队伍和设备", "派遣员", 30),
    ("发布提示信息", "值班员", 40),
    ("续报处置进展", "值班员", 60),
)
RESOURCES = (
    ("市政抢险一队", "team", "市政管养中心", "抢险人员30人、移动泵车4台"),
    ("排水应急抢险队", "team", "水务集团", "抢险人员20人、龙吸水2台"),
    ("园林应急队", "team", "园林管护中心", "油锯10台、吊车1台"),
    ("清障车队", "vehicle", "停车管理公司", "清障车6台"),
    ("防汛物资仓库", "warehouse", "市城市管理局", "沙袋5000个、挡水板200块、发电机6台"),
    ("应急避难场所", "shelter", "属地街道", "可容纳800人"),
    ("排水专家组", "expert", "市政设计研究院", "专家5人"),
    ("市立医院急诊", "hospital", "市立医院", "急救床位40张、救护车5台"),
)


def load() -> str:
    """Add what is missing; with no sample people nothing."""
    leader = accounts.users_with_role("duty_leader").order_by("username").first()
    grids = list(UnitGrid.objects.filter(valid_to=None).order_by("code")[:200])
    known = Resource.objects.filter(is_sample=True).exists()
    if leader is None or not grids or known:
        return "no sample of emergencies"
    with transaction.atomic():
        _prepared(leader, grids)
        _in_progress(leader, grids[0])
    return f"{Resource.objects.count()} resources, an emergency in progress"


def _prepared(leader: User, grids: list[UnitGrid]) -> None:
    if not EmergencyRules.objects.exists():
        plans.change_rules(rules=EmergencyRules(radius=5000, note="初始"), by=leader)
    steps = [{"text": text, "who": who, "minutes": most} for text, who, most in STEPS]
    levels = {"4": steps[:3], "3": steps[:4], "2": steps, "1": steps}
    for name, kind, call in PLANS:
        plan = EmergencyPlan.objects.filter(name=name).first()
        plan = plan or EmergencyPlan(name=name, kind=kind)
        plans.save_plan(plan=plan, levels=levels, call=call, by=leader)
    for number, (name, kind, unit, stock) in enumerate(RESOURCES):
        grid = grids[number * 11 % len(grids)]
        resource = Resource(
            name=name,
            kind=kind,
            unit_name=unit,
            contact="值班负责人",
            phone=f"0532-8586{number + 1:04d}",
            lon=grid.lon,
            lat=grid.lat,
            stock=stock,
            is_sample=True,
        )
        plans.save_resource(resource=resource, by=leader)


def _in_progress(leader: User, grid: UnitGrid) -> None:
    """Flooding under way: a step done, teams called, two cases attached."""
    row = services.raise_emergency(
        emergency=Emergency(
            title="低洼路段积水",
            kind="flood",
            level="4",
            description="短时强降雨，路段积水约40厘米，车辆通行受阻。",
            address="低洼路段下穿通道",
            lon=grid.lon,
            lat=grid.lat,
            radius=5000,
            is_sample=True,
        ),
        plan=EmergencyPlan.objects.filter(kind="flood").first(),
        cases=list(Case.objects.filter(state="pending_dispatch").order_by("-pk")[:2]),
        by=leader,
    )
    services.do_step(step=row.steps.all()[0], by=leader, note="已现场核实")
    services.change_level(emergency=row, level="3", reason="降雨持续", by=leader)
    keys = [f"resource:{key}" for key in Resource.objects.values_list("pk", flat=True)]
    calls = services.call_out(
        emergency=row, keys=keys[:3], text="请立即赶赴现场排水", by=leader
    )
    services.answer(call=calls[0], state="coming", words="预计15分钟到达", by=leader)
    services.write(emergency=row, text="交警已到场疏导，单向放行。", by=leader)
