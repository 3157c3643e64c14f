"""Cards in Teams that are kept up to date: what they show now, remembering them, changing them in place (C1, C5)."""

from __future__ import annotations

import hashlib
import json

from bot.delivery.couriers import Activity, Forget, Outgoing, Sent, Skip, Transaction
from bot.teams.connector import Ref
from lagesbild.deliveries import KeptCard


def digest_of(activity: Activity) -> str:
    """Names what a message shows: the same for the same words."""
    return hashlib.sha256(json.dumps(activity, sort_keys=True).encode()).hexdigest()


def keep(key: str, digest: str, card_id: str | None = None) -> Sent:
    """Remembers the card that was sent; `card_id` when what was sent is not the card itself."""

    async def sent(transaction: Transaction, conversation_id: str, activity_id: str) -> None:
        await transaction.deliveries.save_card(KeptCard(key, conversation_id, card_id or activity_id, digest))

    return sent


def changed(kept: KeptCard, service_url: str, activity: Activity, digest: str) -> Outgoing | Skip:
    """The card changed in place to what it should show; Skip if it shows that already."""
    return Skip("unchanged") if kept.digest == digest else edited(kept, service_url, activity, digest)


def edited(kept: KeptCard, service_url: str, activity: Activity, digest: str) -> Outgoing:
    """The card changed in place, and remembered as what `digest` names."""
    where, sent = Ref(service_url, kept.conversation_id), keep(kept.key, digest)
    return Outgoing(where, activity, update=kept.activity_id, sent=sent, forget=_forget(kept.key))


def _forget(key: str) -> Forget:
    """Forgets a card that somebody deleted in Teams: the courier is asked again, and finds none to change."""

    async def forget(transaction: Transaction) -> None:
        await transaction.deliveries.remove_card(key)

    return forget
