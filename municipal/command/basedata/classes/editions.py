"""The change from the edition of 2013 to that of 2026: look first, carry out, undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.components import counts
from municipal.command.basedata.models import CodeMove, EditionMove
from municipal.command.basedata.models.classes import MoveState
from municipal.command.enums import OPEN
from municipal.command.models import Case, Component
from platform_core.audit import services as audit
from platform_core.classification import selectors as catalogue
from platform_core.classification import services as classification
from platform_core.classification.codes import ComponentCode
from platform_core.classification.enums import Edition, Kind
from platform_core.classification.models import ProblemClass
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

CHUNK = 500
KEEP = "keep"
SAME, MOVED, MISSING = "same", "moved", "missing"


@dataclass(frozen=True)
class Line:
    """A class of 2013 and what the change would do to its components."""

    code: str
    name: str
    status: str
    target: str
    target_name: str
    components: int
    cases: int
    decision: str

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide first."""
        return self.status != SAME and not self.decision


def dry_run(move: EditionMove) -> list[Line]:
    """What the change would do, by class of 2013; nothing is written."""
    old = {"edition": Edition.E2013}
    rows = Component.objects.filter(**old).values("class_code").order_by("class_code")
    cases = _open_cases()
    return [
        _line(move, row["class_code"], row["n"], cases)
        for row in rows.annotate(n=Count("pk"))
    ]


def _open_cases() -> dict[str, int]:
    """Open cases about components of 2013, by class."""
    found: dict[str, int] = {}
    codes = Case.objects.filter(state__in=OPEN).values_list("component_code", flat=True)
    for code in codes:
        if len(code) == 16:
            found[code[6:10]] = found.get(code[6:10], 0) + 1
    return found


def _line(move: EditionMove, code: str, number: int, cases: dict[str, int]) -> Line:
    row = catalogue.problem_class(Kind.COMPONENT, code, Edition.E2013)
    target = _crosswalk(row)
    status = MISSING
    if target:
        status = SAME if target.code[:2] == code[:2] else MOVED
    return Line(
        code=code,
        name=row.name if row else "",
        status=status,
        target=target.code if target else "",
        target_name=target.name if target else "",
        components=number,
        cases=cases.get(code, 0),
        decision=move.decisions.get(code, ""),
    )


def _crosswalk(row: ProblemClass | None) -> ProblemClass | None:
    if row is None:
        return None
    return catalogue.crosswalk(row, Edition.E2026, as_component=True)


def choices() -> list[tuple[str, str]]:
    """Classes of components in the edition of 2026."""
    rows = catalogue.classes(Edition.E2026, Kind.COMPONENT)
    return [(row.code, f"{row.code} {row.name}") for row in rows]


@transaction.atomic
def prepare(*, by: Any, title: str) -> EditionMove:
    """Begin to prepare the change; only one at a time."""
    busy = {MoveState.DRAFT, MoveState.RUNNING, MoveState.UNDOING}
    if EditionMove.objects.filter(state__in=busy).exists():
        raise Conflict(_("A change of the edition is under way already."))
    move = EditionMove.objects.create(title=title, made_by=by)
    audit.record("edition.prepared", move, by=by)
    return move


@transaction.atomic
def decide(*, move: EditionMove, by: Any, decisions: Mapping[str, str]) -> EditionMove:
    """Say what becomes of classes without a plain counterpart."""
    move = _locked(move, MoveState.DRAFT)
    known = {code for code, _name in choices()} | {KEEP, ""}
    wrong = [value for value in decisions.values() if value not in known]
    if wrong:
        raise DomainError(_("There is no class %(code)s.") % {"code": wrong[0]})
    move.decisions = {code: value for code, value in decisions.items() if value}
    move.save(update_fields=["decisions"])
    data = {"decisions": move.decisions}
    audit.record("edition.decided", move, by=by, data=data)
    return move


@transaction.atomic
def carry_out(*, move: EditionMove, by: Any) -> Any:
    """Start the job that recodes components; given is the job."""
    move = _locked(move, MoveState.DRAFT)
    undecided = [line.code for line in dry_run(move) if line.is_open]
    if undecided:
        text = _("Decide about these classes first: %(codes)s")
        raise Conflict(text % {"codes": ", ".join(undecided)})
    move.state = MoveState.RUNNING
    move.previous_edition = catalogue.default_edition()
    move.save(update_fields=["state", "previous_edition"])
    audit.record("edition.started", move, by=by)
    return _start("basedata.move_edition", move, by)


@transaction.atomic
def undo(*, move: EditionMove, by: Any) -> Any:
    """Start the job that gives everything its old code back."""
    move = _locked(move, MoveState.DONE)
    move.state = MoveState.UNDOING
    move.save(update_fields=["state"])
    audit.record("edition.undo_started", move, by=by)
    return _start("basedata.undo_edition", move, by)


def component_code(code: str) -> str:
    """The present code of a component that had this one before."""
    row = CodeMove.objects.filter(kind="component", old_code=code, undone=False)
    found = row.order_by("-pk").first()
    return found.new_code if found else code


def _locked(move: EditionMove, state: str) -> EditionMove:
    move = EditionMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if move.state != state:
        raise Conflict(_("This is not possible in the present state."))
    return move


def _start(kind: str, move: EditionMove, by: Any) -> Any:
    return jobs.start(kind, by=by, title=move.title, params={"move": move.pk})


@job("basedata.move_edition", gettext_lazy("Recode components by the edition of 2026"))
def run_move(work: Work) -> None:
    """Recode the components; open cases about them follow, closed ones do not."""
    move = EditionMove.objects.get(pk=work.params["move"])
    rows = Component.objects.filter(edition=Edition.E2013)
    work.expect(rows.count() + int(work.checkpoint.get("handled", 0)))
    last = int(work.checkpoint.get("last", 0))
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        with transaction.atomic():
            done = sum(_recode(work, move, component) for component in chunk)
            handled = int(work.checkpoint.get("handled", 0)) + len(chunk)
            place = {"last": last, "handled": handled}
            work.advance(done, skipped=len(chunk) - done, checkpoint=place)
    with transaction.atomic():
        counts.rebuild()
        classification.set_default_edition(edition=Edition.E2026, by=work.by)
        EditionMove.objects.filter(pk=move.pk).update(state=MoveState.DONE)
        audit.record("edition.carried_out", move, by=work.by)


def _recode(work: Work, move: EditionMove, component: Component) -> int:
    """Give a component its code of 2026; 0 where it keeps the old one."""
    decision = move.decisions.get(component.class_code, "")
    row = catalogue.problem_class(Kind.COMPONENT, component.class_code, Edition.E2013)
    found = _crosswalk(row)
    target_code = decision or (found.code if found else KEEP)
    target = catalogue.problem_class(Kind.COMPONENT, target_code, Edition.E2026)
    if target is None:
        return 0
    old = component.code
    new = _free(str(ComponentCode.parse(old).moved_to(target.code)))
    before = {
        "edition": component.edition,
        "class_code": component.class_code,
        "class_name": component.class_name,
    }
    after = {
        "code": new,
        "edition": Edition.E2026,
        "class_code": target.code,
        "class_name": target.name,
    }
    Component.objects.filter(pk=component.pk).update(**after, updated_at=clock.now())
    _remember(move, "component", component.pk, (old, new), before)
    for case in Case.objects.filter(component_code=old, state__in=OPEN):
        Case.objects.filter(pk=case.pk).update(component_code=new)
        _remember(move, "case", case.pk, (old, new), {"number": case.number})
    return 1


def _remember(
    move: EditionMove, kind: str, key: int, codes: tuple[str, str], before: Any
) -> None:
    CodeMove.objects.create(
        move=move,
        kind=kind,
        object_id=key,
        old_code=codes[0],
        new_code=codes[1],
        before=before,
    )


def _free(code: str) -> str:
    """This code, or the next free serial where another component has it."""
    if not Component.objects.filter(code=code).exists():
        return code
    parsed = ComponentCode.parse(code)
    prefix = f"{parsed.county}{parsed.class_code}"
    rows = Component.objects.filter(code__startswith=prefix)
    last = rows.aggregate(last=Max("code"))["last"]
    return str(ComponentCode(parsed.county, parsed.class_code, int(last[-6:]) + 1))


@job("basedata.undo_edition", gettext_lazy("Undo the change of the edition"))
def run_undo(work: Work) -> None:
    """Give components and open cases their old codes back."""
    move = EditionMove.objects.get(pk=work.params["move"])
    rows = move.codes.filter(undone=False)
    work.expect(rows.count())
    while chunk := list(rows.order_by("pk")[:CHUNK]):
        with transaction.atomic():
            for row in chunk:
                _give_back(row)
            keys = [row.pk for row in chunk]
            CodeMove.objects.filter(pk__in=keys).update(undone=True)
            work.advance(len(chunk), checkpoint={"last": keys[-1]})
    with transaction.atomic():
        counts.rebuild()
        edition = move.previous_edition or Edition.E2013
        classification.set_default_edition(edition=edition, by=work.by)
        EditionMove.objects.filter(pk=move.pk).update(state=MoveState.UNDONE)
        audit.record("edition.undone", move, by=work.by)


def _give_back(row: CodeMove) -> None:
    if row.kind == "component":
        mine = Component.objects.filter(pk=row.object_id, code=row.new_code)
        mine.update(code=row.old_code, updated_at=clock.now(), **row.before)
    else:
        mine_too = Case.objects.filter(pk=row.object_id, component_code=row.new_code)
        mine_too.update(component_code=row.old_code)
