"""Check the hash chain of the audit log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platform_core.audit.models import AuditHead
from platform_core.audit.services import verify


class Command(BaseCommand):
    help = "Walk the audit log's chain; names the first bad row and exits with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        count, fault = verify()
        if fault is not None:
            number = "" if fault.pk is None else f" (id {fault.pk})"
            raise CommandError(
                f"first bad row: {fault.seq}{number}: {fault.kind}: {fault.text}; "
                f"{count} rows before it are intact"
            )
        head = AuditHead.objects.filter(pk=1).first()
        end = f", end {head.seq}:{head.hash}" if head else ""
        self.stdout.write(f"OK: {count} rows{end}")
