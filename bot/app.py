"""The composition root: settings → storage and engine → use cases → router → web application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from bot.delivery.couriers import Couriers
from bot.delivery.engine import Engine, Pace
from bot.delivery.outbox import Jobs
from bot.delivery.retry import Patience
from bot.door import opened
from bot.features import every_courier
from bot.fetching import Fetcher
from bot.handlers import (
    analyses,
    assessing,
    away,
    council,
    council_posts,
    deciding,
    feedback,
    following_up,
    helping,
    joining,
    log,
    measures,
    meetings,
    members,
    mydata,
    notes,
    picture,
    promise_writing,
    promises,
    report,
    rounds,
    setup,
    status,
    themes,
)
from bot.lateness import watching
from bot.routing import Router
from bot.settings import Settings
from bot.teams.activities import Event, Reply
from bot.teams.connector import Connector
from bot.ticking import Ticking
from bot.warming import warm_up
from bot.web import create_web_app
from bot.work import Desk, SystemClock
from cards.texts import Texts
from lagesbild.ports import Clock
from lagesbild.promise_data import promise_files
from lagesbild.templates import Templates
from storage import Storage, create_engine, is_current, migrate

_FEATURES = (
    report.feature,
    notes.feature,
    away.feature,
    mydata.feature,
    joining.feature,
    setup.feature,
    members.feature,
    meetings.feature,
    rounds.feature,
    picture.feature,
    assessing.feature,
    promises.feature,
    promise_writing.feature,
    themes.feature,
    status.feature,
    log.feature,
    feedback.feature,
    following_up.feature,
    council.feature,
    council_posts.feature,
    deciding.feature,
    measures.feature,
    analyses.feature,
)
"""One line a feature."""
FEATURES = (*_FEATURES, helping.about(_FEATURES))


@dataclass(frozen=True)
class App:
    """The running parts that the command line, the sample and the tests reach."""

    web: web.Application
    desk: Desk
    engine: Engine
    router: Router


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Clock | None = None,
    pace: Pace | None = None,
    templates: Templates | None = None,
) -> AsyncIterator[App]:
    """Everything started in order, and stopped in the reverse one. The database is migrated first."""
    clock = clock or SystemClock()
    pace = pace or _pace(settings)
    warm_up(clock.now())
    await migrate(settings.database_url)
    database = create_engine(settings.database_url)
    storage = Storage(database)
    jobs = Jobs.on(settings.database_url)
    templates = templates or Templates.load(*settings.template_folders)
    desk = Desk(storage.begin, jobs, clock, templates, promise_files(*settings.promise_folders))
    connector = Connector.from_settings(settings)
    engine = Engine(
        settings.database_url,
        transactions=storage.begin,
        undisturbed=storage.undisturbed,
        sender=connector,
        couriers=Couriers(desk.on, every_courier(FEATURES)),
        tick=Ticking(desk),
        jobs=jobs,
        clock=clock,
        pace=pace,
    )
    router = Router(desk.open, Fetcher(connector), FEATURES, settings.language)

    async def ready() -> bool:
        return engine.ready() and await is_current(database)

    application = create_web_app(settings, router, failure, ready, connector)
    await engine.start()
    try:
        async with watching():
            yield App(application, desk, engine, router)
    finally:
        await engine.stop()
        jobs.close()
        await connector.close()
        await database.dispose()


def _pace(settings: Settings) -> Pace:
    """Teams' own rates, with what the settings say of patience."""
    patience = Patience(give_up_after=timedelta(hours=settings.give_up_after))
    return Pace(stop_within=max(1, int(settings.stop_within / 2)), patience=patience)


@asynccontextmanager
async def listening(app: App, settings: Settings) -> AsyncIterator[None]:
    """The web application on its port, for as long as the block lasts; then what was asked is answered first.

    aiohttp waits twice for a request, so both waits and the engine's are together under `STOP_WITHIN`.
    """
    patience = settings.stop_within / 5
    async with opened(app.web, settings.bind_host, settings.port, stop_within=patience):
        yield


def failure(event: Event) -> Reply:
    """What a person reads when the program failed: what was kept, and what to do."""
    return Reply(text=Texts(event.who.locale or "sv")("error.unexpected"), replace=False)
