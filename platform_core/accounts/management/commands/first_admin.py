"""Make the first tier administrator of a new node."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from platform_core.accounts.models import OrgUnit, User
from platform_core.accounts.passwords import one_time_password
from platform_core.accounts.services import create_unit, create_user
from platform_core.common.models import own_node
from platform_core.regions.selectors import node_division


class Command(BaseCommand):
    help = "Make an administrator with a one-time password, printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--full-name", default="")
        parser.add_argument("--unit", default="", help="name of the operating unit")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        if User.objects.filter(username=name).exists():
            raise CommandError(_("The account %(name)s exists.") % {"name": name})
        unit = OrgUnit.objects.filter(parent=None).first() or create_unit(
            code=own_node(),
            name=options["unit"] or own_node(),
            kind="centre",
            division=node_division(own_node()),
        )
        password = one_time_password()
        create_user(
            username=name,
            full_name=options["full_name"] or name,
            password=password,
            unit=unit,
            roles=["sys_admin"],
        )
        self.stdout.write(f"{name} {password}")
