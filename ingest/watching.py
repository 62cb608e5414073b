"""Following a folder: tells when something in it changed, and was left alone again for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from watchfiles import DefaultFilter, watch

# A file that is being copied changes many times; it is read once nothing has moved for this long, in milliseconds.
_QUIET = 2_000
# Nor is it waited for for ever: a folder that never comes to rest is read as it is, in milliseconds.
_LONGEST = 60_000
# Folders on a server tell nothing of their changes; these are looked at so often, in milliseconds.
_LOOK = 2_000
# What office programs and browsers put beside a file while it is open or still coming in.
_PASSING = (r"^~\$.*", r"^\.~lock\..*", r".*\.(tmp|part|crdownload)$")


def changes_in(folder: Path, stop: Event | None = None) -> Iterator[tuple[str, ...]]:
    """The names of the files that came, went or changed, each time that some did; ends when `stop` is set.

    What stands in the folder when it begins is no change. Looks at the folder now and then, so that network drives
    work too.
    """
    seen = watch(
        folder,
        watch_filter=DefaultFilter(ignore_entity_patterns=(*DefaultFilter.ignore_entity_patterns, *_PASSING)),
        debounce=_LONGEST,
        step=_QUIET,
        stop_event=stop,
        force_polling=True,
        poll_delay_ms=_LOOK,
        raise_interrupt=True,
    )
    for changes in seen:
        names = {Path(path).name for _, path in changes if not Path(path).is_dir()}  # a folder changes with its files
        if names:
            yield tuple(sorted(names))
