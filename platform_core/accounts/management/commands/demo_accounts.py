"""The sample accounts of this node."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from platform_core.accounts.sample import sample_accounts


class Command(BaseCommand):
    help = "List the sample accounts of this node."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = sample_accounts()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['username']:<12} {row['role']:<22} {row['title']}")
