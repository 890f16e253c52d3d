"""Message catalogues without GNU gettext: update, check, compile.

One catalogue per app, Simplified Chinese; English texts are the message ids.
"""

import argparse
import ast
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps as django_apps

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None,
    "_g": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LIBRARIES: set[str] = set()  # labels of apps of others
SKIP = {"migrations", "locale", "static", "node_modules"}


def apps() -> list[Path]:
    """Folders that hold an AppConfig, deepest first."""
    tops = ("platform_core", "national", "provincial", "municipal", "exchange")
    found = [path.parent for top in tops for path in (ROOT / top).rglob("apps.py")]
    return sorted(found, key=lambda path: -len(path.parts))


def sources(app: Path) -> Iterator[Path]:
    """Python files and templates of an app, without those of apps inside it."""
    inner = [other for other in apps() if other != app and app in other.parents]
    for path in sorted(app.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"}:
            continue
        if SKIP & set(path.relative_to(app).parts):
            continue
        if not any(other in path.parents for other in inner):
            yield path


def inside_strings(text: str) -> Iterator[str]:
    """Calls inside f-strings, which are one token to Babel."""
    for string in ast.walk(ast.parse(text)):
        if isinstance(string, ast.JoinedStr):
            for call in ast.walk(string):
                name = getattr(getattr(call, "func", None), "id", "")
                if isinstance(call, ast.Call) and name in KEYWORDS:
                    yield ast.unparse(call)


def python_text(path: Path) -> str:
    """A file as Python that Babel can read; templates go through Django."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return "\n".join([text, *inside_strings(text)])
    from django.utils.translation.template import templatize  # noqa: PLC0415

    return templatize(text, origin=str(path))


def strip_plain(code: str) -> Iterator[tuple[int, str]]:
    """Lines that call gettext; templatize fills the rest with X."""
    for number, line in enumerate(code.split("\n"), 1):
        if "gettext(" in line or "_(" in line:
            yield number, line


def messages(path: Path) -> Iterator[tuple[int, object, str | None]]:
    """(line, message or plural pair, context) of one file."""
    code = python_text(path)
    if path.suffix != ".py":
        yield from template_messages(code)
        return
    stream = io.BytesIO(code.encode())
    for line, function, message, _ in extract_python(stream, KEYWORDS, (), {}):
        yield line, *unpack(function, message)


def template_messages(code: str) -> Iterator[tuple[int, object, str | None]]:
    for number, line in strip_plain(code):
        start = line.find("gettext(")
        while start > 0 and (line[start - 1].isalnum() or line[start - 1] == "_"):
            start -= 1
        text = line[max(start, 0) :] if start >= 0 else line[line.find("_(") :]
        stream = io.BytesIO(text.encode())
        try:
            for _, function, message, _ in extract_python(stream, KEYWORDS, (), {}):
                yield number, *unpack(function, message)
        except (SyntaxError, ValueError):
            continue


def unpack(function: str, message: object) -> tuple[object, str | None]:
    parts = message if isinstance(message, tuple) else (message,)
    texts = [part for part in parts if isinstance(part, str)]
    if "pgettext" in function:
        return (texts[1] if len(texts) == 2 else tuple(texts[1:3])), texts[0]
    if "ngettext" in function:
        return tuple(texts[:2]), None
    return (texts[0] if texts else ""), None


def extract(app: Path) -> Catalog:
    """All messages of an app."""
    catalog = Catalog(locale="zh_Hans", domain="django", fuzzy=False)
    for path in sources(app):
        for _, message, context in messages(path):
            if message and message != ("", ""):
                flags = {"python-format"} if "%" in str(message) else set()
                name = str(path.relative_to(ROOT))
                catalog.add(
                    message, locations=[(name, None)], context=context, flags=flags
                )
    return catalog


def po_path(app: Path) -> Path:
    return app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def load(app: Path) -> Catalog:
    path = po_path(app)
    if not path.exists():
        return Catalog(locale="zh_Hans", domain="django", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_Hans", domain="django")


def update(app: Path) -> None:
    """Add new messages with an empty translation, drop those no longer used."""
    wanted, present = extract(app), load(app)
    for message in wanted:
        known = present.get(message.id, message.context) if message.id else None
        if known is not None and known.string:
            message.string = known.string
    if len(wanted) == 0:
        return
    path = po_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, wanted, sort_output=True, width=88, omit_header=False)
    text = path.read_text(encoding="utf-8")
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    kept = [line for line in text.split("\n") if not line.startswith(dated)]
    path.write_text("\n".join(kept), encoding="utf-8")


def problems(app: Path) -> Iterator[str]:
    """Messages of an app that Chinese readers would see in English."""
    present = load(app)
    for message in extract(app):
        if not message.id:
            continue
        known = present.get(message.id, message.context)
        name = app.relative_to(ROOT)
        if known is None or not known.string or not all(known.string):
            yield f"{name}: not translated: {message.id!r}"
        elif known.fuzzy:
            yield f"{name}: fuzzy: {message.id!r}"


def clashes(folders: list[Path]) -> Iterator[str]:
    """Texts that two catalogues translate differently; only one would be seen."""
    first: dict[tuple[str, str | None], tuple[str, str]] = {}
    catalogues = [*library_catalogues(), *((path.name, load(path)) for path in folders)]
    for name, catalogue in catalogues:
        for message in catalogue:
            key = (str(message.id), message.context)
            text = str(message.string).strip()
            if not message.id or not text:
                continue
            other, known = first.setdefault(key, (name, text))
            if known != text and name not in LIBRARIES:
                yield f"{name}: {message.id!r} is {text!r}, in {other} {known!r}"


def library_catalogues() -> Iterator[tuple[str, Catalog]]:
    """Catalogues of the apps of others; those win over ours."""
    for config in django_apps.get_app_configs():
        path = po_path(Path(config.path)).with_suffix(".mo")
        if "site-packages" in path.parts and path.exists():
            LIBRARIES.add(config.label)
            with path.open("rb") as stream:
                yield config.label, read_mo(stream)


def compile_catalogue(app: Path) -> None:
    path = po_path(app)
    if path.exists():
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, load(app))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("update", "check", "compile"))
    parser.add_argument("apps", nargs="*", help="folders of apps; all without")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.settings.dev")
    django.setup()
    chosen = [(ROOT / name).resolve() for name in options.apps] or apps()
    if options.command == "check":
        found = [text for app in chosen for text in problems(app)]
        found += clashes(apps())
        print("\n".join(found))
        return 1 if found else 0
    action = update if options.command == "update" else compile_catalogue
    for app in chosen:
        action(app)
    return 0


if __name__ == "__main__":
    sys.exit(main())
