"""Rule sets: from the fields, as drafts, tried, compared, published."""

import pytest

from exchange.aggregation.cleansing import selectors
from exchange.aggregation.cleansing.models import Problem, Rule, RuleSet
from exchange.aggregation.cleansing.services import rule_sets
from platform_core.common.errors import Conflict, DomainError

from .conftest import row

pytestmark = pytest.mark.function("DA-13", at="cleansing:ruleset")


def test_the_first_draft_comes_from_the_fields(table, steward):
    rule_set = rule_sets.make(table=table, by=steward)
    found = {rule.code: rule for rule in rule_set.draft.rules.all()}
    assert set(found) == {
        "required-code",
        "length-code",
        "required-name",
        "length-name",
        "length-keeper_phone",
        "phone-keeper_phone",
        "type-made",
        "required-state",
        "code_list-state",
        "unique-code",
    }
    assert found["length-name"].parameters == {"most": 8}
    assert rule_sets.make(table=table, by=steward) == rule_set


def test_published_rules_do_not_change_but_by_a_new_version(rules, steward):
    rule = rules.current.rules.get(code="length-name")
    with pytest.raises(Conflict):
        rule_sets.keep_rule(rule=rule, by=steward)
    draft = rule_sets.draft(rule_set=rules, by=steward)
    copy = draft.rules.get(code="length-name")
    copy.parameters = {"most": 4}
    rule_sets.keep_rule(rule=copy, by=steward)
    rule_sets.drop_rule(rule=draft.rules.get(code="type-made"), by=steward)
    found = selectors.differences(rules.current, draft)
    assert [one.code for one in found] == ["length-name", "type-made"]
    assert found[1].after is None
    rule_sets.publish(version=draft, by=steward, note="名称更短")
    rules.refresh_from_db()
    assert rules.current == draft
    assert rules.versions.get(number=1).state == "retired"


@pytest.mark.parametrize(
    ("kind", "parameters", "field"),
    [
        ("pattern", {"pattern": "("}, "pattern"),
        ("length", {"least": 9, "most": 3}, "most"),
        ("code_list", {"list": "nowhere"}, "list"),
        ("reference", {"table": "nowhere"}, "table"),
        ("range", {}, "least"),
        ("time_order", {}, "fields"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(rules, steward, kind, parameters, field):
    draft = rule_sets.draft(rule_set=rules, by=steward)
    rule = Rule(
        version=draft, name="x", kind=kind, fields=["name"], parameters=parameters
    )
    with pytest.raises(DomainError) as refused:
        rule_sets.keep_rule(rule=rule, by=steward)
    assert field in refused.value.fields


def test_a_steward_edits_tries_compares_and_publishes(client, landed, rules, steward):
    landed(row("L1"), row("X1"))
    client.force_login(steward)
    base = rules.get_absolute_url()
    client.post(f"{base}draft/")
    given = {
        "name": "编号的写法",
        "kind": "pattern",
        "looks_at": ["code"],
        "pattern": "(",
        "severity": "error",
        "action": "reject",
        "weight": "2",
    }
    answer = client.post(f"{base}rules/add/", given)
    assert answer.status_code == 422
    assert "编号的写法" in answer.content.decode()
    client.post(f"{base}rules/add/", given | {"pattern": "L[0-9]+"})

    trial = client.get(f"{base}trial/?version=2").content.decode()
    assert "X1" in trial
    assert Problem.objects.count() == 0
    compared = client.get(f"{base}compare/?old=1&new=2").content.decode()
    assert "pattern-code" in compared
    assert "length-name" not in compared
    client.post(f"{base}publish/", {"note": "加一条"})
    rules.refresh_from_db()
    assert rules.current.number == 2
    assert "编号的写法" in client.get(base).content.decode()


def test_a_reference_looks_into_the_other_table(landed, run, rules, table, steward):
    draft = rule_sets.draft(rule_set=rules, by=steward)
    rule = Rule(
        version=draft,
        name="名称在册",
        kind="reference",
        fields=["name"],
        parameters={"table": table.code, "field": "code"},
    )
    rule_sets.keep_rule(rule=rule, by=steward)
    rule_sets.publish(version=draft, by=steward)
    landed(row("L1", name="L2"), row("L2", name="L3"))
    run()
    assert Problem.objects.get().key == "L2"


def test_the_list_of_rule_sets(client, rules, steward):
    client.force_login(steward)
    assert "test_lamp" in client.get("/exchange/cleansing/").content.decode()
    assert RuleSet.objects.count() == 1
