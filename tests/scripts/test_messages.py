"""What the check of the catalogues finds."""

import pytest

from scripts import messages

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "{source}"
msgstr "{text}"
"""


@pytest.fixture
def catalogue(tmp_path):
    """Write an app with one translated text."""

    def write(name: str, source: str, text: str):
        path = messages.po_path(tmp_path / name)
        path.parent.mkdir(parents=True)
        path.write_text(PO.format(source=source, text=text))
        return tmp_path / name

    return write


def test_one_text_has_one_translation(catalogue):
    folders = [catalogue("streets", "Place", "位置")]
    folders.append(catalogue("squares", "Place", "位置"))
    assert not list(messages.clashes(folders))
    folders.append(catalogue("parks", "Place", "地点"))
    (found,) = messages.clashes(folders)
    assert "parks" in found
    assert "streets" in found
    assert "地点" in found


def test_a_text_that_a_library_translates_otherwise_is_named(catalogue):
    """Libraries come first, so that the reader would see their word."""
    (found,) = messages.clashes([catalogue("streets", "Password", "口令")])
    assert "密码" in found


def test_a_text_inside_an_f_string_is_found(tmp_path):
    file = tmp_path / "page.py"
    file.write_text("def line(n):\n    return f\"{n:>4} {_('waiting')}: {n!r}\"\n")
    assert messages.python_text(file).endswith("_('waiting')")
