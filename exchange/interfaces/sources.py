"""How sources are called."""

from django.utils.translation import gettext


def in_words(source: str) -> str:
    """A source in the reader's language, where it is a system of our own."""
    return gettext(source) if source else ""
