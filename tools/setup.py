"""`make setup`: everything the project needs, in `.venv/` and `node_modules/`. Quick when nothing has changed.

With `bench` or `fuzz`, what `make bench` and `make fuzz` need besides, in an environment of its own inside `.venv/`: the
tests are to run with what is locked for them, and nothing else.

Runs on the machine's own Python before anything is installed, so it uses the standard library only.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import chromium  # noqa: E402  the path above must come first

VENV = ROOT / ".venv"
BIN = Path("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements-dev.lock"
MORE = ("bench", "fuzz")
NPM_LOCK = ROOT / "package-lock.json"
NPM_DESCRIPTION = ROOT / "package.json"


def run(*command: str | Path, **environment: str) -> None:
    """Run one step; when it fails, set-up ends with its exit code."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        sys.exit(f"make setup stopped: `{' '.join(map(str, command))}` failed ({done.returncode}).")


def fingerprint(*files: Path) -> str:
    """What a step was made from: this Python and the given files' contents."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    """Has this step been completed, from exactly these files?"""
    return stamp.exists() and stamp.read_text() == wanted


def install_python(place: Path, lock: Path) -> None:
    """The locked Python packages, each checked against its hash; what an earlier lock or Python left is taken away."""
    stamp, wanted = place / "python.stamp", fingerprint(lock)
    if is_done(stamp, wanted):
        return
    if not is_of_this_python(place):
        venv.create(place, with_pip=True, clear=place.exists())
    print(f"Installing the locked Python packages of {lock.name} …", flush=True)
    python = place / BIN / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--no-deps", "-r", lock)
    run(place / BIN / "uv", "pip", "sync", "--quiet", "--python", python, "--require-hashes", lock)
    stamp.write_text(wanted)


def is_of_this_python(place: Path) -> bool:
    """Is there an environment, made by the Python that runs this?"""
    made_by = place / "pyvenv.cfg"
    return (place / BIN / "python").exists() and platform.python_version() in made_by.read_text()


def install_node() -> None:
    """The locked npm packages, with the Node that came with the Python packages."""
    stamp, wanted = ROOT / "node_modules" / ".stamp", fingerprint(NPM_LOCK, NPM_DESCRIPTION, LOCK)
    if is_done(stamp, wanted):
        return
    print("Installing the locked npm packages …", flush=True)
    path = f"{VENV / BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    run(
        VENV / BIN / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", PATH=path
    )
    stamp.write_text(wanted)


def check_machine() -> None:
    """Say what is missing before anything is started."""
    if sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer is needed.")
    if shutil.which("git") is None:
        sys.exit("git is needed.")


def main() -> None:
    """Set all up."""
    check_machine()
    install_python(VENV, LOCK)
    install_node()
    chromium.ensure()
    for name in MORE:
        if name in sys.argv[1:]:
            install_python(VENV / name, ROOT / f"requirements-{name}.lock")


if __name__ == "__main__":
    main()
