"""People and organisations.

`UserFactory(roles=["dispatcher"], unit=unit)`; roles get the permissions that
the tier of this test gives them. The password is PASSWORD.
"""

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.groups import sync_roles
from platform_core.accounts.models import OrgUnit, Post, User
from platform_core.accounts.roles import find_role
from platform_core.regions.selectors import own_division

PASSWORD = "Correct-horse-7"
HASH = make_password(PASSWORD, hasher="md5")


class OrgUnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrgUnit
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"unit-{n}")
    name = factory.Sequence(lambda n: f"示例单位{n}")
    kind = UnitKind.DEPARTMENT
    division_id = factory.LazyFunction(lambda: own_division().code)

    @factory.post_generation
    def place(self, create, extracted, **kwargs):
        if create:
            above = self.parent.path if self.parent else "/"
            self.path = f"{above}{self.pk}/"
            self.save(update_fields=["path"])


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post

    unit = factory.SubFactory(OrgUnitFactory)
    name = factory.Sequence(lambda n: f"岗位{n}")
    role = "dispatcher"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"人员{n}")
    password = HASH
    unit = factory.SubFactory(OrgUnitFactory)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for code in (extracted or ()) if create else ():
            role = find_role(code)
            if role is None:
                Group.objects.get_or_create(name=code)
            else:
                sync_roles((role,))
            self.groups.add(Group.objects.get(name=code))
        for name in ("role_codes", "role_permissions"):
            self.__dict__.pop(name, None)
