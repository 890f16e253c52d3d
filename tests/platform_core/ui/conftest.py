"""People and organisations that the pages show."""

import pytest
from django.contrib.auth.models import Group, Permission

from tests.factories.accounts import OrgUnitFactory, UserFactory


@pytest.fixture
def urls(settings):
    settings.ROOT_URLCONF = "tests.platform_core.ui.pages"


@pytest.fixture
def grant():
    def give(user, *names):
        for name in names:
            label, code = name.split(".")
            found = Permission.objects.get(content_type__app_label=label, codename=code)
            group, _ = Group.objects.get_or_create(name=f"may {name}")
            group.permissions.add(found)
            user.groups.add(group)
        for name in ("role_codes", "role_permissions"):
            user.__dict__.pop(name, None)
        return user

    return give


@pytest.fixture
def clerk(db, grant):
    """Somebody of Shinan district who may look at organisations."""
    home = OrgUnitFactory(code="home", division_id="370202")
    return grant(UserFactory(unit=home), "accounts.view_orgunit")


@pytest.fixture
def units(db):
    """Three organisations of Shinan, one of another district."""
    here = [
        OrgUnitFactory(
            code=f"s-{n}", name=f"市南单位{n}", division_id="370202", kind=kind
        )
        for n, kind in enumerate(("district", "street", "street"))
    ]
    OrgUnitFactory(code="l-0", name="崂山单位", division_id="370212")
    return here
