"""Lists, details, steps and tiles of one size; given the port and the process."""

import json
import os
import random
import sys
from collections.abc import Callable
from dataclasses import asdict

import django

django.setup()

from django.conf import settings  # noqa: E402  Django had to be set up first
from django.test import Client  # noqa: E402
from knox.models import AuthToken  # noqa: E402

from benchmarks import memory, near, wall  # noqa: E402
from benchmarks.load import Call, Result, run  # noqa: E402
from municipal.command.enums import OPEN  # noqa: E402
from municipal.command.models import Case, UnitGrid  # noqa: E402
from platform_core.accounts.models import User  # noqa: E402
from platform_core.geo.tiles import Tile  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "800"))
ROOT_NAME = "bench-root"
# The cases of the last days are in memory, as where people work on them.
WARM_UPS = {"detail": 2000}
Calls = Callable[[int], Call]


def person(name: str) -> User:
    """Somebody of the sample, or a super-user of the bench."""
    if name == ROOT_NAME and not User.objects.filter(username=name).exists():
        User.objects.create_superuser(name, password=None)
    return User.objects.get(username=name)


def token(name: str) -> str:
    """A new API token."""
    return str(AuthToken.objects.create(person(name))[1])


def lists(key: str) -> Calls:
    return lambda _: Call("GET", "/api/v1/cases/", token=key)


def details(key: str) -> Calls:
    seen = list(Case.objects.order_by("-pk").values_list("uid", flat=True)[:40_000])
    chosen = random.Random(7).sample(seen, 2000)
    return lambda number: Call(
        "GET", f"/api/v1/cases/{chosen[number % 2000]}/", b"", key
    )


def reports(key: str) -> Calls:
    chance = random.Random(9)
    grids = chance.sample(list(UnitGrid.objects.order_by("code")), 500)

    def create(_: int) -> Call:
        grid = chance.choice(grids)
        body = {
            "source": "13",
            "class_kind": "matter",
            "class_code": "06001",
            "description": "路面有垃圾堆放，影响通行。",
            "lon": grid.lon,
            "lat": grid.lat,
        }
        return Call("POST", "/api/v1/cases/", json.dumps(body).encode(), key)

    return create


def steps(key: str, count: int) -> Calls:
    waiting = Case.objects.filter(state="pending_accept", source="13")
    ready = list(waiting.order_by("-pk").values_list("uid", flat=True)[:count])

    def accept(number: int) -> Call:
        path = f"/api/v1/cases/{ready[number]}/actions/accept/"
        return Call("POST", path, b"{}", key)

    return accept


def tiles(name: str) -> Calls:
    """Tiles around open cases, each of another place, from the street to the city."""
    client = Client()
    client.force_login(person(name))
    cookie = f"{settings.SESSION_COOKIE_NAME}="
    cookie += client.cookies[settings.SESSION_COOKIE_NAME].value
    found = Case.objects.filter(state__in=OPEN).order_by("pk").values_list("lon", "lat")
    points = list(found[:2000])

    def ask(number: int) -> Call:
        tile = Tile.at(14 + number % 3, *points[number % len(points)])
        path = f"/queries/tiles/cases/{tile.z}/{tile.x}/{tile.y}.mvt"
        return Call("GET", path, cookie=cookie)

    return ask


def walls(name: str) -> Calls:
    """The wall's question, each time as if something had changed."""
    wall.ready()
    client = Client()
    client.force_login(person(name))
    cookie = f"{settings.SESSION_COOKIE_NAME}="
    cookie += client.cookies[settings.SESSION_COOKIE_NAME].value
    return lambda number: Call("GET", wall.ADDRESS.format(number), cookie=cookie)


def measure(port: int) -> dict[str, Result]:
    """All of them, each after a warm-up of the workers and of what they read."""
    acceptor = token("acceptor")
    found = {}
    plans: tuple[tuple[str, Callable[[], Calls]], ...] = (
        ("list, department", lambda: lists(token("handler1"))),
        ("list, super-user", lambda: lists(token(ROOT_NAME))),
        ("detail", lambda: details(acceptor)),
        ("create", lambda: reports(acceptor)),
        ("map tile", lambda: tiles("acceptor")),
        ("wall data", lambda: walls("overseer")),
    )
    for name, plan in plans:
        calls = plan()
        run(port, calls, WARM_UPS.get(name, 40))
        found[name] = run(port, calls, ROUNDS)
    found["transition"] = run(port, steps(acceptor, ROUNDS), ROUNDS)
    return found


def main() -> None:
    port, server = (int(value) for value in sys.argv[1:3])
    found = measure(port)
    held = memory.walk(port, server, token(ROOT_NAME))
    print("workers: " + ", ".join(f"{mb:.0f} MB {when}" for when, mb in held.items()))
    calls = {name: asdict(result) for name, result in found.items()}
    print(json.dumps({"calls": calls, "times": {**near.measure(), **wall.measure()}}))


if __name__ == "__main__":
    main()
