"""What there is to read in this run: the sources, what came of their addresses, and the content of each as it is now.

Stages: 1 the register and the files · 2 what the documents that say so link to · 3 what lies at the addresses · 4 the
content of each source, told before it is read: what changes meanwhile, the next run sees · 5 without what was removed
for good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.documents import Source
from ingest.errors import UnreadableError
from ingest.extracted import Reader
from ingest.fetch import Fetched, Fetcher, FetchSettings
from ingest.fetch_problems import FetchState
from ingest.links import sources_of_links
from ingest.pipeline import bytes_of, digest_of
from ingest.sources import name_of, sources_of

Barred = Callable[[str, str], bool]  # (a source's id, its content's digest) → whether it was removed for good


@dataclass(frozen=True, slots=True)
class Inventory:
    """Sources in their order, with for each the digest of its content, or how it fails if it cannot be had.

    `fetched` has what came of each address that was asked; `barred` the sources that were removed for good.
    """

    sources: tuple[Source, ...]
    contents: tuple[str, ...]
    fetched: Mapping[str, Fetched]
    barred: tuple[Source, ...]


def take_inventory(
    corpus: Path,
    kept_in: Path,
    rules: FetchSettings,
    is_barred: Barred,
    states_before: Mapping[str, str],
    read: Reader,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Inventory:
    """What there is to read. Raises CorpusError or RegisterError if the corpus cannot be read.

    `kept_in` is the folder of what was fetched before, `states_before` the last version's states by source id, and
    `progress` is called with the addresses that were asked and those in all.
    """
    sources = _with_linked(sources_of(corpus), is_barred, read)  # 1, 2
    fetched = _fetch([source for source in sources if not is_barred(source.id, "")], kept_in, rules, progress)  # 3
    contents = [_content(source, fetched, states_before.get(source.id)) for source in sources]  # 4
    both = list(zip(sources, contents, strict=True))
    allowed = [(source, content) for source, content in both if not is_barred(source.id, content)]  # 5
    return Inventory(
        sources=tuple(source for source, _ in allowed),
        contents=tuple(content for _, content in allowed),
        fetched=fetched,
        barred=tuple(source for source, content in both if is_barred(source.id, content)),
    )


def _with_linked(sources: list[Source], is_barred: Barred, read: Reader) -> list[Source]:
    """The sources, with what the links of those that say so point to: joined to a source with that address, or new."""
    for source in [source for source in sources if source.follow_links]:
        try:
            data = bytes_of(source)
            digest = digest_of(data)
            if is_barred(source.id, digest):
                continue
            document = read(source, data, name_of(source.path) if source.path else "", digest).document
        except UnreadableError:  # the reading itself says what is wrong with it; its links wait
            continue
        sources = sources_of_links(document, sources)
    return sources


def _fetch(
    sources: Sequence[Source], kept_in: Path, rules: FetchSettings, progress: Callable[[int, int], None]
) -> dict[str, Fetched]:
    """What came of the address of each source that has no file here."""
    addresses = [source.url for source in sources if source.path is None and source.url]
    if not addresses:
        return {}
    asked: list[str] = []

    def count(address: str) -> None:
        asked.append(address)
        progress(len(asked), len(addresses))

    with Fetcher(rules, kept_in) as fetcher:
        return fetcher.fetch_all(addresses, count)


def _content(source: Source, fetched: Mapping[str, Fetched], state_before: str | None) -> str:
    """The digest of a source's file as it is now; how it fails if it cannot be read."""
    web = fetched.get(source.url or "") if source.path is None else None
    if web:
        # An outage alone publishes nothing: what is kept stays what it was. Nor does being offline: that a source could
        # not be asked says nothing new of it.
        unasked = web.state is FetchState.WACHT_OP_NETWERK and state_before is not None
        state = state_before if unasked else web.state
        return f"{web.digest or state}{' vervallen' if web.gone else ''}"
    try:
        return digest_of(bytes_of(source))
    except UnreadableError as error:
        return error.state
