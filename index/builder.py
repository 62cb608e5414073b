"""One index version out of what an ingest run read: built aside, verified, published.

Stages: 1 files kept · 2 words · 3 vectors · 4 store · 5 verified by opening it · 6 published.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.checking import check
from index.dutch import Analyser
from index.embeddings import embed_passages, embed_queries
from index.encoder import Encoder
from index.errors import DamagedVersionError
from index.results import DocumentInfo, SourceStatus
from index.store import Store, write_store
from index.vectors import WHOLE, Vectors, usual_similarity, write_vectors
from index.versions import FORM, Layout, Manifest, building, kept_name, publish
from index.words import Words, write_words
from ingest.documents import Document, Passage
from ingest.folding import fold
from ingest.portefeuilles import PORTEFEUILLES

Progress = Callable[[str, int, int], None]

# Sentences of the corpus that are put as questions to find passages that are near to any question. The mean over 300
# of the handover's 350 sentences differs from that over all by less than 0.001.
QUESTIONS = 500


def build_and_publish(
    data: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    contents: Mapping[str, bytes],
    sources: Sequence[SourceStatus],
    encoder: Encoder,
    recipe: str,
    progress: Progress = lambda stage, done, total: None,
) -> str:
    """Publishes a version and returns its name. `contents` has each document's bytes by digest.

    Whatever goes wrong on the way, the version that answers now stays.
    """
    keep_files(data, documents, contents)  # 1
    titles = {document.source.id: document.source.title for document in documents}
    infos = [(document, describe(document, passages)) for document in documents]
    vocabulary = vocabulary_of(passages)
    with building(data) as layout:
        about = {document.source.id: _about(document) for document in documents}
        index_words(layout, passages, about, vocabulary)  # 2
        texts, owners = evidence(passages, titles)
        cache = data / "cache" / "embeddings.sqlite"
        questions, asked_of = sample_questions(passages)
        total = len(texts) + len(questions)
        vectors = embed_passages(texts, encoder, cache, lambda done: progress("vectoren", done, total))  # 3
        asked = embed_queries(questions, encoder, cache, lambda done: progress("vectoren", len(texts) + done, total))
        write_vectors(layout, vectors, owners, asked)
        mean, deviation = usual_similarity(vectors, owners, asked, asked_of)
        write_store(layout.store, infos, passages, vocabulary, sources)  # 4
        manifest = Manifest(
            form=FORM,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            recipe=recipe,
            model=encoder.name,
            model_fingerprint=encoder.fingerprint,
            dimension=encoder.dimension,
            documents=len(documents),
            passages=len(passages),
            vectors=len(owners),
            similarity_mean=mean,
            similarity_deviation=deviation,
        )
        verify(layout, manifest)  # 5
        return publish(data, layout, manifest)  # 6


def keep_files(data: Path, documents: Sequence[Document], contents: Mapping[str, bytes]) -> None:
    """Keeps the very bytes that were read: page pictures and links show them, whatever happens to the corpus."""
    folder = data / "files"
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        path = folder / kept_name(document.digest, document.file)
        if path.exists():
            continue
        aside = path.with_name(f".{path.name}")
        with aside.open("wb") as file:
            file.write(contents[document.digest])
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)


def index_words(
    layout: Layout, passages: Sequence[Passage], about: Mapping[str, str], vocabulary: Mapping[str, int]
) -> None:
    """Writes the words of passages, in their order; `about` has what is searchable of each document by its id."""
    analyser = Analyser(vocabulary)
    terms = (
        (analyser.terms(passage.text), analyser.terms(_context(passage, about[passage.document_id])))
        for passage in passages
    )
    write_words(layout.words, terms)


def evidence(passages: Sequence[Passage], titles: Mapping[str, str]) -> tuple[list[str], np.ndarray]:
    """The texts that are embedded, and (passage row, unit) of each: every passage whole, then each of its units.

    A passage of one unit is embedded once: its only sentence is itself.
    """
    texts: list[str] = []
    owners: list[tuple[int, int]] = []
    for row, passage in enumerate(passages):
        texts.append(_headed((titles[passage.document_id], *passage.heading_path), passage.text))
        owners.append((row, WHOLE))
        for number, unit in enumerate(passage.units):
            if len(passage.units) == 1:
                break
            lead_in = f"{unit.lead_in} " if unit.lead_in else ""
            texts.append(_headed(passage.heading_path, lead_in + passage.text[unit.start : unit.end]))
            owners.append((row, number))
    return texts, np.array(owners, dtype=np.int32).reshape(-1, 2)


def sample_questions(passages: Sequence[Passage]) -> tuple[list[str], NDArray[np.int32]]:
    """At most QUESTIONS sentences spread evenly over the corpus, to be put as questions; the passage row of each."""
    sentences = [
        (passage.text[unit.start : unit.end], row) for row, passage in enumerate(passages) for unit in passage.units
    ]
    drawn = sentences[:: max(1, math.ceil(len(sentences) / QUESTIONS))]
    return [text for text, _ in drawn], np.array([row for _, row in drawn], dtype=np.int32)


def _headed(headings: Sequence[str], text: str) -> str:
    """(['Sport', 'Vooruitblik'], 'De verbinding …') → 'Sport – Vooruitblik: De verbinding …'."""
    path = " – ".join(heading for heading in headings if heading)
    return f"{path}: {text}" if path else text


def vocabulary_of(passages: Sequence[Passage]) -> dict[str, int]:
    """The corpus's words of four letters and more, folded, and how often each stands there."""
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update(
            fold(word) for word in re.findall(r"[^\W\d_]{4,}", f"{passage.text} {' '.join(passage.heading_path)}")
        )
    return dict(sorted(counts.items()))


def describe(document: Document, passages: Sequence[Passage]) -> DocumentInfo:
    """What readers see of a document."""
    own = [passage for passage in passages if passage.document_id == document.source.id]
    named = dict.fromkeys(
        (*document.source.portefeuilles, *(name for passage in own for name in passage.portefeuilles))
    )
    return DocumentInfo(
        id=document.source.id,
        title=document.source.title,
        file=document.file,
        publisher=document.source.publisher,
        date=_date(document),
        url=document.source.url,
        digest=document.digest,
        pages=len(document.pages),
        pages_searchable=len({page for passage in own for page in passage.pages}),
        passages=len(own),
        portefeuilles=tuple(name for name in PORTEFEUILLES if name in named),
    )


def _date(document: Document) -> str:
    """The register's year; without one the file's own date: 'D:20251001…' → '2025-10-01'."""
    if document.source.year:
        return str(document.source.year)
    for field in ("moddate", "creationdate"):
        found = re.match(r"D:(\d{4})(\d{2})?(\d{2})?", document.metadata.get(field, ""))
        if found:
            return "-".join(part for part in found.groups() if part)
    return ""


def _about(document: Document) -> str:
    """What is searchable of every passage of a document: title, publisher, year."""
    source = document.source
    return about_of(source.title, source.publisher, source.year)


def about_of(title: str, publisher: str, year: int | None) -> str:
    """'Energievisie 2050', 'Provincie Drenthe', None → 'Energievisie 2050 Provincie Drenthe'."""
    return " ".join(str(part) for part in (title, publisher, year or "") if part)


def _context(passage: Passage, about: str) -> str:
    """The words that help to find a passage and do not stand in it."""
    names = [word for name in passage.portefeuilles for word in (name, PORTEFEUILLES.get(name, ""))]
    lead_ins = dict.fromkeys(unit.lead_in for unit in passage.units if unit.lead_in not in passage.text)
    return " ".join((about, *names, *passage.heading_path, *lead_ins))


def verify(layout: Layout, manifest: Manifest) -> None:
    """Opens a version and tries it: counts, ids against vectors, a test query. Raises DamagedVersionError."""
    try:
        _try(layout, manifest)
    except BaseException as error:
        # tantivy panics on some damage, which pyo3 raises as a BaseException whose class cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedVersionError(layout.folder, "de woordenindex is niet te lezen") from error


def _try(layout: Layout, manifest: Manifest) -> None:
    store, vectors, words = Store(layout.store), Vectors(layout), Words(layout.words)
    check(layout, manifest, store, vectors, words)
    if not np.array_equal(vectors.owners, _owners_of(layout)):
        raise DamagedVersionError(layout.folder, "de vectoren horen niet bij de passages")
    if store.passages and not _finds_first(store, words):
        raise DamagedVersionError(layout.folder, "de woordenindex vindt de eerste passage niet")
    if len(vectors) and not _is_nearest_to_itself(vectors):
        raise DamagedVersionError(layout.folder, "de eerste vector vindt zijn eigen passage niet")


def _owners_of(layout: Layout) -> NDArray[np.int32]:
    """What the owners of the vectors must be, told from the passages in the store: see `evidence`."""
    owners: list[tuple[int, int]] = []
    for place, (row, units) in enumerate(_unit_counts(layout.store)):
        if row != place:
            raise DamagedVersionError(layout.folder, f"passage {place} ontbreekt")
        owners += [(row, WHOLE), *((row, number) for number in range(units if units > 1 else 0))]
    return np.array(owners, dtype=np.int32).reshape(-1, 2)


def _finds_first(store: Store, words: Words) -> bool:
    """Whether the words find the first passage by one of its own.

    Most words are indexed as they are written, and these are tried first: to bend words as the index does costs 0.7 s.
    """
    passage = store.passages_at([0])[0]
    written = list(dict.fromkeys(fold(word) for word in re.findall(r"\w+", passage.text)))
    if any(_finds(words, term, 0) for term in written):
        return True
    terms = Analyser(store.vocabulary()).terms(passage.text)
    return not terms or any(_finds(words, term, 0) for term in terms)


def _finds(words: Words, term: str, row: int) -> bool:
    found = words.document_frequency(term)  # in text or in context: so at most twice as many passages hold it
    return bool(found) and any(hit == row for hit, _ in words.search({term: 1.0}, 2 * found))


def _is_nearest_to_itself(vectors: Vectors) -> bool:
    """Whether the first vector is of unit length and no other is nearer to it; a text that stands twice is as near."""
    similarities = vectors.similarities(vectors_of(vectors, 1)[0])
    return bool(abs(similarities[0] - 1) < 1e-3 and similarities[0] >= similarities.max() - 1e-5)


def vectors_of(vectors: Vectors, count: int) -> NDArray[np.float32]:
    """The first vectors themselves: (count, d)."""
    found: NDArray[np.float32] = vectors._index.reconstruct_n(0, count)
    return found


def _unit_counts(store: Path) -> list[tuple[int, int]]:
    """(row, number of units) of each passage, by row; ids that stand twice are refused."""
    try:
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            counts = list(connection.execute("SELECT row, json_array_length(units) FROM passage ORDER BY row"))
            (ids,) = connection.execute("SELECT count(DISTINCT id) FROM passage").fetchone()
    except sqlite3.DatabaseError as error:
        raise DamagedVersionError(store.parent, f"{store.name} is niet te lezen ({error})") from error
    if ids != len(counts):
        raise DamagedVersionError(store.parent, "twee passages hebben hetzelfde kenmerk")
    return counts


def recipe_of(parts: Sequence[str]) -> str:
    """A digest of all that decides what a version holds: parts in a fixed order, and the code that makes it."""
    whole = hashlib.sha256()
    for part in (*parts, _code()):
        whole.update(part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def _code() -> str:
    """A digest of the modules that turn sources into an index version."""
    root = Path(__file__).resolve().parents[1]
    whole = hashlib.sha256()
    for path in sorted([*root.glob("ingest/**/*.py"), *root.glob("index/*.py")]):
        whole.update(path.read_bytes())
    return whole.hexdigest()
