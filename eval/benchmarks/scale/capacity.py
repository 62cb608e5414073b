"""`python -m eval.benchmarks.scale.capacity` writes docs/capacity.md out of the figures that are kept.

What was measured is copied; what is computed is computed here and in the open: each figure's arithmetic stands on the
page with the numbers filled in.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from eval.benchmarks.grown_corpus import UNITS
from eval.benchmarks.scale.page import shown, table
from index.settings import ROOT

Row = Mapping[str, Any]

TEMPLATE = Path(__file__).with_name("capacity.md.in")
PAGE = ROOT / "docs" / "capacity.md"


@dataclass(frozen=True, slots=True)
class Texts:
    """Real documents, counted: what a page of them brings."""

    documents: int
    pages: int
    passages: int
    vectors: int
    words: int  # of all texts that are embedded: passages with their headings, and their sentences
    passage_words: float  # of a passage's own text
    file_bytes: int  # of the files themselves, a page
    line_bytes: int  # of a page's lines in the store

    @property
    def passages_a_page(self) -> float:
        return self.passages / self.pages

    @property
    def vectors_a_passage(self) -> float:
        return self.vectors / self.passages

    @property
    def words_a_page(self) -> float:
        return self.words / self.pages


# The handover document and seventeen public ones (reports, letters, programmes, a decision list), ingested on
# 25 November 2026 with the passages of at most 120 words that the ingest makes.
REAL = Texts(18, 529, 2_473, 11_782, 473_222, 71.2, 40_530, 4_270)
HANDOVER = Texts(1, 28, 98, 458, 14_352, 48.1, 11_790, 2_610)

# Council papers: how many there are of all Dutch councils is the assignment's figure, how long they are an assumption.
# Decision list, letter and fact sheet among the eighteen have four pages each; programmes and reports have fifty.
COUNCIL_PAPERS, PAGES_OF_A_PAPER = 5_000_000, 4
# On one server: more vectors than its memory holds make HNSW read from disk. A halfvec has two bytes a number, and its
# place in the graph 32 neighbours of six bytes, and a head.
SERVER_GIB, GRAPH_BYTES = 64, 32 * 6 + 48
# What a database takes, where the kept figures of eval.benchmarks.postgres do not tell yet: measured by it with 5,000
# passages, on 25 November 2026.
DATABASE_GIB, DATABASE_PASSAGES = 0.071, 5_000
# What grows with the vectors in a version's folder; all else holds words, texts and pages.
VECTOR_FILES = (
    *("vectors.faiss", "vectors.npy", "nearest.faiss", "owners.npy", "hubs.npy"),
    *("firsts.npy", "centroids.npy"),
)


def capacity_of(report: Mapping[str, Any], postgres: Mapping[str, Any]) -> str:
    """The page, out of scale.json and postgres.json."""
    rows: Sequence[Row] = sorted(report["sizes"], key=lambda row: int(row["passages"]))
    known = _known(rows, report["embedding"], postgres)
    computed = [
        _one_machine("the handover document", HANDOVER.pages, HANDOVER.passages, rows, known),
        _one_machine("the VDG: handover and 17 reports", REAL.pages, REAL.passages, rows, known),
        _one_machine("twelve municipalities", 100_000 / REAL.passages_a_page, 100_000, rows, known),
        _one_machine("a million passages", 1_000_000 / REAL.passages_a_page, 1_000_000, rows, known),
    ]
    pages = COUNCIL_PAPERS * PAGES_OF_A_PAPER
    passages = pages * REAL.passages_a_page
    servers = -(-passages * known["server_bytes"] // (SERVER_GIB * 2**30))
    everywhere = {
        "papers": f"{COUNCIL_PAPERS:,}",
        "paper_pages": str(PAGES_OF_A_PAPER),
        "all_pages": _big(pages),
        "all_passages": _big(passages),
        "all_hours": _big(pages * known["seconds_a_page"] / 3600),
        "hundred_hours": _big(pages * known["seconds_a_page"] / 3600 / 100),
        "all_disk_tib": f"{passages * known['postgres_bytes'] / 2**40:.1f}",
        "all_files_tib": f"{pages * REAL.file_bytes / 2**40:.1f}",
        "servers": f"{servers:.0f}",
        "passages_a_server": _big(passages / servers),
        "server_gib": str(SERVER_GIB),
    }
    named = {name: f"{value:,.2f}" if value < 10 else f"{value:,.0f}" for name, value in known.items()}
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        named,
        **everywhere,
        measured=table(
            ("passages", "form", "p50, ms", "p95, ms", "recall@10", "memory, GiB", "opening, s", "disk, GiB", "load"),
            ([*(row[key] for key in _MEASURED), " to ".join(map(str, row["load"]))] for row in rows),
        ),
        computed=table(
            (
                "what",
                "pages",
                "passages",
                "ingest, hours of one core",
                "memory, GiB",
                "disk, GiB",
                "p50, ms",
                "p95, ms",
            ),
            computed,
        ),
        cores=str(report["machine"]["cores"]),
        processor=str(report["machine"]["processor"]),
        postgres_passages=f"{postgres['passages']:,}",
        postgres_p50=shown(postgres["filtered"]["p50_ms"]),
        postgres_p95=shown(postgres["filtered"]["p95_ms"]),
        postgres_all_p50=shown(postgres["unfiltered"]["p50_ms"]),
        postgres_all_p95=shown(postgres["unfiltered"]["p95_ms"]),
        postgres_publish_s=shown(postgres["publish_s"]),
        worker_speedup=shown(postgres["workers"]["speedup"]),
    )


_MEASURED = ("passages", "form", "p50_ms", "p95_ms", "recall@10", "rss_gib", "open_s", "disk_gib")


def _known(rows: Sequence[Row], embedding: Row, postgres: Row) -> dict[str, float]:
    """The numbers that the page's arithmetic is done with, by the name that they have in it."""
    smallest, largest = rows[0], rows[-1]
    vectors = sum(size for name, size in largest["files"].items() if name in VECTOR_FILES)
    text = sum(largest["files"].values()) - vectors
    words_a_second = embedding["words_a_core_second"]
    database_gib, database_passages = DATABASE_GIB, DATABASE_PASSAGES
    if "database_gib" in postgres:
        database_gib, database_passages = postgres["database_gib"], postgres["passages"]
    return {
        "real_documents": REAL.documents,
        "real_pages": REAL.pages,
        "real_passages": REAL.passages,
        "real_vectors": REAL.vectors,
        "passages_a_page": REAL.passages_a_page,
        "vectors_a_passage": REAL.vectors_a_passage,
        "words_a_page": REAL.words_a_page,
        "more_words": REAL.passage_words / HANDOVER.passage_words,
        "more_vectors": REAL.vectors_a_passage / len(UNITS),
        "words_a_second": words_a_second,
        "seconds_a_page": REAL.words_a_page / words_a_second,
        "base_gib": smallest["rss_gib"],
        "largest_passages": largest["passages"],
        "largest_gib": largest["rss_gib"],
        "bytes_a_vector": vectors / (len(UNITS) * largest["passages"]),
        "text_bytes": text / largest["passages"],
        "file_bytes": REAL.file_bytes,
        "line_bytes": REAL.line_bytes,
        "database_passages": database_passages,
        "postgres_bytes": database_gib * 2**30 / database_passages * REAL.vectors_a_passage / len(UNITS),
        "server_bytes": REAL.vectors_a_passage * (2 * embedding["dimension"] + GRAPH_BYTES),
    }


def _one_machine(what: str, pages: float, passages: int, rows: Sequence[Row], known: Row) -> list[object]:
    """A row of what one machine needs, for texts as the real ones are."""
    at_least = next((row for row in rows if row["passages"] >= passages), rows[-1])
    share = passages / at_least["passages"]
    memory = known["base_gib"] + share * known["more_vectors"] * (at_least["rss_gib"] - known["base_gib"])
    index = passages * (
        known["vectors_a_passage"] * known["bytes_a_vector"] + known["more_words"] * known["text_bytes"]
    )
    disk = index + pages * (known["line_bytes"] + known["file_bytes"])
    hours = pages * known["seconds_a_page"] / 3600
    return [
        what,
        f"{pages:,.0f}",
        passages,
        f"{hours:,.2f}" if hours < 10 else f"{hours:,.0f}",
        f"{memory:.1f}" if share <= 1 else "not measured",
        f"{disk / 2**30:,.2f}" if disk < 10 * 2**30 else f"{disk / 2**30:,.0f}",
        *((at_least["p50_ms"], at_least["p95_ms"]) if share <= 1 else ("not measured", "not measured")),
    ]


def _big(number: float) -> str:
    """93,498,424 → '93 million', 5,432 → '5,432'."""
    return f"{number / 1e6:,.0f} million" if number >= 10e6 else f"{number:,.0f}"


def write(results: Path, page: Path = PAGE) -> None:
    """Writes the page out of the figures in a folder."""
    scale, postgres = (json.loads((results / f"{name}.json").read_text("utf-8")) for name in ("scale", "postgres"))
    page.write_text(capacity_of(scale, postgres), encoding="utf-8")


if __name__ == "__main__":
    write(ROOT / "eval" / "results")
    sys.exit(0)
