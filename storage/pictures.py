"""Published pictures and their posts in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, select

from lagesbild.ids import RoundId
from lagesbild.rounds import ChannelPost, PublishedPicture
from storage import tables
from storage.rows import Rows

_pictures = tables.pictures.c
_posts = tables.posts.c


class Pictures:
    """Fulfils `lagesbild.repositories.Pictures`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def latest(self, round_id: RoundId) -> PublishedPicture | None:
        query = select(tables.pictures).where(_pictures.round_id == round_id)
        row = await self._rows.one(query.order_by(_pictures.revision.desc()).limit(1))
        return PublishedPicture(**row) if row else None

    async def list_by_round(self, round_id: RoundId) -> Sequence[PublishedPicture]:
        query = select(tables.pictures).where(_pictures.round_id == round_id).order_by(_pictures.revision)
        return [PublishedPicture(**row) for row in await self._rows.all(query)]

    async def save(self, picture: PublishedPicture) -> None:
        await self._rows.save(tables.pictures, asdict(picture))

    async def posts(self, round_id: RoundId) -> Sequence[ChannelPost]:
        query = select(tables.posts).where(_posts.round_id == round_id).order_by(_posts.part)
        return [ChannelPost(**row) for row in await self._rows.all(query)]

    async def save_post(self, post: ChannelPost) -> None:
        await self._rows.replace(tables.posts, asdict(post))

    async def remove_post(self, post: ChannelPost) -> None:
        query = delete(tables.posts).where(_posts.round_id == post.round_id, _posts.part == post.part)
        await self._rows.write(tables.posts, query)
