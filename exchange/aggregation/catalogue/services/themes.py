"""The classification as the national guide has it; a platform may add to it."""

from exchange.aggregation.catalogue.enums import Category
from exchange.aggregation.catalogue.models import Theme

# [政务信息资源目录编制指南 2017, 4.1: basic resources and themes]
BASES = (
    ("人口基础信息", "Population"),
    ("法人单位基础信息", "Legal entities"),
    ("自然资源和空间地理基础信息", "Natural resources and geography"),
    ("社会信用基础信息", "Social credit"),
    ("电子证照基础信息", "Electronic certificates"),
)
THEMES = (
    ("公共服务", "Public services"),
    ("健康保障", "Health"),
    ("社会保障", "Social security"),
    ("食品药品安全", "Safety of food and medicine"),
    ("安全生产", "Safety at work"),
    ("价格监管", "Supervision of prices"),
    ("能源安全", "Energy"),
    ("信用体系", "Credit"),
    ("城乡建设", "Urban and rural construction"),
    ("社区治理", "Communities"),
    ("生态环保", "Environment"),
    ("应急维稳", "Emergencies and stability"),
)
DEPARTMENTS = (("本级各部门", "Departments of this level"),)
LISTS = {
    Category.BASE: BASES,
    Category.THEME: THEMES,
    Category.DEPARTMENT: DEPARTMENTS,
}


def load() -> None:
    """Add the themes that are missing; a changed name stays as it is."""
    for category, names in LISTS.items():
        for number, (name, english) in enumerate(names, 1):
            Theme.objects.get_or_create(
                category=category,
                number=number,
                defaults={"name": name, "name_en": english},
            )
