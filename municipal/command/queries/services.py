"""Keep, share and drop queries; start their exports."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError, Forbidden
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job

from .enums import Page
from .models import SavedQuery

EXPORT, TABLE = "queries.export", "queries.table"


@transaction.atomic
def keep(
    *, name: str, page: str, query: str, is_shared: bool = False, by: User
) -> SavedQuery:
    """Keep a query under a name; DomainError where the name is taken."""
    made = SavedQuery(
        name=name.strip(),
        page=Page(page),
        query=query,
        owner=by,
        unit=by.unit,
        is_shared=is_shared,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        message = _("You have a query of this name already.")
        raise DomainError(message, fields={"name": message}) from error
    audit.record("query.kept", made, by=by, data={"shared": is_shared, "query": query})
    return made


@transaction.atomic
def drop(saved: SavedQuery, *, by: User) -> None:
    """Drop a query of one's own."""
    if saved.owner_id != by.pk:
        raise Forbidden(_("Only who kept a query can drop it."))
    audit.record("query.dropped", saved, by=by, data={"name": saved.name})
    saved.delete()


def export(*, page: str, query: str, form: str, by: User) -> Job:
    """Write the rows of a search, or a cross table, to a file in the background."""
    if not by.has_perm("command.export_case"):
        raise Forbidden(_("You may not export cases."))
    kind = EXPORT if page == Page.CASES else TABLE
    return jobs.start(kind, by=by, params={"query": query, "form": form})
