"""What stands in the left navigation and on the sign-in page."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from .permissions import SIGNED_IN, permits

Label = str | Promise
AT_A_GLANCE = 18  # links; a longer navigation shows one system at a time


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation, inside a system such as ("command", "Command")."""

    label: Label
    url_name: str
    icon: str = ""
    permission: str | None = None
    order: int = 100
    system: tuple[str, Label] = ("general", "")
    tiers: tuple[str, ...] = ()
    query: str = ""
    shortcut: bool = False

    @property
    def here(self) -> bool:
        """Whether this tier has the entry."""
        return not self.tiers or settings.PLATFORM_TIER in self.tiers

    def url(self) -> str:
        return reverse(self.url_name) + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    label: Label
    url: str
    icon: str
    active: bool
    shortcut: bool = False


@dataclass(slots=True)
class Group:
    """A system of the navigation with its links."""

    code: str
    label: Label
    links: list[Link] = field(default_factory=list)
    unfolded: bool = True

    @property
    def active(self) -> bool:
        return any(link.active for link in self.links)


_entries: list[Entry] = []
_public: list[Entry] = []


def register(*entries: Entry) -> None:
    """Add entries to the navigation; called from an app's `nav.py`."""
    _entries.extend(entry for entry in entries if entry not in _entries)


def public_link(label: Label, url_name: str, *, tiers: tuple[str, ...] = ()) -> None:
    """Add a link for people without an account to the sign-in page."""
    _public.append(Entry(label, url_name, tiers=tiers))


def entries() -> list[Entry]:
    """All entries in order."""
    return sorted(_entries, key=lambda entry: entry.order)


def public_links() -> list[Link]:
    """The links of this tier for people without an account."""
    return [
        Link(entry.label, entry.url(), "", False) for entry in _public if entry.here
    ]


def menu(user: Any, path: str) -> list[Group]:
    """The navigation of a user, the entry of the present path marked."""
    visible = [(entry, _url(entry)) for entry in entries() if _shown(entry, user)]
    matching = [url for _, url in visible if url and _matches(url, path)]
    best = max(matching, key=len, default=None)
    groups: dict[str, Group] = {}
    for entry, url in visible:
        if url is None:
            continue
        code, label = entry.system
        group = groups.setdefault(code, Group(code, label))
        group.links.append(
            Link(entry.label, url, entry.icon, url == best, entry.shortcut)
        )
    return _folded(list(groups.values()))


def _folded(groups: list[Group]) -> list[Group]:
    """A long navigation unfolds the system one is in, the first one at home."""
    if sum(len(group.links) for group in groups) > AT_A_GLANCE:
        chosen = next((group for group in groups if group.active), groups[0])
        for group in groups:
            group.unfolded = group is chosen
    return groups


def shortcuts(groups: list[Group], limit: int = 8) -> list[Link]:
    """Links marked as shortcuts; the first of each system where none is."""
    marked = [link for group in groups for link in group.links if link.shortcut]
    return (marked or [group.links[0] for group in groups])[:limit]


def _shown(entry: Entry, user: Any) -> bool:
    return entry.here and permits(user, entry.permission or SIGNED_IN)


def _url(entry: Entry) -> str | None:
    try:
        return entry.url()
    except NoReverseMatch:
        return None


def _matches(url: str, path: str) -> bool:
    plain = url.split("?", 1)[0]
    return path == plain or (plain != "/" and path.startswith(plain))
