"""How long each stage of a search takes, told from outside: the searcher has no clocks of its own.

    with recorded() as clock:
        searcher.search("Wie is voorzitter?")
    clock.seconds()      # [{"analyse": 0.0004, "encode": 0.009, …}], one a search

Each of the stages' functions is wrapped for as long as the recording lasts. What one calls in another stage counts for
that one only, so the stages of a search add up to the whole of it. One thread at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from index.embedded import Embedded
from index.encoder import Encoder
from index.large.backend import Large
from index.large.nearest import Nearest
from index.large.words import LargeWords
from index.searcher import Searcher
from index.vectors import Vectors
from index.words import Words

_P = ParamSpec("_P")
_R = TypeVar("_R")

STAGES = ("analyse", "encode", "words", "vectors", "fuse", "answer")

# Where each stage is done, in a small version and in a large one. The search itself comes last: what it does by itself
# is ordering, hits, facets and answer. A large version compares its candidates' vectors where it makes its field.
_PLACES: tuple[tuple[str, type, str], ...] = (
    ("analyse", Searcher, "read"),
    ("words", Words, "search"),
    ("words", LargeWords, "scores"),
    ("vectors", Vectors, "similarities"),
    ("vectors", Nearest, "search"),
    ("vectors", Large, "field"),
    ("fuse", Embedded, "field"),
    ("fuse", Searcher, "score"),
    ("answer", Searcher, "search"),
)


class Clock:
    """The seconds that each stage of each search took by itself."""

    def __init__(self) -> None:
        self._searches: list[dict[str, float]] = []
        self._now = dict.fromkeys(STAGES, 0.0)
        self._inside: list[float] = []  # for each call that is going on, what the calls in it took

    def timed(self, stage: str, function: Callable[_P, _R]) -> Callable[_P, _R]:
        """The same function with a clock beside it."""

        def wrapped(*arguments: _P.args, **named: _P.kwargs) -> _R:
            self._inside.append(0.0)
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                taken = time.perf_counter() - began
                self._now[stage] += taken - self._inside.pop()
                if self._inside:
                    self._inside[-1] += taken
                else:
                    self._searches.append(self._now)
                    self._now = dict.fromkeys(STAGES, 0.0)

        return wrapped

    def seconds(self) -> Sequence[dict[str, float]]:
        """One a search, in their order."""
        return self._searches


@contextmanager
def recorded(encoder: Encoder) -> Iterator[Clock]:
    """Records the stages of every search until it is left."""
    clock = Clock()
    with ExitStack() as patches:
        for stage, owner, name in (*_PLACES, ("encode", type(encoder), "encode_queries")):
            patches.enter_context(patch.object(owner, name, clock.timed(stage, getattr(owner, name))))
        yield clock
