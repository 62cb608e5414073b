"""What goes when a document is removed for good: kept and fetched files, and caches, that no version uses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from index.builder import evidence
from index.checking import is_whole
from index.embeddings import PASSAGE, QUERY, cache_key, keep_only
from index.forgotten import Forgotten
from index.store import Store
from index.versions import Layout, read_manifest, versions


def clear_files(data: Path, entries: Sequence[Forgotten]) -> None:
    """Removes from the kept and fetched files and from the caches whatever no version uses."""
    whole = [Layout(data / "index" / name) for name in versions(data) if is_whole(data, name)]
    stores = [Store(layout.store) for layout in whole]
    documents = [document for store in stores for document in store.documents()]
    used = {store.kept_name(document.id) for store in stores for document in store.documents()}
    for path in _below(data / "files"):
        if path.name not in used:
            path.unlink()
    digests = {document.digest for document in documents}
    cache = data / "cache" / "embeddings.sqlite"
    for path in [*_below(data / "cache"), *_below(data / "extracted")]:
        # what is not named after a document that stays may be of the one that goes, and a cache can be made anew
        if path != cache and not any(digest in str(path.relative_to(data)) for digest in digests):
            path.unlink()
    if cache.is_file():
        keep_only(cache, _cache_keys(whole))
    _clear_fetched(data / "fetched", entries, {document.url for document in documents})


def _clear_fetched(folder: Path, entries: Sequence[Forgotten], used: Collection[str | None]) -> None:
    """Removes fetched files by their content, and records that name it or the address, with all files beside them.

    '3f0c.json' names the address → '3f0c.json' and '3f0c-9a1b.pdf' go.
    """
    digests = {digest for entry in entries for digest in entry.digests}
    addresses = {_plain(address) for entry in entries for address in entry.addresses if address not in used}
    keys: set[str] = set()
    for path in _below(folder):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() in digests or (
            path.suffix == ".json" and _tells(content, digests, addresses)
        ):
            keys.add(_key(path))
    for path in _below(folder):
        if _key(path) in keys:
            path.unlink()


def _tells(content: bytes, digests: Collection[str], addresses: Collection[str]) -> bool:
    try:
        record = json.loads(content)
    except ValueError:
        return False
    values = [value for value in record.values() if isinstance(value, str)] if isinstance(record, dict) else []
    return any(value in digests or _plain(value) in addresses for value in values)


def _key(path: Path) -> str:
    return path.name.lstrip(".").split(".")[0].split("-")[0]


def _plain(address: str) -> str:
    """'HTTPS://Example.org/a/' → '//example.org/a': as alike as two ways to write one address may be."""
    return address.casefold().partition(":")[2].partition("#")[0].rstrip("/")


def _below(folder: Path) -> list[Path]:
    """All files of a folder, at any depth; none if it is not there."""
    return [path for path in sorted(folder.rglob("*")) if not path.is_dir() or path.is_symlink()]


def _cache_keys(layouts: Iterable[Layout]) -> Iterator[bytes]:
    """The keys of all that versions embedded: their evidence, and the sentences that may have been put as questions."""
    for layout in layouts:
        model = read_manifest(layout).model_fingerprint
        store = Store(layout.store)
        passages = store.passages_at(range(store.passages))
        texts, _ = evidence(passages, {document.id: document.title for document in store.documents()})
        yield from (cache_key(model, PASSAGE, text) for text in texts)
        for passage in passages:
            yield from (cache_key(model, QUERY, passage.text[unit.start : unit.end]) for unit in passage.units)
