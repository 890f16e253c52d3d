"""Join this platform to the one above it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.delivery.services import enrolment
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = "Join the platform above with the token that its administrator gave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parent-url", required=True)
        parser.add_argument("--token", required=True)

    def handle(self, *args, parent_url: str, token: str, **options) -> None:
        try:
            peer = enrolment.join(parent_url=parent_url, token=token)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Joined {peer.code} {peer.name}")
