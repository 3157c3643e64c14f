"""Settings are read once; a wrong one stops the start in plain words."""

from __future__ import annotations

import pytest

from bot.settings import SettingsError, is_loopback, is_trusted_url, read_settings

APP = {"MICROSOFT_APP_ID": "app", "MICROSOFT_APP_PASSWORD": "s3cret", "MICROSOFT_APP_TENANT_ID": "tenant"}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *APP,
        "PORT",
        "HOST",
        "DATABASE_URL",
        "PUBLIC_URL",
        "MICROSOFT_APP_TYPE",
        "BOT_OPENID_METADATA_URL",
        "BOT_TOKEN_ISSUER",
        "BOT_TOKEN_URL",
        "ALLOW_ANONYMOUS",
        "LOG_LEVEL",
        "LOG_FORMAT",
    ):
        monkeypatch.delenv(name, raising=False)


def _read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Read with these variables; what the operator is told, empty if all is well."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    try:
        read_settings()
    except SettingsError as error:
        return str(error)
    return ""


def test_the_defaults_need_only_the_bots_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, **APP) == ""
    settings = read_settings()
    assert (settings.port, settings.bind_host) == (3978, "0.0.0.0")
    assert settings.database_url == "sqlite+aiosqlite:///lagesbild.db"
    assert settings.token_issuer == "https://api.botframework.com"
    assert settings.token_url == "https://login.microsoftonline.com/tenant/oauth2/v2.0/token"
    assert not settings.is_anonymous


def test_without_an_app_id_it_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch).startswith("MICROSOFT_APP_ID is missing")


def test_anonymous_calls_are_let_in_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, ALLOW_ANONYMOUS="1") == ""
    assert (read_settings().bind_host, read_settings().is_anonymous) == ("127.0.0.1", True)
    assert _read(monkeypatch, HOST="0.0.0.0").startswith("HOST is '0.0.0.0'")
    assert _read(monkeypatch, HOST="::1") == ""


def test_with_an_app_id_tokens_are_checked_whatever_else_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, ALLOW_ANONYMOUS="1", **APP) == ""
    assert (read_settings().is_anonymous, read_settings().bind_host) == (False, "127.0.0.1")


@pytest.mark.parametrize("left_out", ["MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID"])
def test_half_an_identity_is_refused(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    given = {name: value for name, value in APP.items() if name != left_out}
    assert _read(monkeypatch, **given).startswith(f"{left_out} is missing")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://x"),
        ("PUBLIC_URL", "http://bot.example"),
        ("BOT_OPENID_METADATA_URL", "http://issuer.example/"),
        ("BOT_TOKEN_URL", "http://issuer.example/token"),
        ("BOT_TOKEN_URL", "ftp://127.0.0.1/token"),
        ("MICROSOFT_APP_TYPE", "Something"),
        ("MICROSOFT_APP_TENANT_ID", "../x"),
        ("ALLOW_ANONYMOUS", "perhaps"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    told = _read(monkeypatch, **{**APP, name: value})
    assert told.startswith(f"{name}: ")
    assert "s3cret" not in told


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _read(monkeypatch, PORT="x", LOG_LEVEL="y", **APP)
    assert [line.split(":")[0] for line in told.splitlines()] == ["PORT", "LOG_LEVEL"]


def test_the_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, **APP) == ""
    assert "s3cret" not in repr(read_settings())


def test_empty_variables_count_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, PORT="", LOG_LEVEL="", PUBLIC_URL="", **APP) == ""
    assert read_settings().log_level == "INFO"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.0.3", True),
        ("::1", True),
        ("[::1]", True),
        ("bot.localhost", True),
        ("0.0.0.0", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
        ("", False),
        (None, False),
    ],
)
def test_what_counts_as_this_machine(host: str | None, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://login.example/x", True),
        ("http://[::1]:8/x", True),
        ("http://127.0.0.1@evil.example/", False),
        ("https://", False),
        ("https://x:99999/", False),
        ("//x", False),
    ],
)
def test_where_secrets_may_travel(url: str, trusted: bool) -> None:
    assert is_trusted_url(url) is trusted
