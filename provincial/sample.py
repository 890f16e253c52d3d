"""Sample organisation of the provincial tier."""

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.sample import Organisation, SamplePerson, SampleUnit
from platform_core.regions.selectors import division, node_division


def organisation(node: str) -> Organisation:
    """The province's department with its office for cities."""
    code = node_division(node)
    name = division(code).name
    department, office = f"{code}-department", f"{code}-bureau"
    units = (
        SampleUnit(
            department,
            f"{name}住房和城乡建设厅",
            UnitKind.BUREAU,
            code,
            short_name=f"{name}住建厅",
        ),
        SampleUnit(
            office,
            f"{name}住房和城乡建设厅城市管理处",
            UnitKind.BUREAU,
            code,
            parent=department,
            short_name="城市管理处",
        ),
    )
    people = (
        SamplePerson(
            "clerk", "林晓慧", office, "bureau_clerk", "provincial clerk", "综合科经办"
        ),
        SamplePerson(
            "leader", "高振华", office, "bureau_leader", "provincial leader", "处领导"
        ),
        SamplePerson(
            "inspector",
            "宋卫东",
            office,
            "provincial_inspector",
            "provincial inspector",
            "省级巡查员",
        ),
        SamplePerson(
            "admin", "罗敏", office, "sys_admin", "tier administrator", "平台管理员"
        ),
        SamplePerson(
            "auditor",
            "谢文博",
            office,
            "security_auditor",
            "security auditor",
            "安全审计员",
        ),
    )
    return Organisation(units, people)
