"""The locked Python packages: `--upgrade` locks the newest anew, `--check` says whether the locks answer to pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
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
"""The last two are installed over the second, so what they share must be the same."""


def compile_lock(into: Path, *options: str) -> None:
    """Resolve pyproject.toml for every platform; what the file already holds is kept unless it must change."""
    command = [
        str(UV), "pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--generate-hashes",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
        f"--output-file={into}", *options, "pyproject.toml",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)


def is_fresh(name: str, options: tuple[str, ...]) -> bool:
    """Would locking again change this file?"""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        shutil.copy(ROOT / name, copy)
        compile_lock(copy, *options)
        return copy.read_text() == (ROOT / name).read_text()


def main() -> None:
    """Check the locks, or write them."""
    if "--check" in sys.argv:
        stale = [name for name, options in LOCKS.items() if not is_fresh(name, options)]
        if stale:
            sys.exit(f"{', '.join(stale)} does not answer to pyproject.toml: run `make lock`.")
        return
    upgrade = ("--upgrade",) if "--upgrade" in sys.argv else ()
    for name, options in LOCKS.items():
        compile_lock(ROOT / name, *options, *upgrade)


if __name__ == "__main__":
    main()
