"""The own signing keys: list, rotate, retire."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.delivery.enums import OVERLAP_HOURS, Suite
from exchange.delivery.services import rotation
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = "Signing keys of this platform."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="show all own keys")
        rotate = actions.add_parser("rotate", help="announce a new key")
        rotate.add_argument("--alg", default=Suite.ED25519, choices=Suite.values)
        rotate.add_argument(
            "--at",
            default="",
            help="sign with it from this time on (RFC 3339) instead of waiting for "
            "the peers",
        )
        rotate.add_argument(
            "--overlap-hours",
            type=int,
            default=OVERLAP_HOURS,
            help="how long the old key stays valid",
        )
        retire = actions.add_parser("retire", help="end a key at once")
        retire.add_argument("serial", type=int)

    def handle(self, *args, action: str, **options) -> None:
        try:
            getattr(self, f"do_{action}")(options)
        except (DomainError, ValueError) as error:
            raise CommandError(str(error)) from error

    def do_list(self, options) -> None:
        for key in rotation.own():
            end = f"{key.valid_to:%Y-%m-%dT%H:%M%z}" if key.valid_to else "-"
            self.stdout.write(f"{key.keyid} {key.alg} {key.phase(now())} until {end}")

    def do_rotate(self, options) -> None:
        moment = read_moment(options["at"])
        if options["at"] and moment is None:
            raise CommandError("--at wants a time with its offset")
        key = rotation.rotate(
            alg=options["alg"],
            switch_at=moment,
            overlap_hours=options["overlap_hours"],
        )
        rotation.advance()
        key.refresh_from_db()
        self.stdout.write(f"{key.keyid} {key.alg} {key.phase(now())}")

    def do_retire(self, options) -> None:
        key = rotation.retire(serial=options["serial"])
        self.stdout.write(f"{key.keyid} {key.phase(now())}")
