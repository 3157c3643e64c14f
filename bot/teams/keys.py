"""The public keys of the token issuer: fetched without blocking, kept, refreshed when one is missing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import structlog

from bot.settings import is_trusted_url

log = structlog.get_logger(__name__)

_FRESH = 24 * 3600.0
"""Seconds after which kept keys are fetched anew, while they still serve."""
_PAUSE = 10.0
"""Seconds between fetches that unknown key ids can cause: strangers can't make us a burden to the issuer."""


class KeysUnavailable(Exception):
    """The issuer can't be reached and no key is known: nobody can be believed now (503)."""


@dataclass(frozen=True)
class Key:
    """A signing key, and the channels it may sign for (none named: any)."""

    public: jwt.PyJWK
    endorsements: frozenset[str]


class SigningKeys:
    """The issuer's keys by id, from its OpenID metadata."""

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        metadata_url: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._url = metadata_url
        self._now = now
        self._keys: dict[str, Key] = {}
        self._fetched_at = float("-inf")
        self._asked_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def get(self, key_id: str) -> Key | None:
        """The key, after one fetch if it is unknown; None if the issuer has no such key."""
        key = self._keys.get(key_id)
        if key is None:
            await self._fetch_for_unknown()
            key = self._keys.get(key_id)
        elif self._now() - self._fetched_at > _FRESH:
            self._start()
        return key

    async def _fetch_for_unknown(self) -> None:
        if self._is_fetching() or self._may_ask():
            await asyncio.shield(self._start())
        if not self._keys:
            raise KeysUnavailable

    def _may_ask(self) -> bool:
        """Whether an unknown key id may cause a fetch now; the very first fetch does not count."""
        if not self._keys:
            return True
        if self._now() - self._asked_at < _PAUSE:
            return False
        self._asked_at = self._now()
        return True

    def _is_fetching(self) -> bool:
        return self._fetching is not None and not self._fetching.done()

    def _start(self) -> asyncio.Task[None]:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            metadata = await self._json(self._url)
            keys = await self._json(_trusted(str(metadata["jwks_uri"])))
            self._keys = _by_id(keys["keys"]) or self._keys
        except (aiohttp.ClientError, jwt.PyJWTError, OSError, ValueError, KeyError, TypeError) as error:
            log.warning("signing_keys_not_fetched", error=type(error).__name__)
            self._fetched_at = max(self._fetched_at, self._now() - _FRESH + _PAUSE)
            return
        self._fetched_at = self._now()

    async def _json(self, url: str) -> dict[str, Any]:
        async with self._session().get(url) as answer:
            answer.raise_for_status()
            return dict(await answer.json(content_type=None))


def _trusted(url: str) -> str:
    if not is_trusted_url(url):
        raise ValueError("keys over plain http")
    return url


def _by_id(published: list[dict[str, Any]]) -> dict[str, Key]:
    """The RSA signing keys of a key set; what else is in it is left out."""
    found: dict[str, Key] = {}
    for jwk in published:
        if jwk.get("kty") == "RSA" and jwk.get("kid") and jwk.get("use", "sig") == "sig":
            key = jwt.PyJWK.from_dict(jwk, algorithm="RS256")
            found[str(jwk["kid"])] = Key(key, frozenset(jwk.get("endorsements") or ()))
    return found
