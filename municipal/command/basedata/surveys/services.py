"""Plan surveys, note what is found, finish grids.  [functions CC-05]"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import services as cases
from municipal.command.basedata.changes import services as changes
from municipal.command.basedata.enums import (
    CampaignState,
    Change,
    Finding,
    Origin,
)
from municipal.command.basedata.models import (
    Campaign,
    CampaignFinding,
    CampaignGrid,
    Proposal,
)
from municipal.command.models import Case, Component, UnitGrid
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Edition, Kind
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.files.models import Attachment
from platform_core.notices import services as notices
from platform_core.regions.codes import prefix_of, range_q

SURVEY = "17"  # the source "special survey" of cases
Values = dict[str, Any]


@transaction.atomic
def plan(
    *,
    name: str,
    kind: str,
    division_code: str,
    class_codes: Sequence[str],
    starts_on: date,
    ends_on: date,
    inspectors: Iterable[User],
    by: User,
    instructions: str = "",
) -> Campaign:
    """A survey of the unit grids of a division, shared out among inspectors."""
    if ends_on < starts_on:
        message = _("The end lies before the beginning.")
        raise DomainError(message, fields={"ends_on": message})
    people = list(inspectors)
    if not people:
        message = _("Choose at least one inspector.")
        raise DomainError(message, fields={"inspectors": message})
    if not prefix_of(division_code).startswith(by.division_prefix[:6]):
        raise Forbidden(_("This place lies outside your division."))
    grids = UnitGrid.objects.filter(
        range_q(prefix_of(division_code), "code"), valid_to=None
    ).order_by("code")
    if not grids.exists():
        message = _("There are no unit grids in this area.")
        raise DomainError(message, fields={"division_code": message})
    made = Campaign.objects.create(
        name=name,
        kind=kind,
        division_code=division_code,
        class_codes=list(class_codes),
        starts_on=starts_on,
        ends_on=ends_on,
        instructions=instructions,
        made_by=by,
    )
    CampaignGrid.objects.bulk_create(_shared_out(made, list(grids), people))
    audit.record("survey.planned", made, by=by)
    return made


def _shared_out(
    campaign: Campaign, grids: list[UnitGrid], people: list[User]
) -> list[CampaignGrid]:
    """Each grid to who patrols it if they take part, the rest in even runs."""
    keys = {person.pk for person in people}
    patrols: dict[int, int] = {}
    rows = UnitGrid.objects.filter(
        pk__in=[grid.pk for grid in grids], duty_grid__supervisors__in=keys
    ).order_by("pk", "duty_grid__supervisors")
    for grid, person in rows.values_list("pk", "duty_grid__supervisors"):
        patrols.setdefault(grid, person)
    left = [grid for grid in grids if grid.pk not in patrols]
    share = -(-len(left) // len(people)) or 1
    patrols |= {grid.pk: people[place // share].pk for place, grid in enumerate(left)}
    return [
        CampaignGrid(
            campaign=campaign, grid_code=grid.code, inspector_id=patrols[grid.pk]
        )
        for grid in grids
    ]


@transaction.atomic
def begin(campaign: Campaign, *, by: User) -> Campaign:
    """Send the inspectors out."""
    campaign = _moved(campaign, CampaignState.DRAFT, CampaignState.RUNNING)
    keys = set(campaign.grids.values_list("inspector", flat=True))
    notices.notify(
        list(User.objects.filter(pk__in=keys)),
        kind="survey",
        title=_("Survey: %(name)s") % {"name": campaign.name},
        body=campaign.instructions,
        link=campaign.get_absolute_url(),
        level="info",
    )
    audit.record("survey.begun", campaign, by=by)
    return campaign


@transaction.atomic
def finish(campaign: Campaign, *, by: User) -> Campaign:
    """End a survey; what was proposed is reviewed all the same."""
    campaign = _moved(campaign, CampaignState.RUNNING, CampaignState.CLOSED)
    audit.record("survey.finished", campaign, by=by)
    return campaign


def _moved(campaign: Campaign, before: str, after: str) -> Campaign:
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if row.state != before:
        raise Conflict(_("This survey is not in the right state for it."))
    row.state = after
    row.touch()
    row.save()
    return row


@transaction.atomic
def note_finding(
    grid: CampaignGrid,
    *,
    finding: str,
    by: User,
    component: Component | None = None,
    values: Values | None = None,
    note: str = "",
    photos: Iterable[Attachment] = (),
    uid: UUID | None = None,
) -> CampaignFinding:
    """What somebody found; a `uid` that is known already changes nothing.

    CHANGED and MISSING become proposals with the `values`, CASE a case.
    """
    grid = _open_grid(grid, by)
    if uid is not None:
        known = CampaignFinding.objects.filter(uid=uid).first()
        if known is not None:
            return known
    if (component is None) != (finding == Finding.MISSING):
        raise DomainError(_("Say which component it is about."))
    made = CampaignFinding(
        grid=grid, component=component, finding=finding, by=by, note=note
    )
    if uid is not None:
        made.uid = uid
    if finding in {Finding.CHANGED, Finding.MISSING}:
        made.proposal = _propose(made, values or {}, photos)
    elif finding == Finding.CASE and component is not None:
        made.case = _report(component, note, photos, by)
    made.save()
    audit.record("survey.found", made, by=by, data={"finding": finding})
    return made


def _open_grid(grid: CampaignGrid, by: User) -> CampaignGrid:
    rows = CampaignGrid.objects.select_for_update(of=("self",))
    grid = rows.select_related("campaign").get(pk=grid.pk)
    if grid.inspector_id != by.pk:
        raise Forbidden(_("Another inspector surveys this grid."))
    if grid.campaign.state != CampaignState.RUNNING:
        raise Conflict(_("This survey is not under way."))
    return grid


def _propose(
    found: CampaignFinding, values: Values, photos: Iterable[Attachment]
) -> Proposal:
    component = found.component
    change = Change.EDIT
    if component is None:
        change = Change.ADD
        values = {"edition": classification.default_edition(), **values}
    elif values.get("status") == "removed":
        change = Change.REMOVE
    elif "status" in values:
        change = Change.STATE
    elif "lon" in values:
        change = Change.MOVE
    return changes.propose(
        subject="component",
        change=change,
        target=component,
        by=found.by,
        values=values,
        origin=Origin.CENSUS,
        reason=found.note,
        photos=photos,
        campaign=found.grid.campaign,
    )


def _report(
    component: Component, note: str, photos: Iterable[Attachment], by: User
) -> Case:
    kind, code, edition = Kind.COMPONENT, component.class_code, component.edition
    if edition == Edition.E2026:
        kind, code = Kind.MATTER, _matter_of(component)
    return cases.report_case(
        source=SURVEY,
        class_kind=kind,
        class_code=code,
        edition=edition,
        description=note,
        lon=component.lon,
        lat=component.lat,
        address=component.address,
        component_code=component.code,
        attachments=list(photos),
        by=by,
    )


def _matter_of(component: Component) -> str:
    """The matter "… abnormal" that a component's problems are filed under."""
    catalogue = classification.catalogue()
    row = classification.problem_class(
        Kind.COMPONENT, component.class_code, component.edition
    )
    old = row.code_2013 if row else ""
    matter = catalogue.case_of_2013.get((Kind.COMPONENT, old))
    if matter is None:
        raise DomainError(_("No cases can be filed about this class."))
    return matter.code


@transaction.atomic
def finish_grid(grid: CampaignGrid, *, by: User) -> CampaignGrid:
    """Say that a grid is surveyed; a second time changes nothing."""
    grid = _open_grid(grid, by)
    if grid.done_at is None:
        grid.done_at = clock.now()
        grid.save(update_fields=["done_at"])
        audit.record("survey.grid_finished", grid, by=by)
    return grid
