"""Whom a request is from: the token really verified, and what it vouches for compared with the activity."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
    UserTokenClient,
)

from bot.settings import Settings, is_loopback
from bot.teams.clients import PooledClients
from bot.teams.connector import Connector
from bot.teams.keys import Key, SigningKeys

_TEAMS = "msteams"
_LEEWAY = 300
"""Seconds that clocks may differ, as Microsoft recommends."""
_LONGEST_TOKEN = 16 * 1024
"""Characters: Teams' are under 2,000, and a longer one is not worth decoding."""
_MOST_KNOWN = 100
"""Verified tokens that are kept; only the issuer can make one, so strangers can't push others out."""


class Refused(PermissionError):
    """A request not let in: 401 without a believable token, 403 where a true token is not for this."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Caller:
    """What a verified token says; no claims and no endorsements where anonymous callers are let in."""

    claims: Mapping[str, Any]
    endorsements: frozenset[str] = frozenset()
    anonymous: bool = False


@dataclass(frozen=True)
class _Believed:
    """A token that was verified with this very key; what time can change about it is asked again."""

    caller: Caller
    key: Key
    key_id: str

    def holds(self, key: Key, now: float) -> bool:
        """Whether it would be verified now: the issuer has the same key still, and it has not expired."""
        return key == self.key and now < int(self.caller.claims["exp"]) + _LEEWAY


class TeamsAuthentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Botbuilder's authentication with the verification done by PyJWT and keys fetched without blocking."""

    def __init__(self, settings: Settings, connector: Connector) -> None:
        self._settings = settings
        self._keys = SigningKeys(connector.session, settings.openid_metadata_url)
        self._clients = PooledClients(connector)
        self._known: dict[str, _Believed] = {}

    async def identify(self, header: str | None, host: str) -> Caller:
        """Who calls, by the Authorization header; Refused if it can't be believed.

        Without tokens the request must have been sent to this machine by one of its own names: a web page
        elsewhere whose name was pointed here is not let in.
        """
        if self._settings.is_anonymous:
            if not is_loopback(_host(f"http://{host}")):
                raise Refused(403, "host")
            return Caller({}, anonymous=True)
        token = _bearer(header)
        known = self._known.get(token)
        key = await self._keys.get(known.key_id if known else _key_id(token))
        if key is None:
            raise Refused(401, "unknown_key")
        if known and known.holds(key, time.time()):
            return known.caller
        return self._believed(token, key)

    def vouch(
        self, caller: Caller, service_url: str, channel_id: str, tenant_id: str
    ) -> AuthenticateRequestResult:
        """Let the caller speak for a service URL, channel and tenant; Refused (403) where no token or setting says so."""
        if caller.anonymous:
            if not is_loopback(_host(service_url)):
                raise Refused(403, "service_url")
        elif str(caller.claims.get("serviceurl", "")).rstrip("/") != service_url.rstrip("/"):
            raise Refused(403, "service_url")
        if caller.endorsements and channel_id not in caller.endorsements:
            raise Refused(403, "endorsement")
        if channel_id not in ("", _TEAMS) and not caller.anonymous:
            # Where a web chat is added to the same bot, whoever writes there chooses a name and a tenant.
            raise Refused(403, "channel")
        if not self._lets_in(caller, tenant_id):
            raise Refused(403, "tenant")
        return self._result(caller)

    def _lets_in(self, caller: Caller, tenant_id: str) -> bool:
        """Bot Connector's tokens name no tenant, so `TENANTS` says whose people are let in; one that does must agree."""
        named, known = caller.claims.get("tid"), self._settings.tenant_ids
        return (named is None or named == tenant_id) and (not known or tenant_id in known)

    def _believed(self, token: str, key: Key) -> Caller:
        """Verify a token, and keep it: Teams sends the same one with every request for an hour."""
        self._known.pop(token, None)
        caller = Caller(self._verified(token, key), key.endorsements)
        if len(self._known) >= _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[token] = _Believed(caller, key, _key_id(token))
        return caller

    def _verified(self, token: str, key: Key) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._settings.app_id,
                issuer=self._settings.token_issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.InvalidAudienceError as error:
            raise Refused(403, "audience") from error
        except jwt.ExpiredSignatureError as error:
            raise Refused(401, "expired") from error
        except jwt.ImmatureSignatureError as error:
            raise Refused(401, "not_yet_valid") from error
        except jwt.InvalidIssuerError as error:
            raise Refused(401, "issuer") from error
        except jwt.InvalidSignatureError as error:
            raise Refused(401, "signature") from error
        except jwt.PyJWTError as error:
            raise Refused(401, "token") from error

    def _result(self, caller: Caller) -> AuthenticateRequestResult:
        kind = AuthenticationConstants.ANONYMOUS_AUTH_TYPE if caller.anonymous else None
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(caller.claims), True, kind)
        result.audience = self._settings.token_scope
        result.connector_factory = self._clients
        return result

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Botbuilder's own entry to the two steps above."""
        caller = await self.identify(auth_header, "")
        tenant = activity.conversation.tenant_id if activity.conversation else None
        return self.vouch(caller, activity.service_url or "", activity.channel_id or "", tenant or "")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> None:  # noqa: ARG002
        """Teams does not stream."""
        raise Refused(403, "streaming")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002
        """The pooled clients, whoever asks."""
        return self._clients

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> UserTokenClient | None:  # noqa: ARG002
        """None: the bot signs nobody in, and building a client took much of every turn's time."""
        return None


def _bearer(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    if not header:
        raise Refused(401, "no_token")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(401, "malformed")
    if len(token) > _LONGEST_TOKEN:
        raise Refused(401, "too_long")
    return token.strip()


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError) as error:
        raise Refused(401, "malformed") from error
    if header.get("alg") != "RS256":
        raise Refused(401, "algorithm")
    if not isinstance(header.get("kid"), str):
        raise Refused(401, "unknown_key")
    return str(header["kid"])


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname if url.startswith(("http://", "https://")) else None
    except ValueError:
        return None
