"""Join this platform to the one above it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.delivery.models import Peer
from exchange.delivery.services import enrolment
from exchange.delivery.texts import parse_object
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = "Join the platform above with the token, or the card, that it gave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parent-url")
        parser.add_argument("--token")
        parser.add_argument(
            "--card", type=Path, metavar="FILE", help="of a parent without a line"
        )

    def handle(self, *args, parent_url, token, card, **options) -> None:
        try:
            peer = self.by_card(card) if card else self.by_line(parent_url, token)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Joined {peer.code} {peer.name}")

    def by_line(self, parent_url, token) -> Peer:
        if not parent_url or not token:
            raise CommandError("Give --parent-url and --token, or --card.")
        return enrolment.join(parent_url=parent_url, token=token)

    def by_card(self, file) -> Peer:
        card = parse_object(file.read_bytes())
        peer = enrolment.join_by_card(card)
        mark = enrolment.fingerprint(card)
        self.stdout.write(f"Compare the fingerprint of its key: {mark}")
        return peer
