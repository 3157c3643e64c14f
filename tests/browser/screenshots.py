"""`make screenshots`: README's pictures, taken in the real Teams client and on the phone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.browser.test_reporting_on_the_phone import PICTURES

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
CHOSEN = ("report-390", "guard-390", "receipt-390", "picture-1280", "feedback")


def main() -> int:
    """Run the tests that take pictures, and keep the chosen ones."""
    tests = (
        "tests/browser/test_reporting_on_the_phone.py",
        "tests/browser/test_story.py",
        "tests/browser/test_chain.py",
    )
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], check=False)
    if done.returncode:
        return done.returncode
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in CHOSEN:
        shutil.copy(PICTURES / f"{name}.png", IMAGES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
