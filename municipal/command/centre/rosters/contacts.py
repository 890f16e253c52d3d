"""The contact book with its import, and notices to the people on duty."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.centre.common import keep, require, tell, wrong
from municipal.command.centre.models import Contact, DutyNotice, NoticeReader
from municipal.command.geocoding.tables import read_rows
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

MANAGE = "centre.manage_contacts"
# Columns of a file, as the export writes them
HEADS = ("name", "group", "unit_name", "position", "phone", "mobile", "email", "note")


def save_contact(*, contact: Contact, by: User) -> Contact:
    """Keep somebody in the contact book; a number or an address is needed."""
    if not (contact.phone or contact.mobile or contact.email):
        raise wrong("phone", _("Give a phone number or an e-mail address."))
    kept: Contact = keep(contact, "watch.contact_saved", by=by, permission=MANAGE)
    return kept


def take_row(row: dict[str, str], *, by: User) -> bool:
    """Keep a row of a file; whether it was new. Name and unit say who it is."""
    values = {name: row.get(name, "") for name in HEADS}
    if not values["name"]:
        raise wrong("name", _("A name is missing."))
    known = Contact.objects.filter(name=values["name"], unit_name=values["unit_name"])
    contact = known.first() or Contact()
    new = contact.pk is None
    for name, value in values.items():
        setattr(contact, name, value)
    try:
        contact.full_clean(validate_constraints=False)
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        raise wrong(name, texts[0]) from error
    save_contact(contact=contact, by=by)
    return new


@job("centre.import_contacts", gettext_lazy("Import contacts"))
def import_contacts(work: Work) -> None:
    """Take the rows of a file into the contact book."""
    assert work.input is not None
    assert work.by is not None
    for number, row in read_rows(work.input):
        if number <= work.checkpoint.get("row", 1):
            continue
        try:
            with transaction.atomic():
                take_row(row, by=work.by)
                work.advance(1, checkpoint={"row": number})
        except DomainError as error:
            field, reason = next(iter(error.fields.items()), ("", error.message))
            work.problem(number, str(reason), field=field, value=row.get(field, ""))
            work.advance(failed=1, checkpoint={"row": number})


@transaction.atomic
def send_notice(
    *, title: str, text: str, people: Iterable[User], by: User
) -> DutyNotice:
    """Say something to people on duty; each confirms it."""
    require(by, "centre.write_desk")
    readers = list({person.pk: person for person in people}.values())
    if not readers:
        raise wrong("people", _("Nobody is on duty then."))
    made = DutyNotice.objects.create(title=title, text=text, by=by)
    NoticeReader.objects.bulk_create(
        NoticeReader(notice=made, person=person) for person in readers
    )
    audit.record("watch.notice_sent", made, by=by, data={"people": len(readers)})
    tell(readers, "duty", title, body=text, link=made.get_absolute_url())
    return made


@transaction.atomic
def confirm_notice(*, notice: DutyNotice, by: User) -> None:
    """A reader confirms; a second time changes nothing."""
    mine = NoticeReader.objects.filter(notice=notice, person=by)
    if not mine.exists():
        raise Conflict(_("This notice did not go to you."))
    if mine.filter(read_at=None).update(read_at=clock.now()):
        audit.record("watch.notice_confirmed", notice, by=by)
