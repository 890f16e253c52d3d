"""manage.py rebuild_digests: check the digests, and build anew what does not fit."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange.reconciliation.models import Scope
from exchange.reconciliation.services import rebuilding


class Command(BaseCommand):
    help = "Compares the kept digests with the rows and builds wrong ones anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interface", default="")
        parser.add_argument("--origin", default="")
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = Scope.objects.order_by("interface", "origin", "audience")
        if options["interface"]:
            scopes = scopes.filter(interface=options["interface"])
        if options["origin"]:
            scopes = scopes.filter(origin=options["origin"])
        wrong = [scope for scope in scopes if self.look(scope, options["check"])]
        if wrong and options["check"]:
            raise CommandError(f"{len(wrong)} of {scopes.count()} do not fit")
        self.stdout.write(f"{scopes.count()} looked at, {len(wrong)} built anew")

    def look(self, scope: Scope, only: bool) -> bool:
        """Does this one not fit?  Then build it, unless it is only a check."""
        faults = rebuilding.faults(scope)
        if not faults:
            return False
        self.stdout.write(f"{scope}: {len(faults)} chunks do not fit")
        if not only:
            rebuilding.rebuild(scope)
        return True
