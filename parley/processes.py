"""Which parts run in this process: console, bot (the debtor's side), worker (sender and sweeper), or all of them."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import socket
from types import FrameType
from typing import TYPE_CHECKING, Literal

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.webchat import create_webchat
from bot.options import BotOptions
from bot.services import BotServices
from bot.web.unavailable import CAUSES, unavailable
from console.app import create_console
from console.services import ConsoleServices
from core.actions import limits
from core.clock import Clock
from core.errors import InvalidInput
from core.live import Counters, InProcessCounters
from core.settings import Settings
from core.work import Works
from nlu.engine import Engine
from parley.dispatch import Dispatcher
from parley.installation import open_counters, open_works
from parley.metrics import metrics_route
from parley.models import ModelKeeper, keep_models
from parley.reports import FactsKeeper
from parley.retraining import Trainer
from parley.sign_on import sso_options
from parley.understanding import engine_over, health_of
from parley.webhooks import Deliverer
from parley.what_ifs import Simulator

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

Part = Literal["console", "bot", "worker"]
Step = Callable[["Process"], Awaitable[None]]


@dataclass(slots=True)
class Process:
    """What runs here. `bot` and `models` are None where only the console does; `telegram` where no token is set.

    `closing` is set when the web server is told to stop; `counters` are shared with other processes where there is a
    Redis.
    """

    settings: Settings
    works: Works
    bot: BotServices | None
    telegram: "Telegram | None"
    models: ModelKeeper | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    counters: Counters = field(default_factory=InProcessCounters)


def bot_options(settings: Settings) -> BotOptions:
    """The debtor's side as the settings want it."""
    return BotOptions(
        public_url=settings.public_url.rstrip("/"),
        verify_facts=settings.verify_facts,
        max_tries=settings.max_tries,
        link_days=settings.link_days,
        nlu_budget_s=settings.nlu_budget_s,
        embed_origins=tuple(settings.embed_origins),
        files_dir=settings.files_dir,
        scanner=settings.attachment_scanner,
        most_file_bytes=settings.attachment_most_bytes,
    )


async def bot_services(settings: Settings, works: Works, models: ModelKeeper | None = None) -> BotServices:
    """The debtor's side on these works, its understanding loaded: the model in force, kept so by `models`."""
    local = (models or await keep_models(settings, works)).engine
    engine = await asyncio.to_thread(engine_over, settings, local)
    return BotServices(works, works.notices, engine, works.clock, options=bot_options(settings))


@asynccontextmanager
async def process(settings: Settings, parts: Set[Part], clock: Clock | None = None) -> AsyncIterator[Process]:
    """Everything opened that these parts need; closed again without losing what is under way."""
    async with open_works(settings, clock) as works:
        async with works.begin() as work:
            await limits.ensure_default(work)
        models = await keep_models(settings, works) if parts & {"bot", "worker"} else None
        bot = await bot_services(settings, works, models) if models is not None else None
        telegram = _telegram(settings, bot) if bot is not None else None
        counters = open_counters(settings)
        try:
            yield Process(settings, works, bot, telegram, models, counters=counters)
        finally:
            await counters.aclose()
            if telegram is not None:
                await telegram.close()
            if bot is not None:
                await bot.close()


def _telegram(settings: Settings, bot: BotServices) -> "Telegram | None":
    """Telegram where a token is set; its library is large, and loaded only then."""
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram import create_telegram

    secret = settings.telegram_webhook_secret.get_secret_value() if settings.telegram_webhook_secret else ""
    if settings.telegram_mode == "webhook" and not secret:
        raise InvalidInput("Set PARLEY_TELEGRAM_WEBHOOK_SECRET: without it anybody could write as a debtor.")
    return create_telegram(
        bot,
        settings.telegram_token.get_secret_value(),
        mode=settings.telegram_mode,
        webhook_secret=secret,
        api_base=settings.telegram_api_base,
    )


def application(running: Process, parts: Set[Part]) -> FastAPI:
    """The web application of these parts: the chat's routes, Telegram's webhook, and the console at the root."""
    app = FastAPI(title="Parley", docs_url=None, redoc_url=None, openapi_url=None)
    if "bot" in parts and running.bot is not None:
        app.include_router(create_webchat(running.bot))
        for cause in CAUSES:
            app.add_exception_handler(cause, unavailable)
        if running.telegram is not None and running.settings.telegram_mode == "webhook":
            app.include_router(running.telegram.router)
    if running.bot is not None:
        app.add_api_route("/healthz", _health(running.works, running.bot.engine), methods=["GET"])
    if running.settings.metrics_token is not None:
        app.add_api_route("/metrics", metrics_route(running.settings.metrics_token), methods=["GET"])
    if "console" in parts:
        services = ConsoleServices(
            works=running.works,
            notices=running.works.notices,
            public_url=running.settings.public_url.rstrip("/"),
            secret_key=running.settings.signing_key(),
            secure_cookies=running.settings.public_url.startswith("https://"),
            four_eyes=running.settings.four_eyes,
            files=bot_options(running.settings).files,
            sso=sso_options(running.settings),
            webhooks_anywhere=running.settings.webhooks_anywhere,
            counters=running.counters,
            closing=running.closing,
        )
        app.mount("/", create_console(services))
    return app


def _health(works: Works, engine: Engine) -> Callable[[], object]:
    async def health() -> JSONResponse:
        """200 when the database answers, else 503; and which engine understands, since its server may be down."""
        try:
            async with works.read() as session:
                await session.execute(select(1))
        except (SQLAlchemyError, OSError):
            return JSONResponse({"status": "database unavailable"}, status_code=503)
        return JSONResponse({"status": "ok", "understanding": health_of(engine)})

    return health


async def serve(settings: Settings, parts: Set[Part], *, before: Step | None = None, ready: Step | None = None) -> None:
    """Runs these parts until the process is told to stop.

    `before` is awaited once everything is open, `ready` once the web server answers, and the jobs start after both.
    """
    set_up_logs()
    async with process(settings, parts) as running:
        if before is not None:
            await before(running)
        jobs: list[asyncio.Task[None]] = []

        def start() -> None:
            jobs.extend(_start_jobs(running, settings, parts))

        try:
            if parts == {"worker"}:
                start()
                await _until_told(jobs)
            else:
                await _serve_web(running, parts, jobs, start, ready)
        finally:
            if running.bot is not None:
                await running.bot.close()
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)


def _start_jobs(running: Process, settings: Settings, parts: Set[Part]) -> list[asyncio.Task[None]]:
    """What runs beside the web server."""
    jobs: list[asyncio.Task[None]] = []
    if running.models is not None:
        jobs.append(asyncio.create_task(running.models.run(), name="models"))
    if "worker" in parts:
        jobs.append(asyncio.create_task(Dispatcher(running.works).run(), name="dispatcher"))
    if "worker" in parts and running.models is not None:
        trainer = Trainer(running.works, running.models, settings.data_dir / "cache" / "nlu")
        jobs.append(asyncio.create_task(trainer.run(), name="trainer"))
        simulator = Simulator(running.works, settings.lab_processes)
        jobs.append(asyncio.create_task(simulator.run(), name="simulator"))
        deliverer = Deliverer(running.works, settings.signing_key(), anywhere=settings.webhooks_anywhere)
        jobs.append(asyncio.create_task(deliverer.run(), name="webhooks"))
        jobs.append(asyncio.create_task(FactsKeeper(running.works).run(), name="reports"))
    if "worker" in parts and running.bot is not None:
        if "bot" not in parts:
            create_webchat(running.bot)
        jobs.append(asyncio.create_task(running.bot.run(), name="worker"))
    if "bot" in parts and running.telegram is not None:
        jobs.append(asyncio.create_task(running.telegram.run(), name="telegram"))
    return jobs


async def _until_told(jobs: Sequence[asyncio.Task[None]]) -> None:
    """Waits until the process is told to stop; raises what a job failed with."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    waiting = asyncio.create_task(told.wait(), name="told-to-stop")
    await asyncio.wait({waiting, *jobs}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    _look_at(jobs)


def _look_at(jobs: Iterable[asyncio.Task[None]]) -> None:
    """Raises what a job failed with: a process that no longer does its part stops, and is started again."""
    for job in jobs:
        if job.done():
            job.result()


class _Server(uvicorn.Server):
    """Says when it answers; ends the streams of open pages first, so that stopping does not wait for them."""

    def __init__(self, config: uvicorn.Config, running: Process) -> None:
        super().__init__(config)
        self._running = running
        self.answers = asyncio.Event()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stops, and has then done what it was told: the signal is not raised once more at the end."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.answers.set()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._running.closing.set()
        if self._running.bot is not None:
            self._running.bot.closing.set()
        await super().shutdown(sockets)


async def _serve_web(
    running: Process,
    parts: Set[Part],
    jobs: Sequence[asyncio.Task[None]],
    start: Callable[[], None],
    ready: Step | None,
) -> None:
    """Serves the web until the process is told to stop; `start` starts the jobs; raises what a job failed with."""
    settings = running.settings
    config = uvicorn.Config(
        application(running, parts),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        proxy_headers=True,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config, running)
    serving = asyncio.create_task(server.serve(), name="web")
    answers = asyncio.create_task(server.answers.wait(), name="web-answers")
    await asyncio.wait({serving, answers}, return_when=asyncio.FIRST_COMPLETED)
    answers.cancel()
    if ready is not None and server.started:
        await ready(running)
    start()
    await asyncio.wait({serving, *jobs}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    _look_at(jobs)


def set_up_logs() -> None:
    """Logs as one JSON line an event on standard error; what debtors write is never logged."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING)
