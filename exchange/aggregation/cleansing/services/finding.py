"""What a run found becomes work: new problems, or those that are still there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.engine.rules import Found
from exchange.aggregation.cleansing.enums import PROBLEM, ProblemState
from exchange.aggregation.cleansing.models import (
    Problem,
    ProblemStep,
    Rule,
    Run,
    Sender,
)
from exchange.interfaces.models import Row
from platform_core.common.clock import now
from platform_core.common.models import own_node
from platform_core.datasets.services import publish

from .clock import due_at
from .exporting import sender_of

AGAIN = (ProblemState.FIXED, ProblemState.VERIFIED)


def personal_fields(rules: Sequence[Rule]) -> set[int]:
    """Places of the rules whose values are personal data."""
    if not rules:
        return set()
    fields = rules[0].version.rule_set.table.fields
    personal = {field.code for field in fields if field.personal}
    return {n for n, rule in enumerate(rules) if personal & set(rule.fields)}


def masked(value: str) -> str:
    """A value that can be told apart but not read."""
    if len(value) < 3:
        return "*" * len(value)
    return value[0] + "*" * (len(value) - 2) + value[-1]


def hidden(found: Found, personal: set[int]) -> Found:
    """What was found as people may see it."""
    if found.rule not in personal:
        return found
    return replace(
        found,
        value=found.value and masked(found.value),
        fix=found.fix and masked(found.fix),
    )


class Finder:
    """Keeps the problems of one run, chunk by chunk."""

    def __init__(self, run: Run, rules: Sequence[Rule]) -> None:
        self._run, self._rules = run, rules
        self._personal = personal_fields(rules)
        self._moment = now()
        self._senders: dict[int, Sender] = {}

    @transaction.atomic
    def keep(self, found: Iterable[Found]) -> None:
        """New problems are made, known ones noted as still there."""
        chunk = list(found)
        rows = Row.objects.select_related("batch").in_bulk({one.row for one in chunk})
        known = {
            (one.record, one.rule_code): one
            for one in Problem.objects.select_for_update(of=("self",)).filter(
                origin=own_node(), record__in={row.uid for row in rows.values()}
            )
        }
        made: list[Problem] = []
        for one in chunk:
            if one.row not in rows:
                continue
            problem = self._problem(one, rows[one.row])
            earlier = known.get((problem.record, problem.rule_code))
            if earlier is None:
                made.append(problem)
            else:
                self._still(earlier, problem)
        Problem.objects.bulk_create(made)
        for problem in made:
            announce(problem)

    def _problem(self, found: Found, row: Row) -> Problem:
        rule, sender = self._rules[found.rule], self._sender(row)
        value = found.value or ""
        assigned = sender.holder_id is not None or not sender.is_local
        return Problem(
            table=self._run.table,
            table_code=self._run.table.code,
            row=row.pk,
            record=UUID(str(row.uid)),
            key=row.key,
            rule_code=rule.code,
            rule_name=rule.name,
            kind=rule.kind,
            severity=rule.severity,
            field=found.field[:60],
            value=masked(value) if found.rule in self._personal else value,
            sender=sender,
            run=self._run,
            found_at=self._moment,
            state=ProblemState.ASSIGNED if assigned else ProblemState.FOUND,
            assigned_at=self._moment if assigned else None,
            due_at=due_at(sender, self._moment) if assigned else None,
        )

    def _sender(self, row: Row) -> Sender:
        if row.batch_id not in self._senders:
            self._senders[row.batch_id] = sender_of(row.batch)
        return self._senders[row.batch_id]

    def _still(self, problem: Problem, found: Problem) -> None:
        """It was known: what was held for corrected goes back to its sender."""
        changed = problem.value != found.value
        confirmed = problem.state == ProblemState.CONFIRMED
        problem.run, problem.row, problem.value = self._run, found.row, found.value
        problem.field, problem.rule_name = found.field, found.rule_name
        if problem.state in AGAIN or (confirmed and changed):
            problem.state, problem.closed_at = ProblemState.RETURNED, None
            problem.assigned_at = self._moment
            problem.due_at = due_at(problem.sender, self._moment)
            problem.reason = _("Found again.")
            ProblemStep.objects.create(
                problem=problem, state=problem.state, note=problem.reason
            )
            problem.revise()
            announce(problem)
        problem.save()


def announce(problem: Problem) -> None:
    """Tell the platform that sent the row."""
    if not problem.sender.is_local and problem.is_own:
        publish(PROBLEM, problem)
