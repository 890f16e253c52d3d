"""Connect platforms: add, invite, admit by card, list, suspend, resume."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.delivery import suites
from exchange.delivery.enums import PeerState, Suite
from exchange.delivery.models import Peer
from exchange.delivery.services import enrolment, states
from exchange.delivery.texts import parse_object
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
        add.add_argument(
            "--alg", default="", choices=Suite.values, help="else told from the key"
        )
        for name, text in (
            ("invite", "print a one-time enrolment token, good for 24 h"),
            ("suspend", "stop talking to a platform"),
            ("resume", "talk to a platform again"),
        ):
            actions.add_parser(name, help=text).add_argument("code")
        move = actions.add_parser("state", help="take a connection to another state")
        move.add_argument("code")
        move.add_argument("state", choices=PeerState.values)
        move.add_argument("--reason", default="")
        actions.add_parser("list", help="show connected platforms")
        actions.add_parser("card", help="print the card of this platform")
        admit = actions.add_parser("admit", help="take in a child by its card")
        admit.add_argument("file", type=Path)

    def handle(self, *args, action: str, **options) -> None:
        try:
            getattr(self, f"do_{action}")(options)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def do_add(self, options) -> None:
        file = options["public_key"]
        key = suites.read_public(file.read_bytes()) if file else ""
        peer = enrolment.add_peer(
            code=options["code"],
            name=options["name"],
            url=options["url"],
            tier=options["tier"],
            public_key=key,
            alg=options["alg"] or suites.suite_of(key),
        )
        self.stdout.write(f"{peer.code} {peer.state}")

    def do_card(self, options) -> None:
        card = enrolment.card()
        self.stdout.write(json.dumps(card, ensure_ascii=False, indent=1))
        mark = enrolment.fingerprint(card)
        self.stderr.write(f"Fingerprint of the key: {mark}")

    def do_admit(self, options) -> None:
        card = parse_object(options["file"].read_bytes())
        peer = enrolment.admit(card)
        self.stdout.write(f"{peer.code} {peer.state}")
        mark = enrolment.fingerprint(card)
        self.stdout.write(f"Compare the fingerprint of its key: {mark}")

    def do_invite(self, options) -> None:
        token = enrolment.invite(code=options["code"])
        self.stderr.write(f"Token for {options['code']}, good for 24 hours:")
        self.stdout.write(token)

    def do_list(self, options) -> None:
        for peer in Peer.objects.all():
            parts = (peer.code, peer.relation, peer.state, peer.url or "-", peer.name)
            self.stdout.write(" ".join(parts))

    def do_state(self, options) -> None:
        wanted = {name: options[name] for name in ("code", "state", "reason")}
        peer = states.move(**wanted)
        self.stdout.write(f"{peer.code} {peer.state}")

    def do_suspend(self, options) -> None:
        peer = enrolment.suspend(code=options["code"])
        self.stdout.write(f"{peer.code} {peer.state}")

    def do_resume(self, options) -> None:
        peer = enrolment.resume(code=options["code"])
        self.stdout.write(f"{peer.code} {peer.state}")
