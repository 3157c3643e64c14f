"""A picture of a card: `python -m tests.browser.render CARD.json OUT.png [--width 390] [--theme dark]`.

Without `--width` it makes four: OUT-390-light.png, OUT-390-dark.png, OUT-1280-light.png, OUT-1280-dark.png.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.browser.chromium import chromium
from tests.browser.phone import DESKTOP, PHONE, Theme, open_phone

THEMES: tuple[Theme, ...] = ("light", "dark")


async def render(
    browser: Browser, card: dict[str, Any], out: Path, *, width: int = PHONE[0], theme: Theme = "light"
) -> int:
    """Write a picture of the whole card; answers its height in pixels."""
    height = PHONE[1] if width == PHONE[0] else DESKTOP[1]
    async with open_phone(browser, size=(width, height), theme=theme) as phone:
        kind = "still" if width == PHONE[0] else "still wide"
        await phone.page.evaluate("kind => document.body.className += ' ' + kind", kind)
        await phone.show(card)
        out.parent.mkdir(parents=True, exist_ok=True)
        await phone.page.screenshot(path=out, full_page=True)
        box = await phone.message("card").bounding_box()
        return round(box["height"]) if box else 0


def _variants(out: Path, width: int | None, theme: Theme | None) -> list[tuple[Path, int, Theme]]:
    if width is not None:
        return [(out, width, theme or "light")]
    return [
        (out.with_stem(f"{out.stem}-{wide}-{look}"), wide, look)
        for wide in (PHONE[0], DESKTOP[0])
        for look in ((theme,) if theme else THEMES)
    ]


async def main() -> None:
    """Render what the command line names."""
    parser = argparse.ArgumentParser(description="A picture of a card")
    parser.add_argument("card", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--width", type=int)
    parser.add_argument("--theme", choices=THEMES)
    asked = parser.parse_args()
    card = json.loads(asked.card.read_text(encoding="utf-8"))
    async with chromium() as browser:
        for out, width, theme in _variants(asked.out, asked.width, asked.theme):
            height = await render(browser, card, out, width=width, theme=theme)
            print(f"{out}  card {height} px high at {width} px")


if __name__ == "__main__":
    asyncio.run(main())
