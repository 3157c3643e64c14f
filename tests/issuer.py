"""An OpenID issuer and token endpoint on this machine: really signed tokens, key rotation, faults."""

from __future__ import annotations

import asyncio
import functools
import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

APP_ID = "00000000-0000-4000-8000-00000000b071"
PASSWORD = "not-a-real-secret"


@dataclass
class SigningKey:
    """One RSA key of the issuer."""

    key_id: str
    private: rsa.RSAPrivateKey
    endorsements: list[str] = field(default_factory=lambda: ["msteams"])

    @classmethod
    def new(cls, key_id: str) -> Self:
        return cls(key_id, rsa.generate_private_key(public_exponent=65537, key_size=2048))

    def public(self) -> dict[str, Any]:
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        return {**jwk, "kid": self.key_id, "use": "sig", "endorsements": self.endorsements}


@functools.cache
def _first_key() -> SigningKey:
    """Making a key takes a tenth of a second: all issuers of a test run begin with the same."""
    return SigningKey.new("key-1")


class Issuer:
    """Plays both sides of Microsoft's identity service over real HTTP.

    Inbound: `token(service_url)` signs what the Bot Connector would send; `rotate()` changes the key.
    Outbound: POST /token gives access tokens of `lifetime` seconds after `token_delay` seconds, listed in
    `tokens_given`; `accepts(header)` tells whether an Authorization header carries one that still holds.
    """

    def __init__(self) -> None:
        self.keys = [_first_key()]
        self.key_fetches = 0
        self.tokens_given: list[str] = []
        self.revoked: set[str] = set()
        self.forms: list[dict[str, str]] = []
        self.lifetime = 3600.0
        self.token_delay = 0.0
        self.token_status = 200
        self.is_down = False
        self.url = ""
        self.keys_url = ""
        self._ends: dict[str, float] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/keys", self._jwks)
        app.router.add_post("/token", self._token)
        app.router.add_get("/identity", self._identity)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """The bot's settings that make it believe this issuer and fetch its tokens here."""
        return {
            "MICROSOFT_APP_ID": APP_ID,
            "MICROSOFT_APP_PASSWORD": PASSWORD,
            "MICROSOFT_APP_TENANT_ID": "tenant",
            "BOT_OPENID_METADATA_URL": f"{self.url}/.well-known/openid-configuration",
            "BOT_TOKEN_ISSUER": self.url,
            "BOT_TOKEN_URL": f"{self.url}/token",
        }

    def token(self, service_url: str, *, key: SigningKey | None = None, **claims: Any) -> str:
        """A token as the Bot Connector sends it; `claims` replace the usual ones, None leaves one out."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": APP_ID, "exp": now + 3600, "nbf": now - 5, "serviceurl": service_url}
        payload = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        signer = key or self.keys[-1]
        return jwt.encode(payload, signer.private, algorithm="RS256", headers={"kid": signer.key_id})

    def authorization(self, service_url: str, **claims: Any) -> dict[str, str]:
        """The request header with such a token."""
        return {"Authorization": f"Bearer {self.token(service_url, **claims)}"}

    def rotate(self) -> SigningKey:
        """Sign with a new key from now on; the old one is no longer published."""
        self.keys = [SigningKey.new(f"key-{int(self.keys[-1].key_id.removeprefix('key-')) + 1}")]
        return self.keys[-1]

    def accepts(self, header: str | None) -> bool:
        """Whether an Authorization header holds an access token given here, not expired and not revoked."""
        token = (header or "").removeprefix("Bearer ")
        return token not in self.revoked and self._ends.get(token, 0.0) > time.monotonic()

    async def _metadata(self, _: web.Request) -> web.Response:
        if self.is_down:
            raise web.HTTPServiceUnavailable
        return web.json_response({"issuer": self.url, "jwks_uri": self.keys_url or f"{self.url}/keys"})

    async def _jwks(self, _: web.Request) -> web.Response:
        self.key_fetches += 1
        return web.json_response({"keys": [key.public() for key in self.keys]})

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        await asyncio.sleep(self.token_delay)
        if self.token_status != 200:
            return web.json_response({"error": "server_error"}, status=self.token_status)
        if (form.get("client_id"), form.get("client_secret")) != (APP_ID, PASSWORD):
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response(
            {"access_token": self._new_token(), "token_type": "Bearer", "expires_in": self.lifetime}
        )

    async def _identity(self, request: web.Request) -> web.Response:
        """As the identity endpoint of an Azure machine: says when a token ends, in text."""
        self.forms.append({**request.query, "secret": request.headers.get("X-IDENTITY-HEADER", "")})
        return web.json_response(
            {"access_token": self._new_token(), "expires_on": str(int(time.time() + self.lifetime))}
        )

    def _new_token(self) -> str:
        token = f"access-{len(self.tokens_given) + 1}"
        self.tokens_given.append(token)
        self._ends[token] = time.monotonic() + self.lifetime
        return token
