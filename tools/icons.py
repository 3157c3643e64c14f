"""Draws the app's icons into manifest/: a speech bubble holding three bars, the picture a group makes together."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

MANIFEST = Path(__file__).resolve().parent.parent / "manifest"
BLUE, WHITE = (31, 78, 121, 255), (255, 255, 255, 255)
CLEAR = (255, 255, 255, 0)
BARS = ((46, 112, 166, 255), (242, 174, 46, 255), (206, 63, 63, 255))
SMOOTH = 8
"""Drawn so many times larger, then made smaller, for smooth edges."""


def colour() -> Image.Image:
    """192 × 192: full square, the drawing within the middle 120."""
    image = Image.new("RGBA", (192 * SMOOTH, 192 * SMOOTH), BLUE)
    pen = ImageDraw.Draw(image)
    _bubble(pen, (36, 42, 156, 130), tail=((62, 126), (62, 156), (94, 128)), scale=SMOOTH, fill=WHITE)
    for left, top, ink in zip((60, 86, 112), (92, 76, 60), BARS, strict=True):
        box = [side * SMOOTH for side in (left, top, left + 20, 114)]
        pen.rounded_rectangle(box, radius=4 * SMOOTH, fill=ink)
    return image.resize((192, 192), Image.Resampling.LANCZOS)


def outline() -> Image.Image:
    """32 × 32: white lines on nothing."""
    image = Image.new("RGBA", (32 * SMOOTH, 32 * SMOOTH), CLEAR)
    pen = ImageDraw.Draw(image)
    _bubble(pen, (3, 4, 29, 23), tail=((8, 22), (8, 29), (16, 22)), scale=SMOOTH, fill=WHITE)
    pen.rounded_rectangle([side * SMOOTH for side in (5, 6, 27, 21)], radius=2 * SMOOTH, fill=CLEAR)
    for left, top in zip((9, 14, 19), (15, 12, 9), strict=True):
        pen.rectangle([left * SMOOTH, top * SMOOTH, (left + 3) * SMOOTH - 1, 19 * SMOOTH], fill=WHITE)
    small = image.resize((32, 32), Image.Resampling.LANCZOS)
    white = Image.new("RGBA", small.size, WHITE)
    white.putalpha(small.getchannel("A"))
    return white


def _bubble(
    pen: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    *,
    tail: tuple[tuple[int, int], ...],
    scale: int,
    fill: tuple[int, int, int, int],
) -> None:
    pen.rounded_rectangle([side * scale for side in box], radius=(box[2] - box[0]) * scale // 8, fill=fill)
    pen.polygon([(x * scale, y * scale) for x, y in tail], fill=fill)


if __name__ == "__main__":
    colour().save(MANIFEST / "color.png", optimize=True)
    outline().save(MANIFEST / "outline.png", optimize=True)
