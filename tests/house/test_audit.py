"""The audit tells a vulnerable package from a sound one, and says loudly when it could not ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools import audit

VULNERABLE = "idna"
FINDING = {
    "id": "GHSA-test",
    "modified": "2024-01-01T00:00:00Z",
    "summary": "Something known",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": VULNERABLE},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9999"}]}],
        }
    ],
}


class _Service(BaseHTTPRequestHandler):
    """As much of OSV as an audit asks for: one package has a known vulnerability."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        known = {"vulns": [{"id": FINDING["id"], "modified": FINDING["modified"]}]}
        self._answer({"results": [known if one["package"]["name"] == VULNERABLE else {} for one in asked]})

    def do_GET(self) -> None:
        self._answer(FINDING)

    def _answer(self, body: Any) -> None:
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("package", "code"), [(VULNERABLE, audit.FOUND), ("attrs", 0)])
def test_a_vulnerable_package_is_found(tmp_path: Path, service: str, package: str, code: int) -> None:
    pin = next(one for one in audit.pins(audit.LOCK.read_text("utf-8")) if one.startswith(f"{package}=="))
    lock = tmp_path / "small.lock"
    lock.write_text(pin + "\n", encoding="utf-8")
    found, said = audit.audit(lock, service)
    if found not in (0, audit.FOUND):
        pytest.skip(f"the package index does not answer: {said[-200:]}")
    assert found == code, said
    assert (str(FINDING["id"]) in said) is (code == audit.FOUND)


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--strict",), audit.FOUND)])
def test_what_could_not_be_asked_is_said_loudly(
    capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int
) -> None:
    assert audit.main([*arguments, "--service", "http://127.0.0.1:9"]) == code
    assert "NOT AUDITED" in capfd.readouterr().err


def test_every_locked_package_is_asked_about() -> None:
    text = audit.LOCK.read_text("utf-8")
    pinned = audit.pins(text)
    assert len(pinned) == sum(line[:1].isalnum() for line in text.splitlines())
    assert all("==" in one and "--hash" not in one for one in pinned)
