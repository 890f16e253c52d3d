"""manage.py verify_certificate FILE: check a certificate without any database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange.delivery.suites import tools
from exchange.reconciliation.services.verifying import Key, verify
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = (
        "Checks a downloaded certificate with public keys only. Keys come from "
        "--keys, a JSON list of {keyid, alg, public_key}, or from --key."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--keys", type=Path, help="JSON list of public keys")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            metavar="M37020001#1=BASE64",
            help="one Ed25519 key; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        data = self.read(options["file"])
        trusted = self.keys(options)
        if not isinstance(data, dict):
            raise CommandError("The file holds no certificate.")
        found = verify(data, trusted)
        for line in found.lines:
            self.stdout.write(line)
        if not found.good:
            raise CommandError("; ".join(found.faults))
        named = [data[name] for name in ("day", "interface", "record_origin", "state")]
        self.stdout.write(f"The certificate is good: {' '.join(map(str, named))}")

    def keys(self, options: dict[str, Any]) -> dict[str, Key]:
        """The public keys that the caller trusts."""
        listed = self.read(options["keys"]) if options["keys"] else []
        pairs = [one.partition("=")[::2] for one in options["key"]]
        listed += [
            {"keyid": keyid, "alg": "ed25519", "public_key": text}
            for keyid, text in pairs
        ]
        try:
            return {
                one["keyid"]: Key(
                    one["alg"], tools(one["alg"]).parse_public(one["public_key"])
                )
                for one in listed
            }
        except (KeyError, TypeError, DomainError) as error:
            raise CommandError(f"A key cannot be read: {error}") from error

    def read(self, path: Path) -> Any:
        """A JSON file."""
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
