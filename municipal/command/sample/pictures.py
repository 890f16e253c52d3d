"""Drawn pictures that stand for photographs, and say so."""

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

Draw = ImageDraw.ImageDraw
SIZE = (640, 480)
HORIZON = 210
KERB = 320
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
CLOTH = ("#c0392b", "#2471a3", "#b7950b", "#1e8449", "#7d3c98")


def street(draw: Draw, chance: random.Random) -> None:
    """Sky, houses, pavement and road."""
    for y in range(HORIZON):
        shade = 235 - y // 6
        draw.line([(0, y), (640, y)], fill=(shade - 45, shade - 15, shade))
    left = -20
    while left < 640:
        width, height = chance.randint(70, 130), chance.randint(80, 180)
        grey = chance.randint(150, 200)
        top = HORIZON - height
        draw.rectangle(
            [left, top, left + width, KERB - 60], (grey, grey - 8, grey - 18)
        )
        for x in range(left + 12, left + width - 14, 24):
            for y in range(top + 14, KERB - 90, 28):
                draw.rectangle([x, y, x + 12, y + 15], (120, 140, 160))
        left += width + 4
    draw.rectangle([0, KERB - 60, 640, KERB], "#b9b2a4")
    for x in range(0, 640, 32):
        draw.line([(x, KERB - 60), (x - 20, KERB)], fill="#a39c8f")
    draw.rectangle([0, KERB, 640, KERB + 8], "#dcd8cf")
    draw.rectangle([0, KERB + 8, 640, 480], "#565b60")
    for x in range(-40, 640, 130):
        draw.polygon([(x, 420), (x + 70, 420), (x + 62, 430), (x - 8, 430)], "#e8e6df")


def tree(draw: Draw, x: int) -> None:
    draw.rectangle([x - 6, 200, x + 6, KERB - 20], "#6b4a2b")
    draw.ellipse([x - 55, 105, x + 55, 225], "#3f7d3a")


def garbage(draw: Draw, chance: random.Random) -> None:
    for _ in range(16):
        x, y = chance.randint(200, 420), chance.randint(265, 330)
        r = chance.randint(14, 32)
        draw.ellipse(
            [x - r, y - r, x + r, y + r * 0.8], chance.choice((*CLOTH, "#222"))
        )


def dirt(draw: Draw, chance: random.Random) -> None:
    for _ in range(60):
        x, y = chance.randint(60, 560), chance.randint(345, 460)
        r = chance.randint(4, 16)
        draw.ellipse([x - r * 2, y - r // 2, x + r * 2, y + r // 2], "#8a6d45")


def bins(draw: Draw, chance: random.Random) -> None:
    _bins(draw)
    for _ in range(14):
        x, y = chance.randint(230, 430), chance.randint(205, 330)
        draw.ellipse([x - 16, y - 14, x + 16, y + 12], chance.choice(CLOTH))


def _bins(draw: Draw) -> None:
    for index, colour in enumerate(("#2e6fb7", "#2e8b57", "#555")):
        x = 250 + index * 62
        draw.rectangle([x, 225, x + 52, 315], colour)
        draw.rectangle([x - 3, 216, x + 55, 228], "#333")


def pothole(draw: Draw, chance: random.Random) -> None:
    draw.polygon(_blob(chance, 330, 400, 120, 34), "#2b2e31")
    draw.polygon(_blob(chance, 332, 404, 88, 22), "#3c3a36")
    for _ in range(4):
        x = chance.randint(180, 480)
        draw.line([(330, 400), (x, chance.randint(360, 450))], fill="#33363a", width=3)


def _blob(
    chance: random.Random, x: int, y: int, w: int, h: int
) -> list[tuple[float, float]]:
    corners = (
        (1, 0),
        (0.7, 0.7),
        (0, 1),
        (-0.7, 0.7),
        (-1, 0),
        (-0.7, -0.7),
        (0, -1),
        (0.7, -0.7),
    )
    return [
        (x + a * w * chance.uniform(0.8, 1.1), y + b * h * chance.uniform(0.8, 1.1))
        for a, b in corners
    ]


def manhole(draw: Draw, chance: random.Random) -> None:
    draw.ellipse([240, 365, 420, 440], "#3f4347")
    draw.pieslice([250, 372, 410, 434], 20, chance.randint(230, 300), "#0d0d0d")
    draw.line([(300, 380), (380, 428)], fill="#111", width=4)


def cover(draw: Draw) -> None:
    draw.ellipse([240, 365, 420, 440], "#3f4347")
    draw.ellipse([250, 371, 410, 434], "#74797e")
    for x in range(270, 400, 18):
        draw.line([(x, 384), (x, 422)], fill="#4d5257", width=4)


def lamp(draw: Draw, chance: random.Random, lean: int = 70) -> None:
    draw.line([(320, 330), (320 + lean, 60)], fill="#4b5257", width=11)
    draw.line([(320 + lean, 64), (400 + lean, 72)], fill="#4b5257", width=8)
    draw.ellipse([385 + lean, 64, 430 + lean, 86], "#f2e6a0" if lean == 0 else "#777")


def green(draw: Draw, chance: random.Random) -> None:
    _lawn(draw)
    for _ in range(24):
        x, y = chance.randint(60, 560), chance.randint(270, 315)
        draw.rectangle(
            [x, y, x + 14, y + 9], chance.choice(("#eee", "#c9b458", "#d98880"))
        )


def _lawn(draw: Draw) -> None:
    draw.rectangle([0, 255, 640, KERB], "#5c9a4e")
    for x in range(10, 640, 26):
        draw.ellipse([x, 238, x + 30, 268], "#3f7d3a")


def adverts(draw: Draw, chance: random.Random) -> None:
    _wall(draw)
    for _ in range(15):
        x, y = chance.randint(190, 430), chance.randint(90, 270)
        draw.rectangle(
            [x, y, x + 34, y + 24], chance.choice(("#f4d03f", "#fff", "#f5b7b1"))
        )
        draw.line([(x + 5, y + 9), (x + 29, y + 9)], fill="#922", width=3)


def _wall(draw: Draw) -> None:
    draw.rectangle([170, 70, 480, KERB - 20], "#a9a196")
    for y in range(90, 300, 22):
        draw.line([(170, y), (480, y)], fill="#978f84")


def stall(draw: Draw, chance: random.Random) -> None:
    draw.polygon([(190, 170), (450, 170), (480, 215), (160, 215)], "#c0392b")
    draw.rectangle([180, 270, 460, 320], "#8e6b3d")
    for x in range(190, 450, 22):
        draw.ellipse(
            [x, 252, x + 22, 274], chance.choice(("#e67e22", "#27ae60", "#f1c40f"))
        )


def bikes(draw: Draw, chance: random.Random) -> None:
    for _ in range(11):
        x, y = chance.randint(80, 520), chance.randint(262, 330)
        colour = chance.choice(("#f1c40f", "#2e86c1", "#27ae60"))
        _bike(draw, x, y, colour, chance.randint(-14, 14))


def _bike(draw: Draw, x: int, y: int, colour: str, tilt: int = 0) -> None:
    for offset in (0, 54):
        draw.ellipse([x + offset, y, x + offset + 32, y + 32], outline="#222", width=3)
    draw.line([(x + 16, y + 16), (x + 36, y - 12 + tilt), (x + 70, y + 16)], colour, 5)


def tidy_bikes(draw: Draw) -> None:
    for x in range(80, 520, 58):
        _bike(draw, x, 275, "#2e86c1")


def _nothing(draw: Draw) -> None:
    """The place without the problem."""


Scene = tuple[Callable[[Draw, random.Random], None], Callable[[Draw], None]]
SCENES: dict[str, Scene] = {
    "garbage": (garbage, _nothing),
    "dirt": (dirt, _nothing),
    "bin": (bins, _bins),
    "pothole": (pothole, _nothing),
    "manhole": (manhole, cover),
    "lamp": (lamp, lambda draw: lamp(draw, random.Random(0), 0)),  # noqa: S311
    "green": (green, _lawn),
    "adverts": (adverts, _wall),
    "stall": (stall, _nothing),
    "bikes": (bikes, tidy_bikes),
}


def picture(scene: str, *, solved: bool) -> ContentFile:
    """A picture of a scene with or without its problem, labelled as a sample."""
    chance = random.Random(scene)  # noqa: S311 - the same picture each time
    image = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(image)
    street(pen, chance)
    tree(pen, 90)
    tree(pen, 560)
    problem, solution = SCENES[scene]
    if solved:
        solution(pen)
    else:
        problem(pen, chance)
    _label(pen)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=82)
    state = "处置后" if solved else "现场"
    return ContentFile(stream.getvalue(), name=f"示例照片-{state}.jpg")


def _label(draw: Draw) -> None:
    path = next((path for path in FONTS if Path(path).exists()), None)
    text = "示例照片" if path else "SAMPLE"
    font = ImageFont.truetype(path, 22) if path else ImageFont.load_default(22)
    width = draw.textlength(text, font=font)
    draw.rectangle([0, 444, width + 28, 480], "#0d2b52")
    draw.text((14, 447), text, font=font, fill="#fff")
