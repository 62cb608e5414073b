"""One index version out of what an ingest run read: built aside, verified, published.

Stages: 1 files kept · 2 words · 3 store · 4 vectors · 5 what each file is written down, and verified · 6 published.
Vectors come last of what is written: they may still be in the making (embeddings.Ahead).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.abbreviations import abbreviations_in
from index.begrippen import Group, StoredBegrippen, write_stored
from index.checking import verify
from index.dutch import Analyser
from index.edition import DocumentContent, Edition, SearchablePassage
from index.embeddings import AT_ONCE, Ahead, embed_passages, embed_queries
from index.encoder import Encoder
from index.passage_words import about_of, words_of
from index.publishing import EXACT_UP_TO, write_edition
from index.results import DocumentInfo, SourceStatus
from index.sought import holding, write_sought
from index.store import StoredPage, write_store
from index.vectors import WHOLE, mean_question, usual_similarity, write_vectors
from index.versions import FORM, Layout, Manifest, building, kept_name, publish, write_manifest
from index.words import write_words
from ingest.documents import Document, Passage
from ingest.folding import fold
from ingest.portefeuilles import PORTEFEUILLES
from ingest.writing import write_whole

Progress = Callable[[str, int, int], None]

# Every vector that was ever made in a data folder, by its text.
CACHE = Path("cache") / "embeddings.sqlite"

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
    begrippen: Sequence[Group] = (),
    at_once: int = AT_ONCE,
    ahead: Ahead | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> str:
    """Publishes a version and returns its name. `contents` has each document's bytes by digest.

    `begrippen` are the bureau's groups of words that mean the same; what the documents write out is added to them.
    `at_once` texts at a time go to the encoder. `ahead` was given the evidence of the same passages while they were
    read, with the same cache. With more vectors than `exact_up_to` the version is a large one (index/large).

    Whatever goes wrong on the way, the version that answers now stays.
    """
    keep_files(data, documents, contents)  # 1
    titles = {document.source.id: document.source.title for document in documents}
    infos = [(document, describe(document, passages)) for document in documents]
    vocabulary = vocabulary_of(passages)
    about = {document.source.id: _about(document) for document in documents}
    with building(data) as layout:
        texts, owners = evidence(passages, titles)
        is_large = len(texts) > exact_up_to
        if not is_large:
            index_words(layout, passages, about, vocabulary)  # 2
            write_begrippen(layout, begrippen, passages, vocabulary)
            write_sought(layout, passages)
            write_store(layout.store, infos, passages, vocabulary, sources)  # 3
        cache = data / CACHE
        questions, asked_of = sample_questions(passages)
        total = len(texts) + len(questions)
        if ahead:
            ahead.finish(lambda done: progress("vectoren", done, total))
        vectors = embed_passages(texts, encoder, cache, lambda done: progress("vectoren", done, total), at_once)  # 4
        asked = embed_queries(
            questions, encoder, cache, lambda done: progress("vectoren", len(texts) + done, total), at_once
        )
        mean, deviation = usual_similarity(vectors, owners, asked, asked_of)
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
        if is_large:  # 2 to 4, one document at a time: the words of all are too much to hold
            edition = Edition(
                name="",
                kept=(),
                manifest=manifest,
                mean_question=mean_question(asked, encoder.dimension),
                vocabulary=vocabulary,
                begrippen=begrippen_of(begrippen, passages, vocabulary),
                sources=sources,
                contents=_contents(infos, passages, about, vocabulary, vectors, owners),
            )
            manifest = write_edition(layout, edition, large=True)
        else:
            write_vectors(layout, vectors, owners, asked)
        verify(layout, write_manifest(layout, manifest))  # 5
        return publish(data, layout)  # 6


def _contents(
    documents: Sequence[tuple[Document, DocumentInfo]],
    passages: Sequence[Passage],
    about: Mapping[str, str],
    vocabulary: Mapping[str, int],
    vectors: NDArray[np.float32],
    owners: NDArray[np.int32],
) -> Iterator[DocumentContent]:
    """The documents with all that is searched of them, one at a time."""
    analyser = Analyser(vocabulary)
    firsts = np.searchsorted(owners[:, 0], np.arange(len(passages) + 1))
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault(passage.document_id, []).append(row)
    for document, info in documents:
        pages = [
            StoredPage(page.number, page.label, page.width, page.height, page.lines, ()) for page in document.pages
        ]
        own = []
        for row in rows.get(info.id, []):
            passage, places = passages[row], slice(*firsts[row : row + 2])
            words = words_of(passage, about[info.id], analyser)
            units = owners[places, 1].tolist()
            own.append(SearchablePassage(passage, words, units, vectors[places], holding(passage.text)))
        yield DocumentContent(info, pages, own)


def keep_files(data: Path, documents: Sequence[Document], contents: Mapping[str, bytes]) -> None:
    """Keeps the very bytes that were read: page pictures and links show them, whatever happens to the corpus.

    A copy that was damaged since is replaced.
    """
    folder = data / "files"
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        path = folder / kept_name(document.digest, document.file)
        if path.is_file() and path.read_bytes() == contents[document.digest]:
            continue
        write_whole(path, contents[document.digest])


def index_words(
    layout: Layout, passages: Sequence[Passage], about: Mapping[str, str], vocabulary: Mapping[str, int]
) -> None:
    """Writes the words of passages, in their order; `about` has what is searchable of each document by its id."""
    analyser = Analyser(vocabulary)
    write_words(layout.words, (words_of(passage, about[passage.document_id], analyser) for passage in passages))


def write_begrippen(
    layout: Layout, own: Sequence[Group], passages: Sequence[Passage], vocabulary: Mapping[str, int]
) -> None:
    """Writes the words that mean the same: see `begrippen_of`."""
    write_stored(layout.begrippen, begrippen_of(own, passages, vocabulary))


def begrippen_of(own: Sequence[Group], passages: Iterable[Passage], vocabulary: Mapping[str, int]) -> StoredBegrippen:
    """The bureau's own words that mean the same, and the abbreviations that the passages write out."""
    return StoredBegrippen(tuple(own), tuple(abbreviations_in(passages, Analyser(vocabulary))))


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


def vocabulary_of(passages: Iterable[Passage]) -> dict[str, int]:
    """The corpus's words of four letters and more, folded, and how often each stands there."""
    counts: Counter[str] = Counter()
    for passage in passages:
        lead_ins = dict.fromkeys(unit.lead_in for unit in passage.units if unit.lead_in not in passage.text)
        whole = " ".join((passage.text, *passage.heading_path, *lead_ins))
        counts.update(fold(word) for word in re.findall(r"[^\W\d_]{4,}", whole))
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
        kind=document.source.kind,
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
    for path in sorted([*root.glob("ingest/**/*.py"), *root.glob("index/*.py"), *root.glob("index/large/*.py")]):
        whole.update(path.read_bytes())
    return whole.hexdigest()
