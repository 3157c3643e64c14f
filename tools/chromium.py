"""Finding a Chromium for the browser tests, or installing Debian's where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGES = ("chromium", "fonts-noto-color-emoji", "fonts-open-sans", "fonts-liberation")
MISSING = (
    "No Chromium was found. The browser tests need one: install the package `chromium` (or Google Chrome), "
    "or name the program in CHROMIUM. Until then they are SKIPPED."
)


def find() -> Path | None:
    """The Chromium to drive: `CHROMIUM` from the environment, else the first one on the machine."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return Path(found)
    return MAC if MAC.exists() else None


def may_install() -> bool:
    """Only the administrator of a Debian-like machine can install packages without being asked."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> Path | None:
    """Install Debian's Chromium, and fonts near Teams' own in width; None where that did not succeed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return None
    return find()


def ensure() -> Path | None:
    """A Chromium if there can be one; otherwise the reason is printed and None is the answer."""
    found = find()
    if found is None and may_install():
        print("Installing Chromium and fonts with apt-get …", flush=True)
        found = install()
    if found is None:
        print(MISSING, flush=True)
    return found
