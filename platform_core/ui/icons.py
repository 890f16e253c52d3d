"""A small set of icons of our own, strokes on a 24-unit grid."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS = {
    "alert": "M12 4 2.5 20h19L12 4M12 10v5M12 17.5v.5",
    "archive": "M3 4h18v5H3zM5 9v11h14V9M10 13h4",
    "arrow-left": "M20 12H4M10 6l-6 6 6 6",
    "arrow-right": "M4 12h16M14 6l6 6-6 6",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l2 2H4l2-2M10 21h4",
    "book": "M4 4h7a2 2 0 0 1 2 2v14a2 2 0 0 0-2-1H4zM20 4h-5a2 2 0 0 0-2 2v14"
    "a2 2 0 0 1 2-1h5z",
    "building": "M4 21V4h10v17M14 9h6v12M2 21h20M7 8h4M7 12h4M7 16h4M17 13h.5M17 17h.5",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "camera": "M3 8h4l2-3h6l2 3h4v11H3zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
    "chart": "M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6",
    "check": "M4 12.5 9.5 18 20 7",
    "chevron-down": "M5 9l7 7 7-7",
    "chevron-right": "M9 5l7 7-7 7",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2",
    "close": "M6 6l12 12M18 6 6 18",
    "columns": "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
    "dispatch": "M3 11 21 4l-7 17-3-7-8-3M11 14l4-4",
    "download": "M12 4v11M7 10.5l5 5 5-5M4 20h16",
    "edit": "M4 20l1-5L16.5 3.5l4 4L9 19l-5 1M14 6l4 4",
    "exchange": "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4",
    "eye": "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12"
    "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
    "file": "M6 3h8l5 5v13H6zM14 3v5h5",
    "filter": "M3 5h18l-7 9v6l-4-2v-4L3 5",
    "flag": "M5 21V4h13l-3 4 3 4H5",
    "grid": "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
    "history": "M4 12a8 8 0 1 1 2.5 5.8M4 4v4.5h4.5M12 8v4.5l3 1.5",
    "home": "M3 11.5 12 4l9 7.5M6 10v10h12V10M10 20v-6h4v6",
    "inbox": "M3 13 6 5h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v6M12 7.5v.5",
    "language": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3 12h18M12 3c3 3 3 15 0 18"
    "M12 3c-3 3-3 15 0 18",
    "link": "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3"
    "a4 4 0 0 0 6 6l1-1",
    "list": "M8 6h13M8 12h13M8 18h13M3.5 6h.5M3.5 12h.5M3.5 18h.5",
    "location": "M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.5 7 12 7 12M12 11.5"
    "a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
    "lock": "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4",
    "map": "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "message": "M4 5h16v12H10l-5 4v-4H4z",
    "minus": "M5 12h14",
    "more": "M5 12h.5M12 12h.5M19 12h.5",
    "phone": "M6 3h4l1.5 5-2.5 2a12 12 0 0 0 5 5l2-2.5 5 1.5v4c0 1.5-1 3-3 3"
    "C10 21 3 14 3 6c0-2 1.5-3 3-3",
    "play": "M7 4v16l13-8z",
    "plus": "M12 5v14M5 12h14",
    "refresh": "M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 3.5"
    "L20 15M20 20v-5h-5",
    "return": "M9 5 4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3",
    "save": "M4 4h13l3 3v13H4zM8 4v5h8V4M8 20v-6h8v6",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 21 21",
    "settings": "M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5",
    "shield": "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z",
    "star": "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z",
    "stop": "M6 6h12v12H6z",
    "task": "M5 4h14v17H5zM9 3h6v3H9zM8.5 13l2.5 2.5 4.5-5",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
    "tree": "M12 3v6M5 15v-3h14v3M12 9v3M9 3h6v5H9zM2.5 15h5v5h-5zM9.5 15h5v5h-5z"
    "M16.5 15h5v5h-5z",
    "upload": "M12 20V9M7 13.5l5-5 5 5M4 4h16",
    "urge": "M4 10v4h4l7 5V5l-7 5zM18.5 8.5a5 5 0 0 1 0 7",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 3.5-6 8-6s8 2 8 6",
    "users": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2 20c0-4 3-6 7-6s7 2 7 6"
    "M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2.5.7 4 2.5 4 5.5",
}


def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon as inline SVG; decoration unless it has a label."""
    path = PATHS.get(name)
    if path is None:
        raise KeyError(f"no icon {name!r}; the set is in ui/icons.py")
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" {1}>'
        '<path d="{2}"/></svg>',
        size,
        spoken,
        path,
    )
