"""Pictures of the main pages, into docs/screenshots.

Starts the demo's federation with its sample data for it; RUNNING_FEDERATION (its
folder) and DEMO_PORT_BASE name one that runs already.
"""

import argparse
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from scripts import incidents
from scripts.browser import DESK, PHONE, WALL, Person, launched
from scripts.federation import NODES, PASSWORD, Federation
from scripts.supervisor import ROOT

FOLDER = ROOT / "docs" / "screenshots"
NATION, PROVINCE, CITY, _OTHER = (code for code, _name, _parent in NODES)
LIMIT = 250_000  # bytes
TALL = {"width": 1366, "height": 1180}
CODE = """
from municipal.public_service.models import PublicRequest
done = PublicRequest.objects.filter(case__state="closed", satisfaction="")
print(done.values_list("query_code", flat=True).first())
"""
ROW = "#list tbody tr td a"


@dataclass(frozen=True)
class Shot:
    """A page: who opens what at which node, and which links are followed there."""

    name: str
    node: str
    user: str
    path: str
    follow: tuple[str, ...] = ()
    viewport: tuple[tuple[str, int], ...] = tuple(DESK.items())
    press: str = ""


def shot(
    name: str,
    account: str,
    path: str,
    *follow: str,
    viewport: dict[str, int] = DESK,
    press: str = "",
) -> Shot:
    """A line of the table below; the account is `user@node`, or just `@node`."""
    user, _at, node = account.partition("@")
    return Shot(name, node, user, path, follow, tuple(viewport.items()), press)


SHOTS = (
    shot("login", f"@{CITY}", "/accounts/login/"),
    shot("home-acceptor", f"acceptor@{CITY}", "/"),
    shot("home-dispatcher", f"dispatcher@{CITY}", "/"),
    shot("home-handler", f"handler1@{CITY}", "/"),
    shot("home-province", f"clerk@{PROVINCE}", "/"),
    shot("case-list", f"acceptor@{CITY}", "/command/cases/"),
    shot(
        "case-detail",
        f"dispatcher@{CITY}",
        "/command/cases/?state=closed",
        ROW,
        viewport=TALL,
    ),
    shot(
        "case-dispatch",
        f"dispatcher@{CITY}",
        "/command/cases/?state=pending_dispatch",
        ROW,
        press="派遣",
    ),
    shot("case-report", f"acceptor@{CITY}", "/command/report/", viewport=TALL),
    shot("desk-department", f"handler1@{CITY}", "/collaboration/desk/?tab=hand"),
    shot("desk-leader", f"overseer@{CITY}", "/collaboration/units/"),
    shot("desk-reception", f"acceptor@{CITY}", "/reception/"),
    shot("case-search", f"dispatcher@{CITY}", "/queries/cases/"),
    shot("case-map", f"dispatcher@{CITY}", "/queries/map/"),
    shot("case-tables", f"dispatcher@{CITY}", "/queries/tables/"),
    shot("duty-rules", f"admin@{CITY}", "/collaboration/rules/"),
    shot("components", f"admin@{CITY}", "/base-data/components/"),
    shot("grids", f"admin@{CITY}", "/base-data/grids/"),
    shot("field-home", f"inspector1@{CITY}", "/field/", viewport=PHONE),
    shot("field-app", f"inspector1@{CITY}", "/field/app/", viewport=PHONE),
    shot(
        "field-task",
        f"inspector1@{CITY}",
        "/field/",
        ".field-list a",
        viewport=PHONE,
    ),
    shot("field-report", f"inspector1@{CITY}", "/field/report/", viewport=PHONE),
    shot("public-home", f"@{CITY}", "/public/"),
    shot("public-report", f"@{CITY}", "/public/report/", viewport=TALL),
    shot("public-progress", f"@{CITY}", "/public/progress/{code}/", viewport=TALL),
    shot("city-centre", f"leader@{CITY}", "/centre/", viewport=WALL),
    shot("wall", f"leader@{CITY}", "/duty-desk/wall/", viewport=WALL),
    shot("duty-desk", f"dutyleader@{CITY}", "/duty-desk/"),
    shot("duty-roster", f"dutyleader@{CITY}", "/duty-desk/roster/"),
    shot("emergency", f"dutyleader@{CITY}", "/duty-desk/emergencies/", ROW),
    shot("video", f"dutyleader@{CITY}", "/duty-desk/video/"),
    shot("inspectors-live", f"dutyleader@{CITY}", "/field-work/live/"),
    shot("attendance", f"dutyleader@{CITY}", "/field-work/statistics/"),
    shot("evaluation", f"leader@{CITY}", "/performance/overview/"),
    shot("evaluation-run", f"leader@{CITY}", "/performance/runs/", ROW),
    shot("province-centre", f"leader@{PROVINCE}", "/centre/", viewport=WALL),
    shot("nation-centre", f"leader@{NATION}", "/centre/", viewport=WALL),
    shot("task-list", f"clerk@{NATION}", "/supervision/tasks/"),
    shot("task-draft", f"clerk@{NATION}", "/supervision/tasks/new/", viewport=TALL),
    shot(
        "task-detail",
        f"clerk@{NATION}",
        "/supervision/tasks/?state=issued&sort=deadline",
        ROW,
    ),
    shot(
        "task-received",
        f"clerk@{PROVINCE}",
        "/supervision/received/",
        ROW,
        viewport=TALL,
    ),
    shot("task-statistics", f"clerk@{PROVINCE}", "/supervision/statistics/"),
    shot("exchange-status", f"admin@{PROVINCE}", "/exchange/status/"),
    shot("exchange-problems", f"admin@{PROVINCE}", "/exchange/status/problems/"),
    shot("exchange-interfaces", f"admin@{PROVINCE}", "/exchange/status/interfaces/"),
    *(
        shot(f"exchange-{name}", f"admin@{PROVINCE}", f"/exchange/{path}", *follow)
        for name, path, *follow in (
            ("board", "operations/"),
            ("topology", "operations/topology/"),
            ("peer", "status/", "main table tbody tr td a"),
            ("interface", "standard/", ROW),
            ("subscriptions", "feeds/"),
            ("schedules", "operations/schedules/"),
            ("batches", "status/batches/"),
            ("statistics", "operations/statistics/"),
            ("outages", "operations/outages/"),
            ("alarms", "operations/alarms/"),
            ("alarm-rules", "operations/rules/"),
            ("resend", "operations/resend/"),
            ("certificates", "certificates/"),
            ("certificate", "certificates/", ROW),
            ("reports", "operations/reports/"),
            ("packages", "packages/"),
            ("landing", "standard/rows/"),
            ("cleansing-run", "cleansing/runs/", ROW),
            ("cleansing-scores", "cleansing/scores/"),
            ("cleansing-problems", "cleansing/problems/"),
            ("fusion-tasks", "fusion/tasks/"),
            ("catalogue", "catalogue/"),
            ("catalogue-entry", "catalogue/", ROW),
        )
    ),
    shot("exchange-connectors", f"admin@{CITY}", "/exchange/connectors/", ROW),
    shot("people", f"admin@{CITY}", "/maintenance/people/"),
    shot("organisation", f"admin@{CITY}", "/maintenance/units/"),
    shot("process", f"admin@{CITY}", "/maintenance/processes/", ROW, viewport=TALL),
    shot("calendar", f"admin@{CITY}", "/maintenance/calendar/", viewport=TALL),
    shot("audit-log", f"auditor@{CITY}", "/maintenance/audit/"),
    shot("indicators", f"leader@{PROVINCE}", "/centre/explorer/"),
    shot("api-docs", f"admin@{CITY}", "/api/docs"),
)


def small(picture: bytes, limit: int = LIMIT) -> bytes:
    """The picture packed tightly; with 256 colours where it is larger than allowed."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    packed = png(image)
    return packed if len(packed) <= limit else png(image.quantize(256))


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def settle(page: Page) -> None:
    """Wait until the page has asked for everything and has stopped moving."""
    page.wait_for_load_state("networkidle")
    moving = page.locator("canvas").count()
    page.wait_for_timeout(2500 if moving else 400)


class Camera:
    """Signs everybody in once and takes pictures."""

    def __init__(self, browser: Browser, federation: Federation) -> None:
        self.browser, self.federation = browser, federation
        self.cookies: dict[tuple[str, str], list] = {}

    def person(self, one: Shot) -> Person:
        """Somebody before a fresh window of the right size."""
        context = self.browser.new_context(viewport=dict(one.viewport), locale="zh-CN")
        made = Person(context.new_page(), self.federation.nodes[one.node].url)
        key = one.node, one.user
        if key in self.cookies:
            context.add_cookies(self.cookies[key])
        elif one.user:
            made.sign_in(one.user, PASSWORD)
            self.cookies[key] = context.cookies()
        return made

    def desk(self, node: str, user: str = "admin") -> Person:
        """Somebody of a platform at the desk, by default its administrator."""
        return self.person(shot("", f"{user}@{node}", ""))

    def query_code(self, one: Shot) -> str:
        """The code of a settled report, where the path asks for one."""
        if "{code}" not in one.path:
            return ""
        node = self.federation.nodes[one.node]
        return node.manage("shell", "-v", "0", "-c", CODE).strip()

    def take(self, one: Shot) -> list[str]:
        """Take one picture; what the browser complained about."""
        person = self.person(one)
        page = person.page
        person.open(one.path.replace("{code}", self.query_code(one)))
        for selector in one.follow:
            person.open(page.locator(selector).first.get_attribute("href") or "")
        if one.press:
            person.begin(one.press)
        settle(page)
        (FOLDER / f"{one.name}.png").write_bytes(small(page.screenshot()))
        page.context.close()
        return person.complaints


def free_port_base() -> int:
    """Neighbouring ports that nobody uses."""
    return next(base for base in range(18100, 19000, 20) if not Federation.taken(base))


@contextmanager
def federation() -> Iterator[Federation]:
    """The running federation, or one of our own for the pictures."""
    if running := os.environ.get("RUNNING_FEDERATION"):
        yield Federation(Path(running), int(os.environ["DEMO_PORT_BASE"]))
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Federation(Path(folder), free_port_base())
        try:
            made.start()
            yield made
        finally:
            made.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    names = parser.parse_args().names
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in SHOTS if not names or one.name in names]
    with federation() as running, launched() as browser:
        camera = Camera(browser, running)
        if any(one.name.startswith("exchange-") for one in wanted):
            incidents.happen(running, camera.desk)
        found = {one.name: camera.take(one) for one in wanted}
    complaints = {name: said for name, said in found.items() if said}
    for name in found:
        print(name, *complaints.get(name, ()), sep="\n    ", flush=True)
    if complaints:
        raise SystemExit("The browser complained about some pages.")


if __name__ == "__main__":
    main()
