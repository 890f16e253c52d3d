"""Definitions from two tables: states and transitions."""

import csv
from collections.abc import Collection, Mapping
from pathlib import Path

from .definition import Definition, Escalation, Limit, State, Transition

Step = tuple[str, str]
YES = "yes"
NONE = "none"


def load(
    states_csv: Path,
    transitions_csv: Path,
    role_map: Mapping[str, str],
    *,
    initial: str = "",
    clocks: Mapping[str, Limit] | None = None,
    guards: Mapping[Step, str] | None = None,
    forms: Mapping[Step, str] | None = None,
    automatic: Collection[Step] = (),
    names_en: Mapping[str, str] | None = None,
    escalations: Collection[Escalation] = (),
) -> Definition:
    """Read a definition; `role_map` turns role names into codes.

    `guards`, `forms` and `automatic` are keyed by (state, action), `names_en` by
    action. The first state is the initial one unless told otherwise.
    """
    states = tuple(_state(row) for row in _rows(states_csv))
    transitions = tuple(
        _transition(
            row,
            role_map,
            guard=(guards or {}).get((row["from_state"], row["action_code"]), ""),
            form=(forms or {}).get((row["from_state"], row["action_code"]), ""),
            automatic=(row["from_state"], row["action_code"]) in automatic,
            name_en=(names_en or {}).get(row["action_code"], ""),
        )
        for row in _rows(transitions_csv)
    )
    data = Definition(
        initial=initial or states[0].code,
        states=states,
        transitions=transitions,
        roles={code: name for name, code in role_map.items()},
        clocks=dict(clocks or {}),
        escalations=tuple(escalations),
    ).to_dict()
    return Definition.from_dict(data)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _state(row: Mapping[str, str]) -> State:
    return State(
        code=row["state_code"],
        name=row["name_zh"],
        name_en=row["name_en"],
        stage=int(row["stage_no"]),
        stage_name=row["stage_name"],
        terminal=row["terminal"] == YES,
        clock="" if row["clock"] == NONE else row["clock"],
    )


def _transition(
    row: Mapping[str, str],
    role_map: Mapping[str, str],
    *,
    guard: str,
    form: str,
    automatic: bool,
    name_en: str,
) -> Transition:
    return Transition(
        source=row["from_state"],
        action=row["action_code"],
        name=row["action_name"],
        name_en=name_en,
        role=role_map[row["actor_role"]],
        target=row["to_state"],
        condition=row["condition"],
        reason_required=row["reason_required"] == YES,
        guard=guard,
        form=form,
        automatic=automatic,
    )
