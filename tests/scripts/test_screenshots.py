"""The list of pictures and how they are packed."""

import io
import random
import re

import pytest
from PIL import Image

from platform_core.accounts.sample import described
from scripts.screenshots import SHOTS, small
from scripts.supervisor import ROOT


def picture(colours: int) -> bytes:
    """Stripes of different colours, one column each."""
    chance = random.Random(1)
    image = Image.new("RGB", (colours, 40))
    for x in range(colours):
        colour = tuple(chance.randrange(256) for _ in range(3))
        image.paste(colour, (x, 0, x + 1, 40))
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=0)
    return stream.getvalue()


def test_a_picture_keeps_its_colours_where_it_is_small_enough():
    given = picture(600)
    packed = small(given)
    assert len(packed) < len(given)
    after = Image.open(io.BytesIO(packed)).convert("RGB")
    assert len(after.getcolors(1000)) == 600


def test_a_large_picture_is_drawn_with_fewer_colours():
    packed = small(picture(600), limit=1000)
    assert len(Image.open(io.BytesIO(packed)).convert("RGB").getcolors(1000)) <= 256


def test_every_picture_of_the_readme_is_in_the_list():
    names = [one.name for one in SHOTS]
    assert len(set(names)) == len(names)
    for readme in ("README.md", "README.zh-CN.md"):
        shown = re.findall(r"screenshots/([\w-]+)\.png", (ROOT / readme).read_text())
        assert shown
        assert set(shown) <= set(names)


@pytest.mark.parametrize("code", sorted({one.node for one in SHOTS}))
def test_the_people_before_the_pages_exist(as_node, db, code):
    as_node(code)
    known = {person.username for person in described().people}
    assert {one.user for one in SHOTS if one.node == code} - {""} <= known
