"""What a fresh federation has not met yet, lived through before its pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scripts.browser import Person
from scripts.federation import NODES, Federation

_NATION, PROVINCE, CITY, OTHER = (code for code, _name, _parent in NODES)
OUTAGE = "40"  # seconds; three tries in vain are an outage
ROW = "#list tbody tr td a"

Sitting = Callable[..., Person]


def happen(federation: Federation, sitting: Sitting) -> None:
    """All of them, one after the other."""
    applications(sitting)
    package(sitting)
    comparison(sitting)
    drills(federation)
    report(sitting)


def today() -> datetime:
    """The clock on the wall of all platforms."""
    return datetime.now(ZoneInfo("Asia/Shanghai"))


@contextmanager
def form(person: Person, path: str) -> Iterator[Person]:
    """Fill the form of a page in the block; it is sent at the end."""
    person.open(path)
    yield person
    send(person)


def send(person: Person) -> None:
    """Press the button of the form and wait for the answer."""
    with person.page.expect_navigation():
        person.page.click("main form [type=submit]")


def report(sitting: Sitting) -> None:
    """The report of today, before its end."""
    with form(sitting(PROVINCE), "/exchange/operations/reports/write/") as admin:
        admin.page.select_option("main [name=kind]", "day")
        admin.page.fill("main [name=day]", f"{today():%Y-%m-%d}")


def drills(federation: Federation) -> None:
    """A line that is down for a while, and a record that is refused."""
    outage = ("peer-down", "--peer", CITY, "--seconds", OUTAGE)
    for drill in (outage, ("poison-record", "--peer", OTHER)):
        with suppress(RuntimeError):  # its verdict on a busy machine is not asked for
            federation.nodes[PROVINCE].manage("drill", *drill)


def applications(sitting: Sitting) -> None:
    """Both cities ask the province for data; for one of them its owner agrees."""
    for node in (CITY, OTHER):
        with form(sitting(node), "/exchange/feeds/own/add/") as admin:
            admin.page.select_option("main [name=peer]", index=1)
            admin.choose("contract", "standard.bg_policy")
            admin.page.fill("main [name=purpose]", "政策法规汇编")
    owner = sitting(PROVINCE, "leader")
    appear(owner, "/exchange/feeds/")
    owner.open("/exchange/feeds/?state=applied")
    if owner.page.locator(ROW).count():  # none is left in a federation used before
        owner.page.locator(ROW).first.click()
        owner.begin_action("own-data")
        owner.finish()


def package(sitting: Sitting) -> None:
    """What was made since yesterday, as a file for a city."""
    province = sitting(PROVINCE)
    present = today()
    yesterday = present - timedelta(days=1)
    with form(province, "/exchange/packages/make/"):
        province.page.select_option("main [name=peer]", index=2)
        province.page.select_option("main [name=span]", "period")
        province.page.fill("main [name=start]", f"{yesterday:%Y-%m-%dT%H:%M}")
        province.page.fill("main [name=end]", f"{present:%Y-%m-%dT%H:%M}")
    province.page.check("main [name=confirmed]")
    send(province)
    appear(province, "/exchange/packages/")


def comparison(sitting: Sitting) -> None:
    """City and province compare now: certificates are made at night else."""
    with form(sitting(CITY), "/exchange/certificates/compare/") as admin:
        admin.page.select_option("main [name=peer]", index=1)
    appear(sitting(PROVINCE), "/exchange/certificates/")


def appear(person: Person, path: str) -> None:
    """Open a list again and again until it has a row."""
    for _try in range(60):
        person.open(path)
        if person.page.locator(ROW).count():
            return
        person.page.wait_for_timeout(1000)
    raise RuntimeError(f"nothing appeared at {path}")
