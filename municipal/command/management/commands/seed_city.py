"""A generated city of full size, for measuring and for trying out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.command.seeding import city
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = (
        "Fill an empty PostgreSQL database (after setup_node) with a generated city: "
        "a year of cases with their steps, components, grids, organisations, people."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=sorted(city.CASES), default="small")
        parser.add_argument("--cases", type=int, help="another number of cases")
        parser.add_argument("--components", type=int, help="… of components")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            city.build(
                options["scale"],
                count=options["cases"],
                things=options["components"],
                say=self.stdout.write,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
