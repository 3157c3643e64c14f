"""Known vulnerabilities of the locked packages that a production machine gets: `python -m tools.audit`.

Exit code 1 when one is known. Without the network nothing is known: then it says so, loudly, and ends well unless
`--strict` is given (docs/decisions/0050). A finding that cannot be acted on goes into `ACCEPTED`, with its reason.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
LOCK = ROOT / "requirements.lock"
ACCEPTED: dict[str, str] = {}
"""Ids of vulnerabilities for which there is no fix yet -> why they do not reach us; asked again when there is a fix."""
FOUND = 1


def pins(lock: str) -> list[str]:
    """The packages of a lock with their versions and markers, without hashes."""
    lines = (line.strip().rstrip("\\").strip() for line in lock.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "--"))]


def audit(lock: Path, service: str = "") -> tuple[int, str]:
    """uv's exit code (0 clean, 1 found, otherwise not audited) and what it said."""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        project = {"name": '"locked"', "version": '"0"', "requires-python": '">=3.11"'}
        project["dependencies"] = json.dumps(pins(lock.read_text(encoding="utf-8")))
        lines = ["[project]", *(f"{name} = {value}" for name, value in project.items())]
        Path(folder, "pyproject.toml").write_text("\n".join(lines), encoding="utf-8")
        command = [str(UV), "audit", "--preview-features", "audit"]
        command += [part for one in ACCEPTED for part in ("--ignore-until-fixed", one)]
        command += ["--service-url", service] if service else []
        environment = {**os.environ, "UV_HTTP_RETRIES": "1", "UV_HTTP_TIMEOUT": "20", "VIRTUAL_ENV": ""}
        ran = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=180
        )
    return ran.returncode, ran.stdout + ran.stderr


def main(arguments: list[str] | None = None) -> int:
    """Audit, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="fail also when nothing could be asked")
    parser.add_argument("--service", default="", help="the address of another OSV service")
    parsed = parser.parse_args(arguments)
    code, said = audit(LOCK, parsed.service)
    if code == 0:
        print(
            f"Audited {len(pins(LOCK.read_text(encoding='utf-8')))} locked packages: nothing known against them."
        )
        return 0
    if code == FOUND:
        print(said, file=sys.stderr)
        return FOUND
    reason = next((line for line in reversed(said.strip().splitlines()) if line.strip()), "no reason given")
    bar = "!" * 100
    print(
        f"{bar}\n!! NOT AUDITED: the vulnerability service did not answer ({reason.strip()}).\n{bar}",
        file=sys.stderr,
    )
    return FOUND if parsed.strict else 0


if __name__ == "__main__":
    sys.exit(main())
