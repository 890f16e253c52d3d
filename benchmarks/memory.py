"""How much memory the workers of a server hold while cases go through them."""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

PROC = Path("/proc")
PAGE_KB = 4
CASES, PAGE = 100_000, 200
WARM = 600  # pages until the heap has found its size
FIRST = f"/api/v1/cases/?page_size={PAGE}"


def workers(parent: int) -> list[int]:
    """The processes that a server started."""
    listed = PROC / str(parent) / "task" / str(parent) / "children"
    return [int(key) for key in listed.read_text().split()]


def resident_mb(parent: int) -> float:
    """Resident memory of all workers together, in megabytes."""
    pages = 0
    for key in workers(parent):
        pages += int((PROC / str(key) / "statm").read_text().split()[1])
    return pages * PAGE_KB / 1024


def walk(port: int, server: int, token: str) -> dict[str, float]:
    """Read 100 000 cases page by page; megabytes at the start, amid and at the end."""
    path = FIRST
    for _warm in range(WARM):
        path = _following(port, path, token)
    path, seen, held = FIRST, 0, {"at the start": resident_mb(server)}
    while seen < CASES:
        path = _following(port, path, token)
        seen += PAGE
        if seen == CASES // 2:
            held["amid"] = resident_mb(server)
    return {**held, f"after {seen} cases": resident_mb(server)}


def _following(port: int, path: str, token: str) -> str:
    """Ask for a page; the address of the next one, or of the first."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Token {token}"})
    page = json.loads(connection.getresponse().read())
    connection.close()
    following = urlsplit(page["next"] or FIRST)
    return f"{following.path}?{following.query}"
