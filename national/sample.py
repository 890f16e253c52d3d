"""Sample organisation of the national tier."""

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.sample import Organisation, SamplePerson, SampleUnit

MINISTRY = "100000-ministry"
BUREAU = "100000-bureau"


def organisation(node: str) -> Organisation:
    """The ministry with the bureau that oversees cities."""
    units = (
        SampleUnit(
            MINISTRY,
            "住房和城乡建设部",
            UnitKind.BUREAU,
            "100000",
            short_name="住建部",
        ),
        SampleUnit(
            BUREAU,
            "住房和城乡建设部城市管理监督局",
            UnitKind.BUREAU,
            "100000",
            parent=MINISTRY,
            short_name="城市管理监督局",
        ),
    )
    people = (
        SamplePerson(
            "clerk", "周明远", BUREAU, "bureau_clerk", "national clerk", "综合处经办"
        ),
        SamplePerson(
            "leader", "许国栋", BUREAU, "bureau_leader", "national leader", "局领导"
        ),
        SamplePerson(
            "admin", "何静", BUREAU, "sys_admin", "tier administrator", "平台管理员"
        ),
        SamplePerson(
            "auditor",
            "邓立诚",
            BUREAU,
            "security_auditor",
            "security auditor",
            "安全审计员",
        ),
    )
    return Organisation(units, people)
