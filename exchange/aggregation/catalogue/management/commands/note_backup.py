"""`manage.py note_backup`: the script of the backups says how it went."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.aggregation.catalogue.enums import BackupKind
from exchange.aggregation.catalogue.services import backups
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    """Write down a backup that was made, or one that failed."""

    help = "Writes down a backup, for the page on what is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", help="the file, or where it was put")
        parser.add_argument(
            "--kind", choices=BackupKind.values, default=str(BackupKind.DATABASE)
        )
        parser.add_argument("--failed", action="store_true")
        parser.add_argument("--seconds", type=int)
        parser.add_argument("--note", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.note(
                kind=options["kind"],
                place=options["place"],
                ok=not options["failed"],
                seconds=options["seconds"],
                text=options["note"],
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(str(made))
