"""What an operator sees: health, metrics, logs. And what must never be in a log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logging import set_up_logging
from bot.settings import Settings
from bot.teams.activities import Event, Reply
from tests.connector import FakeConnector
from tests.edge.bot import RunningBot
from tests.edge.payloads import executed, personal
from tests.issuer import Issuer

SECRETS = ("hemligt klotter", "Anna", "29:1anna", "aad-anna", "eyJ", "access-1", "not-a-real-secret")


async def test_health_and_readiness(bot: RunningBot) -> None:
    assert (await bot.request("GET", "/healthz")).status == 200
    assert (await bot.request("GET", "/readyz")).status == 200
    bot.is_ready = False
    assert (await bot.request("GET", "/readyz")).status == 503
    assert (await bot.request("GET", "/healthz")).status == 200


async def test_the_pages_that_the_manifest_names_are_there(bot: RunningBot) -> None:
    for page in ("/privacy", "/terms"):
        assert (await bot.request("GET", page)).status == 200


async def test_metrics_count_turns_refusals_and_sends(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(text="Sparat.")
    before = await _counts(bot)
    await bot.post(personal(connector.url))
    await bot.post(executed(connector.url))
    await bot.post(personal(connector.url), aud="another-bot")
    after = await _counts(bot)
    grown = {name for name, value in after.items() if value == before.get(name, 0.0) + 1}
    assert {
        'lagesbild_turns_total{kind="Message",outcome="answered"}',
        'lagesbild_turns_total{kind="Pressed",outcome="answered"}',
        'lagesbild_requests_refused_total{reason="audience"}',
        'lagesbild_outbound_total{call="reply",outcome="ok"}',
        'lagesbild_turn_seconds_count{kind="Message"}',
    } <= grown


async def _counts(bot: RunningBot) -> dict[str, float]:
    answer = await bot.request("GET", "/metrics")
    lines = [line.rpartition(" ") for line in answer.body.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


@pytest.fixture
def json_logs(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logging(
        Settings.model_validate({"ALLOW_ANONYMOUS": "1", "LOG_FORMAT": "json", "LOG_LEVEL": "debug"})
    )
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_logs_hold_no_text_name_or_token(
    json_logs: None,
    bot: RunningBot,
    issuer: Issuer,
    connector: FakeConnector,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fail(_: Event) -> Reply | None:
        raise ValueError(SECRETS[0])

    bot.reply = Reply(text=SECRETS[0])
    await bot.post(personal(connector.url, SECRETS[0]))
    connector.fail(403, "ConversationBlockedByUser")
    await bot.post(personal(connector.url, SECRETS[0]))
    await bot.post(personal(connector.url, SECRETS[0]), aud=SECRETS[0])
    bot.handler = fail
    await bot.post(executed(connector.url, data={"comment": SECRETS[0]}))
    logging.getLogger("another.package").warning("Something of a library")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == [
        "turn",
        "reply_not_sent",
        "turn",
        "request_refused",
        "handler_failed",
        "turn",
        "Something of a library",
    ]
    assert not [secret for secret in SECRETS if secret in json.dumps(lines, ensure_ascii=False)]


async def test_a_failure_is_logged_with_its_kind_and_place(
    json_logs: None, bot: RunningBot, connector: FakeConnector, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fail(_: Event) -> Reply | None:
        raise ValueError(SECRETS[0])

    bot.handler = fail
    await bot.post(executed(connector.url))
    failed = json.loads(capfd.readouterr().err.splitlines()[0])
    assert (failed["event"], failed["error"], failed["level"]) == ("handler_failed", "ValueError", "error")
    assert failed["at"][-1].startswith("test_operation.py:")


def test_private_keys_and_exceptions_of_libraries_are_taken_out(
    json_logs: None, capfd: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger().info("done", text=SECRETS[0], token=SECRETS[4])
    try:
        int(SECRETS[0])
    except ValueError:
        logging.getLogger("another.package").exception("It failed")
    told = capfd.readouterr().err
    assert '"error": "ValueError"' in told
    assert not [secret for secret in SECRETS if secret in told]
