"""Every setting, read once from the environment; a wrong one stops the start and says which and why."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    DirectoryPath,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PUBLIC_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
PUBLIC_ISSUER = "https://api.botframework.com"
PUBLIC_SCOPE = "https://api.botframework.com/.default"


class SettingsError(Exception):
    """The environment can't be used; the text names each variable and what is wrong with it."""


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this machine alone."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_trusted_url(url: str) -> bool:
    """Whether secrets may travel there: https anywhere, plain http within this machine only."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def _trusted(url: str) -> str:
    if url and not is_trusted_url(url):
        raise ValueError(
            "must be an https address (plain http is accepted for this machine's own addresses only)"
        )
    return url


def _known_database(url: str) -> str:
    if not url.startswith(("sqlite+aiosqlite://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite+aiosqlite:// or postgresql+psycopg://")
    return url


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


TrustedUrl = Annotated[str, AfterValidator(_trusted)]
DatabaseUrl = Annotated[str, AfterValidator(_known_database)]
AppType = Literal["SingleTenant", "UserAssignedMSI", "MultiTenant"]
Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


class Database(BaseSettings):
    """Where everything is stored: all that `backup` and `restore` need to know."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    database_url: DatabaseUrl = Field(default="sqlite+aiosqlite:///lagesbild.db", alias="DATABASE_URL")


_Kind = TypeVar("_Kind", bound=Database)


class Settings(Database):
    """The configuration of one process; each field's alias is its name in the environment."""

    port: int = Field(default=3978, alias="PORT", ge=0, le=65535)
    host: str = Field(default="", alias="HOST")
    public_url: TrustedUrl = Field(default="", alias="PUBLIC_URL")
    app_id: str = Field(default="", alias="MICROSOFT_APP_ID")
    app_password: SecretStr = Field(default=SecretStr(""), alias="MICROSOFT_APP_PASSWORD")
    app_type: AppType = Field(default="SingleTenant", alias="MICROSOFT_APP_TYPE")
    app_tenant_id: str = Field(default="", alias="MICROSOFT_APP_TENANT_ID", pattern=r"^[\w.-]*$")
    tenants: str = Field(default="", alias="TENANTS", pattern=r"^[\w.,\s-]*$")
    openid_metadata_url: TrustedUrl = Field(default=PUBLIC_METADATA, alias="BOT_OPENID_METADATA_URL")
    token_issuer: str = Field(default=PUBLIC_ISSUER, alias="BOT_TOKEN_ISSUER")
    given_token_url: TrustedUrl = Field(default="", alias="BOT_TOKEN_URL")
    token_scope: str = Field(default=PUBLIC_SCOPE, alias="BOT_TOKEN_SCOPE")
    identity_endpoint: str = Field(default="", alias="IDENTITY_ENDPOINT", pattern=r"^(https?://.*)?$")
    identity_header: SecretStr = Field(default=SecretStr(""), alias="IDENTITY_HEADER")
    allow_anonymous: bool = Field(default=False, alias="ALLOW_ANONYMOUS")
    language: Literal["", "sv", "en"] = Field(default="", alias="BOT_LANGUAGE")
    templates_dir: DirectoryPath | None = Field(default=None, alias="TEMPLATES_DIR")
    promises_dir: DirectoryPath | None = Field(default=None, alias="PROMISES_DIR")
    stop_within: float = Field(default=20.0, alias="STOP_WITHIN", gt=0, le=600)
    give_up_after: float = Field(default=6.0, alias="GIVE_UP_AFTER", gt=0, le=168)
    log_level: Level = Field(default="INFO", alias="LOG_LEVEL")
    log_format: Literal["auto", "json", "console"] = Field(default="auto", alias="LOG_FORMAT")

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where a municipality keeps templates of its own, beside those that are shipped (A1)."""
        return (self.templates_dir,) if self.templates_dir else ()

    @property
    def promise_folders(self) -> tuple[Path, ...]:
        """Where a municipality keeps promises to begin new ones from, beside those that are shipped (D5)."""
        return (self.promises_dir,) if self.promises_dir else ()

    @property
    def tenant_ids(self) -> frozenset[str]:
        """Whose people are let in; empty: everybody's whom the Bot Connector sends."""
        return frozenset(self.tenants.replace(",", " ").split())

    @property
    def bind_host(self) -> str:
        """Where to listen: `HOST`, else everywhere; this machine alone while anonymous calls are let in."""
        return self.host or ("127.0.0.1" if self.allow_anonymous else "0.0.0.0")  # noqa: S104  Teams must reach it

    @property
    def token_url(self) -> str:
        """Where tokens for calls to Teams come from: `BOT_TOKEN_URL`, else Microsoft's for the tenant."""
        tenant = self.app_tenant_id if self.app_type == "SingleTenant" else "botframework.com"
        return self.given_token_url or f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"

    @property
    def is_anonymous(self) -> bool:
        """Whether requests are believed without a token: without an app id, on this machine alone."""
        return not self.app_id

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [*self._problems_of_identity(), *self._problems_of_host()]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _problems_of_identity(self) -> Iterator[str]:
        if not self.app_id:
            if not self.allow_anonymous:
                yield "MICROSOFT_APP_ID is missing; to try the bot on this machine, set ALLOW_ANONYMOUS=1"
            return
        if self.app_type != "UserAssignedMSI" and not self.app_password.get_secret_value():
            yield "MICROSOFT_APP_PASSWORD is missing: the bot can't prove who it is when it sends"
        if self.app_type == "SingleTenant" and not (self.app_tenant_id or self.given_token_url):
            yield "MICROSOFT_APP_TENANT_ID is missing: a SingleTenant bot needs it"

    def _problems_of_host(self) -> Iterator[str]:
        if self.allow_anonymous and not is_loopback(self.bind_host):
            yield f"HOST is {self.host!r}; with ALLOW_ANONYMOUS=1 it must be this machine's own (127.0.0.1)"


def read_settings(env_file: Path | None = None, **given: object) -> Settings:
    """The settings of this process: those given by their fields' names, the rest from the environment; SettingsError if
    they won't do."""
    return _read(Settings, env_file, given)


def read_database() -> Database:
    """The database's address alone, from the environment; SettingsError if it won't do."""
    return _read(Database, None, {})


def _read(kind: type[_Kind], env_file: Path | None, given: Mapping[str, object]) -> _Kind:
    try:
        return kind(_env_file=env_file, **given)  # type: ignore[call-arg, arg-type]  # pydantic-settings' own argument, and it looks at the others
    except ValidationError as error:
        raise SettingsError("\n".join(_in_words(one) for one in error.errors())) from error


def _in_words(error: ErrorDetails) -> str:
    """One line a problem, with the variable's name first and without its value, which may be secret."""
    text = error["msg"].removeprefix("Value error, ")
    name = ".".join(map(str, error["loc"]))
    return f"{name}: {text}" if name else text
