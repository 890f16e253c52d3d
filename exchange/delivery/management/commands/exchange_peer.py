"""Connect platforms: add, invite, list, suspend, resume."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.delivery.models import Peer
from exchange.delivery.services import enrolment
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = "Connect other platforms to this one."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="register a child")
        add.add_argument("code")
        add.add_argument("--name", required=True)
        add.add_argument("--url", default="")
        add.add_argument("--tier", default="")
        add.add_argument("--public-key", type=Path, metavar="FILE")
        for name, text in (
            ("invite", "print a one-time enrolment token, good for 24 h"),
            ("suspend", "stop talking to a platform"),
            ("resume", "talk to a platform again"),
        ):
            actions.add_parser(name, help=text).add_argument("code")
        actions.add_parser("list", help="show connected platforms")

    def handle(self, *args, action: str, **options) -> None:
        try:
            getattr(self, f"do_{action}")(options)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def do_add(self, options) -> None:
        file = options["public_key"]
        peer = enrolment.add_peer(
            code=options["code"],
            name=options["name"],
            url=options["url"],
            tier=options["tier"],
            public_key=file.read_text() if file else "",
        )
        self.stdout.write(f"{peer.code} {peer.state}")

    def do_invite(self, options) -> None:
        token = enrolment.invite(code=options["code"])
        self.stdout.write(f"Token for {options['code']}, good for 24 hours: {token}")

    def do_list(self, options) -> None:
        for peer in Peer.objects.all():
            parts = (peer.code, peer.relation, peer.state, peer.url or "-", peer.name)
            self.stdout.write(" ".join(parts))

    def do_suspend(self, options) -> None:
        peer = enrolment.suspend(code=options["code"])
        self.stdout.write(f"{peer.code} {peer.state}")

    def do_resume(self, options) -> None:
        peer = enrolment.resume(code=options["code"])
        self.stdout.write(f"{peer.code} {peer.state}")
