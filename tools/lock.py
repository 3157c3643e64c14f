"""The locked Python packages: `--upgrade` locks the newest anew, `--check` says whether the locks answer to pyproject.toml.

The first line of a lock says what it was resolved from, so that a check needs no network.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
DEV = ("--extra", "dev")
LOCKS = {
    "requirements.lock": (),
    "requirements-dev.lock": DEV,
    "requirements-fuzz.lock": (*DEV, "--extra", "fuzz", "--constraint", "requirements-dev.lock"),
    "requirements-bench.lock": (*DEV, "--extra", "bench", "--constraint", "requirements-dev.lock"),
}
"""The last two hold the second, so that what is measured and fuzzed is what is tested."""


def first_line(name: str, root: Path = ROOT) -> str:
    """What stands above a lock that answers to pyproject.toml as it is now."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [
        project[part]
        for part in ("requires-python", "dependencies", "optional-dependencies")
        if part in project
    ]
    packed = json.dumps([LOCKS[name], *asked], sort_keys=True).encode()
    return f"# resolved from pyproject.toml's packages: sha256 {hashlib.sha256(packed).hexdigest()}"


def is_fresh(name: str, root: Path = ROOT) -> bool:
    """Was this lock resolved from what pyproject.toml asks for now?"""
    with (root / name).open(encoding="utf-8") as lock:
        return lock.readline().rstrip() == first_line(name, root)


def compile_lock(name: str, *options: str) -> None:
    """Resolve pyproject.toml for every platform; what the file already holds is kept unless it must change."""
    lock = ROOT / name
    command = [
        str(UV), "pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--generate-hashes",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
        f"--output-file={lock}", *LOCKS[name], *options, "pyproject.toml",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    resolved = lock.read_text(encoding="utf-8")
    lock.write_text(f"{first_line(name)}\n{resolved}", encoding="utf-8")


def main() -> None:
    """Check the locks, or write them."""
    if "--check" in sys.argv:
        stale = [name for name in LOCKS if not is_fresh(name)]
        if stale:
            sys.exit(f"{', '.join(stale)} does not answer to pyproject.toml: run `make lock`.")
        return
    upgrade = ("--upgrade",) if "--upgrade" in sys.argv else ()
    for name in LOCKS:
        compile_lock(name, *upgrade)


if __name__ == "__main__":
    main()
