"""Play an outage against the running federation and write a report."""

import getpass
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from exchange.drills import reports, running, services
from exchange.drills.running import Drill, Plan
from exchange.drills.scenarios import SCENARIOS
from platform_core.common.errors import DomainError

DEMO = settings.ROOT / "var" / "demo"


class Command(BaseCommand):
    help = "Play an outage against the running federation and write a report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenario", choices=[*SCENARIOS, "list"])
        parser.add_argument("--peer", default="", help="the platform it is about")
        parser.add_argument("--seconds", type=int, default=20, help="of the outage")
        parser.add_argument("--quiet", type=int, default=5, help="seconds before it")
        parser.add_argument("--rate", type=int, default=5, help="records a second")
        parser.add_argument(
            "--patience", type=int, default=120, help="seconds until all has arrived"
        )
        parser.add_argument(
            "--delay", type=float, default=10, help="seconds a slow peer lets wait"
        )
        parser.add_argument(
            "--listen", default="127.0.0.1", help="own address that the workers reach"
        )
        parser.add_argument("--yes", action="store_true", help="also in production")
        parser.add_argument(
            "--node", default="", help="a platform of the demo on this machine"
        )

    def handle(self, *args, scenario: str, **options) -> None:
        if scenario == "list":
            for code, one in SCENARIOS.items():
                self.stdout.write(f"{code:<20}{one.title}: {one.text}")
            return
        on_demo(options["node"])
        if not (settings.DEMO or options["yes"]):
            raise CommandError(
                _("This is no demo. A drill disturbs the service; say --yes.")
            )
        try:
            drill = self.play(self.plan(scenario, options))
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if not drill.passed:
            sys.exit(1)

    def plan(self, scenario: str, options) -> Plan:
        peers = list(running.able_peers())
        chosen = [p for p in peers if options["peer"] in ("", p.code)]
        if not chosen:
            raise DomainError(
                _("No connected platform knows records of drills."), code="invalid"
            )
        return Plan(
            scenario=scenario,
            peer=chosen[0],
            others=tuple(peer for peer in peers if peer != chosen[0]),
            quiet=options["quiet"],
            seconds=options["seconds"],
            a_second=options["rate"],
            patience=options["patience"],
            delay=options["delay"],
            listen=options["listen"],
            at_home=SCENARIOS[scenario].at_home,
        )

    def play(self, plan: Plan) -> Drill:
        """Play it between two rows of the audit log, and report."""
        drill = Drill(plan, self.stdout.write)
        about: dict[str, Any] = {
            "run": drill.run,
            "scenario": plan.scenario,
            "peer": plan.peer,
        }
        services.begin(user=getpass.getuser(), **about)
        result = "failed"
        try:
            drill.play(SCENARIOS[plan.scenario].fault)
            if not drill.stopped:
                drill.judge()
            result = drill.result
        finally:
            services.end(result=result, **about)
        for path in reports.write(drill):
            self.stdout.write(str(path))
        for one in drill.verdicts:
            mark = "✓" if one.held else "✗"
            self.stdout.write(f"{mark} {one.expected}: {one.found}")
        return drill


def on_demo(code: str) -> None:
    """Begin again as a platform of the demo, where none is in the environment."""
    if "NODE_CODE" in os.environ and not code:
        return
    if os.environ.get("NODE_CODE") == code:
        return
    found = demo_environment(DEMO, code)
    if found:
        command = [sys.executable, *sys.argv]
        os.execve(sys.executable, command, {**os.environ, **found})  # noqa: S606
    if code:
        raise CommandError(_("The demo has no platform %(code)s.") % {"code": code})


def demo_environment(home: Path, code: str) -> dict[str, str]:
    """What the demo wrote down for a platform, the first province's by default."""
    pattern = f"{code or 'P*'}.env"
    path = next(iter(sorted(home.glob(pattern))), None)
    if path is None or not (home / "federation.json").exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if line)
    return {name: shlex.split(value)[0] for name, value in pairs}
