"""What the server does of itself, whoever looks: so that no reader waits for it, and it is done if nobody comes.

Every few seconds it looks which version is published. A new one is opened and what the pages read out of a whole
version is read. Once a day questions of which the text was kept long enough are removed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date

from app_pages import _resources
from app_pages._wie_is_wie import everyone
from app_pages._zoeken import suggest
from index.errors import SearchIndexError
from index.usage import Usage, UsageError, dutch_day

# How often it looks, in seconds: a look is one small read.
LOOK = 5.0


@asynccontextmanager
async def upkeep(app: object) -> AsyncIterator[None]:
    """Looks after the portal as long as its server runs."""
    over = asyncio.Event()
    keeper = asyncio.create_task(_until(over, Keeper().look))
    yield
    over.set()
    await keeper


async def _until(over: asyncio.Event, look: Callable[[], None]) -> None:
    while not over.is_set():
        await asyncio.to_thread(look)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), LOOK)


class Keeper:
    """Remembers what was done last; `today` is the day of the portal."""

    def __init__(self, today: Callable[[], date] = dutch_day) -> None:
        self._today = today
        self._tidied: date | None = None
        self._version: str | None = None
        self._told: set[str] = set()

    def look(self) -> None:
        """Does what is to be done now. What goes wrong is for the log, once: it is tried again at the next look."""
        for task in (self._tidy, self._open):
            try:
                task()
            except Exception as error:
                # where the index cannot be opened, each page says so, in Dutch
                is_shown = isinstance(error, SearchIndexError) and not isinstance(error, UsageError)
                if not is_shown and repr(error) not in self._told:
                    logging.getLogger("zoekportaal").exception("The portal could not be looked after")
                    self._told.add(repr(error))

    def _tidy(self) -> None:
        if (today := self._today()) != self._tidied:
            settings = _resources.SETTINGS
            Usage(settings.data, keep_questions=settings.keep_questions, today=self._today).tidy()
            self._tidied = today

    def _open(self) -> None:
        if (version := _resources.version()) != self._version:
            searcher = _resources.searcher()
            suggest.completer(searcher)
            everyone.people(searcher)
            self._version = version
