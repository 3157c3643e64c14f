"""The app package that is uploaded to Teams: the manifest with this bot's id and address, its languages and icons."""

from __future__ import annotations

import json
import uuid
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

FOLDER = Path(__file__).resolve().parent.parent / "manifest"
FILES = ("color.png", "outline.png", "en.json")
EXAMPLE_APP_ID = "00000000-0000-0000-0000-000000000000"
EXAMPLE_URL = "https://lagesbild.example"
SAME_DATE = (1980, 1, 1, 0, 0, 0)
"""In every entry, so that the same settings give the same bytes."""


class ManifestError(ValueError):
    """A package cannot be built from this id or address; the text says which and why."""


def build_package(app_id: str, public_url: str, out: Path) -> Path:
    """Write the package (a zip) to `out` and answer with it; the same input gives the same bytes.

    An empty id or address is replaced by an example, for looking at only. Raises ManifestError for one that is wrong.
    """
    manifest = fill_in(
        (FOLDER / "manifest.json").read_text(encoding="utf-8"),
        app_id=_checked_id(app_id or EXAMPLE_APP_ID),
        public_url=_checked_url(public_url or EXAMPLE_URL),
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, "manifest.json", manifest.encode())
        for name in FILES:
            _add(package, name, (FOLDER / name).read_bytes())
    return out


def fill_in(template: str, *, app_id: str, public_url: str) -> str:
    """The manifest's text with the placeholders replaced, and still JSON."""
    domain = urlsplit(public_url).hostname or ""
    filled = template.replace("{{APP_ID}}", app_id).replace("{{PUBLIC_URL}}", public_url)
    filled = filled.replace("{{DOMAIN}}", domain)
    json.loads(filled)
    return filled


def _checked_id(app_id: str) -> str:
    try:
        return str(uuid.UUID(app_id))
    except ValueError:
        raise ManifestError(f"MICROSOFT_APP_ID is {app_id!r}, which is no application id.") from None


def _checked_url(public_url: str) -> str:
    parts = urlsplit(public_url)
    if parts.scheme != "https" or not parts.hostname or '"' in public_url:
        raise ManifestError(
            f"PUBLIC_URL is {public_url!r}; Teams wants an address that begins with https://."
        )
    return public_url.rstrip("/")


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, SAME_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, content)
