"""Rule sets: made from a table, edited as a draft, tried, published."""

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.engine.rules import Count, Found, Verdict
from exchange.aggregation.cleansing.engine.run import Cleansing
from exchange.aggregation.cleansing.enums import SAMPLE, SHOWN, Life
from exchange.aggregation.cleansing.models import Rule, RuleSet, RuleSetVersion
from exchange.interfaces.models import Table
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import defaults, exporting, finding, resolving
from .people import person

COPIED = (
    "place",
    "code",
    "name",
    "kind",
    "fields",
    "parameters",
    "severity",
    "weight",
    "action",
)


@transaction.atomic
def make(*, table: Table, by: Actor) -> RuleSet:
    """The rule set of a table with a first draft from its fields; once only."""
    rule_set, made = RuleSet.objects.get_or_create(table=table)
    if made:
        draft = RuleSetVersion.objects.create(rule_set=rule_set, by=person(by))
        rules = defaults.rules_of(table)
        for rule in rules:
            rule.version = draft
        Rule.objects.bulk_create(rules)
        about = {"table": table.code, "rules": len(rules)}
        audit.record("cleansing.rule_set_made", rule_set, by=by, data=about)
    return rule_set


@transaction.atomic
def change(*, rule_set: RuleSet, by: Actor, **facts: Any) -> RuleSet:
    """When the set is applied: `after_landing`, `daily_at`."""
    row = RuleSet.objects.select_for_update(of=("self",)).get(pk=rule_set.pk)
    for name, value in facts.items():
        setattr(row, name, value)
    row.touch()
    row.save()
    audit.record("cleansing.rule_set_changed", row, by=by, data=facts)
    return row


@transaction.atomic
def draft(*, rule_set: RuleSet, by: Actor) -> RuleSetVersion:
    """The draft of a set; a copy of the published version where there is none."""
    row = RuleSet.objects.select_for_update(of=("self",)).get(pk=rule_set.pk)
    if found := row.draft:
        return found
    last = row.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    made = RuleSetVersion.objects.create(rule_set=row, number=number, by=person(by))
    if row.current is not None:
        copies = row.current.rules.values(*COPIED)
        Rule.objects.bulk_create(Rule(version=made, **facts) for facts in copies)
    audit.record("cleansing.draft_made", made, by=by, data={"number": number})
    return made


def _editable(version: RuleSetVersion) -> RuleSetVersion:
    rows = RuleSetVersion.objects.select_for_update(of=("self",))
    row = rows.select_related("rule_set__table").get(pk=version.pk)
    if not row.is_draft:
        raise Conflict(_("Only a draft can be changed."))
    return row


@transaction.atomic
def keep_rule(*, rule: Rule, by: Actor) -> Rule:
    """Add a rule to a draft, or change it; one that cannot work is refused."""
    version = _editable(rule.version)
    known = {field.code for field in version.rule_set.table.fields}
    strange = [name for name in rule.fields if name not in known]
    if strange:
        text = _("The table has no field %(name)s.") % {"name": strange[0]}
        raise DomainError(text, fields={"fields": text})
    resolving.resolve([rule])
    if rule.pk is None:
        rule.code = _free_code(version, rule)
        rule.place = version.rules.count() + 1
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise Conflict(_("There is a rule with this code already.")) from error
    facts = {name: getattr(rule, name) for name in COPIED}
    audit.record("cleansing.rule_kept", version, by=by, data=facts)
    return rule


def _free_code(version: RuleSetVersion, rule: Rule) -> str:
    wanted = defaults.code_of(rule.kind, rule.fields)
    taken = set(version.rules.values_list("code", flat=True))
    numbers = (f"{wanted[:76]}-{number}" for number in range(2, 1000))
    return next(code for code in (wanted, *numbers) if code not in taken)


@transaction.atomic
def drop_rule(*, rule: Rule, by: Actor) -> None:
    """Take a rule out of a draft."""
    version = _editable(rule.version)
    audit.record("cleansing.rule_dropped", version, by=by, data={"code": rule.code})
    rule.delete()


@transaction.atomic
def publish(*, version: RuleSetVersion, by: Actor, note: str = "") -> RuleSetVersion:
    """Make a draft the rules that count; runs from now on use it."""
    row = _editable(version)
    rules = list(row.rules.all())
    if not rules:
        raise DomainError(_("A rule set needs at least one rule."))
    resolving.resolve(rules)
    row.rule_set.versions.filter(state=Life.PUBLISHED).update(state=Life.RETIRED)
    row.state, row.published_at, row.note = Life.PUBLISHED, now(), note[:300]
    row.touch()
    row.save()
    RuleSet.objects.filter(pk=row.rule_set_id).update(current=row, updated_at=now())
    about = {"number": row.number, "rules": len(rules), "note": note}
    audit.record("cleansing.rule_set_published", row, by=by, data=about)
    return row


class Trial(NamedTuple):
    """What a version would find in some rows."""

    rows: int
    counts: list[tuple[Rule, Count]]
    verdicts: dict[Verdict, int]
    problems: list[tuple[Rule, Found]]


def try_out(version: RuleSetVersion, *, size: int = SAMPLE) -> Trial:
    """Apply a version to the newest rows without keeping anything."""
    rules = list(version.rules.all())
    personal = finding.personal_fields(rules)
    with TemporaryDirectory(prefix="cleansing-") as home:
        folder = Path(home)
        source = folder / "rows.ndjson"
        exporting.sample(version.rule_set.table, source, size)
        resolved = resolving.resolve(rules, folder)
        with Cleansing(source, resolved, folder / "work") as done:
            done.run()
            found = [
                (rules[one.rule], finding.hidden(one, personal))
                for one in islice(done.problems(), SHOWN)
            ]
            counts = list(zip(rules, done.counts(), strict=True))
            return Trial(done.rows, counts, done.verdicts(), found)
