"""`manage.py listen FLOW`: land what a topic brings, for ever.

One process for each flow; end it with SIGTERM, nothing that was not kept was
acknowledged.
"""

import signal

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from exchange.connectors.enums import Direction, FlowState, SourceKind
from exchange.connectors.models import Flow
from exchange.connectors.services import listening
from platform_core.common.errors import DomainError


class Command(BaseCommand):
    help = "Lands the messages of a topic until it is told to stop."

    def add_arguments(self, parser):
        parser.add_argument("flow", help="Name of an active flow of an MQTT source")
        parser.add_argument(
            "--seconds", type=float, help="End when nothing came for so long"
        )

    def handle(self, *args, **options):
        flow = Flow.objects.filter(
            name=options["flow"],
            source__kind=SourceKind.MQTT,
            state=FlowState.ACTIVE,
            direction=Direction.IN,
        ).first()
        if flow is None:
            raise CommandError(_("There is no such active flow of a topic."))
        stop = listening.Stop()
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            run = listening.listen(flow=flow, stop=stop, seconds=options["seconds"])
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{run.landed} / {run.rejected}")
