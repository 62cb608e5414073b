"""What changed in the words since the version before: per portefeuille its documents, and in those the passages.

Stages, for each document: 1 passages with the same text are paired by digest: in the same place they are unchanged, in
another they have moved · 2 of the rest, sentences that stand in both versions only lie in another passage now · 3 what
is left is paired by likeness, and only its own words are compared. Words are compared within one document only.

The work grows with the number of passages: stage 3 sees a document's rest only, and tries a bounded number of pairs.

Texts of new and gone documents are not repeated, only counted: so nothing of a document that is in quarantine or was
removed stands in a report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rapidfuzz.distance import Indel

from ingest.cleaning import without_bullet
from ingest.documents import Passage
from ingest.ledger import Change, Entry
from ingest.portefeuilles import PORTEFEUILLES
from ingest.sentences import sentence_spans

# Where passages and documents go that belong to none of the portefeuilles.
GENERAL = "algemeen"

# Two passages are the same one, changed, from this share of common words on (Indel, over words). Of 139,896 pairs of
# unrelated passages of one document in the shared documents 99 % are under 0.24, of 5,818 in the handover under 0.30;
# a passage in which every third word was replaced has 0.67.
ALIKE = 0.5
# Pairs tried for one passage in stage 3. The candidates are those that share the most three-word runs, and the nearest
# under the same heading: the right one is nearly always the first.
TRIED = 8
# A run of three words that more passages than this share is a formula; it tells nothing.
COMMON = 20


class OldPassage(Protocol):
    """What must be known of a passage of the version before; a Passage will do."""

    @property
    def document_id(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def portefeuilles(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...
    @property
    def pages(self) -> tuple[int, ...]: ...


class What(StrEnum):
    """What happened to a passage. The words are the ones that users see."""

    NIEUW = "nieuw"
    GEWIJZIGD = "gewijzigd"
    VERVALLEN = "vervallen"
    VERHUISD = "verhuisd"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: physical pages from 1, headings from the outside in, portefeuilles by full name."""

    pages: tuple[int, ...]
    heading_path: tuple[str, ...]
    portefeuilles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One passage that is not as it was. `old` or `new` is None where there was or is none.

    `words` are (old words, new words) in reading order; a part in which both are the same did not change. For a
    passage that moved it is empty.
    """

    what: What
    old: Place | None
    new: Place | None
    words: tuple[tuple[str, str], ...] = ()

    @property
    def portefeuilles(self) -> tuple[str, ...]:
        """Those that it stands in now, or stood in; `algemeen` if that is none."""
        place = self.new or self.old
        return (place.portefeuilles if place else ()) or (GENERAL,)


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document within one portefeuille. `before` and `after` count its passages there.

    `change` is the ledger's; `note` tells, in Dutch, what it alone does not: that nothing of it is searchable and why,
    or that the same file was read in another way. `passages` is empty for new and gone documents.
    """

    document_id: str
    title: str
    change: Change
    before: int
    after: int
    note: str = ""
    passages: tuple[PassageChange, ...] = ()

    def count(self, what: What) -> int:
        """How many of its passages are so."""
        return sum(change.what is what for change in self.passages)


@dataclass(frozen=True, slots=True)
class PortefeuilleChanges:
    """What changed in one portefeuille, or in `algemeen`: documents in the ledger's order."""

    name: str
    documents: tuple[DocumentChange, ...]


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """All changes. `documents` counts the documents by change, `passages` the passages of changed documents by what
    happened; each counts once, however many portefeuilles it belongs to. `groups` leaves out what has no changes.
    """

    groups: tuple[PortefeuilleChanges, ...]
    documents: Mapping[Change, int]
    passages: Mapping[What, int]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed at all."""
        return not self.groups


def changes_between(before: Iterable[OldPassage], after: Sequence[Passage], entries: Sequence[Entry]) -> ChangeReport:
    """What changed from the version before to this one. `entries` is this run's whole ledger, gone sources included.

    Passages are expected in reading order within their document. A document without an entry is passed over.
    """
    old_by: dict[str, list[OldPassage]] = defaultdict(list)
    new_by: dict[str, list[OldPassage]] = defaultdict(list)
    for passage in before:
        old_by[passage.document_id].append(passage)
    for fresh in after:
        new_by[fresh.document_id].append(fresh)
    groups: dict[str, list[DocumentChange]] = {name: [] for name in (*PORTEFEUILLES, GENERAL)}
    documents: Counter[Change] = Counter()
    passages: Counter[What] = Counter()
    for entry in entries:
        old, new = old_by.get(entry.source.id, []), new_by.get(entry.source.id, [])
        found = _passage_changes(old, new) if old and new else []
        if entry.change is Change.ONGEWIJZIGD and not found and bool(old) == bool(new):
            continue
        documents[entry.change] += 1
        passages.update(change.what for change in found)
        for name, share in _shares(entry, old, new, found).items():
            groups.setdefault(name, []).append(share)
    kept = tuple(PortefeuilleChanges(name, tuple(shares)) for name, shares in groups.items() if shares)
    return ChangeReport(kept, dict(documents), dict(passages))


def _shares(
    entry: Entry, old: Sequence[OldPassage], new: Sequence[OldPassage], found: Sequence[PassageChange]
) -> dict[str, DocumentChange]:
    """The document's change, divided over the portefeuilles that it touches."""
    before = Counter(name for passage in old for name in passage.portefeuilles or (GENERAL,))
    after = Counter(name for passage in new for name in passage.portefeuilles or (GENERAL,))
    mine: dict[str, list[PassageChange]] = defaultdict(list)
    for change in found:
        for name in change.portefeuilles:
            mine[name].append(change)
    # a changed document touches the portefeuilles of its changed passages; one that came or went those of all of it
    names = list(mine) or list(dict.fromkeys([*before, *after])) or list(entry.source.portefeuilles) or [GENERAL]
    if old and new and not found:
        names = [GENERAL]  # other bytes, the same words: of no portefeuille
        before, after = Counter({GENERAL: len(old)}), Counter({GENERAL: len(new)})
    note = _note(entry, bool(old), bool(new), bool(found))
    return {
        name: DocumentChange(
            entry.source.id, entry.source.title, entry.change, before[name], after[name], note, tuple(mine[name])
        )
        for name in names
    }


def _note(entry: Entry, was: bool, is_now: bool, differs: bool) -> str:
    if not is_now and entry.change is not Change.VERVALLEN:
        return f"{'niet meer' if was else 'nog niet'} doorzoekbaar: {entry.state.value}"
    same_file = entry.change in (Change.ONGEWIJZIGD, Change.VERHUISD)
    if differs:
        return "hetzelfde bestand, anders ingelezen" if same_file else ""
    return "de tekst is dezelfde gebleven" if (was and is_now) or same_file else ""


# ── One document ─────────────────────────────────────────────────────────────────────────────────────────────────


def _passage_changes(old: Sequence[OldPassage], new: Sequence[OldPassage]) -> list[PassageChange]:
    """The changes in the order of the new version; what is gone stands last."""
    pairs = _same_text(old, new)  # 1
    changes: list[tuple[int, PassageChange]] = []
    for new_place, old_place in pairs.items():
        places = _place(old[old_place]), _place(new[new_place])
        if places[0] != places[1]:
            changes.append((new_place, PassageChange(What.VERHUISD, *places)))
    old_pieces, new_pieces = [_pieces(one.text) for one in old], [_pieces(one.text) for one in new]
    gone = _only_in(old_pieces, new_pieces, set(pairs.values()))  # 2
    come = _only_in(new_pieces, old_pieces, set(pairs))
    stood = {piece: _place(old[place]) for place, pieces in enumerate(old_pieces) for piece in pieces}
    for place, pieces in come.items():
        was = stood.get(new_pieces[place][0]) if new_pieces[place] and not pieces else None
        if was and was != _place(new[place]):  # all of its sentences were there, elsewhere
            changes.append((place, PassageChange(What.VERHUISD, was, _place(new[place]))))
    come = {place: pieces for place, pieces in come.items() if pieces}
    gone = {place: pieces for place, pieces in gone.items() if pieces}
    likes = _alike(old, new, gone, come)  # 3
    for place, pieces in come.items():
        if place in likes:
            words = _compared(" ".join(gone[likes[place]]), " ".join(pieces))
            places = _place(old[likes[place]]), _place(new[place])
            changes.append((place, PassageChange(What.GEWIJZIGD, *places, words)))
        else:
            words = (("", " ".join(pieces)),)
            changes.append((place, PassageChange(What.NIEUW, None, _place(new[place]), words)))
    taken = set(likes.values())
    for place, pieces in gone.items():
        if place not in taken:
            lost = PassageChange(What.VERVALLEN, _place(old[place]), None, ((" ".join(pieces), ""),))
            changes.append((len(new) + place, lost))
    return [change for _, change in sorted(changes, key=lambda pair: pair[0])]


def _place(passage: OldPassage) -> Place:
    return Place(passage.pages, passage.heading_path, passage.portefeuilles)


def _same_text(old: Sequence[OldPassage], new: Sequence[OldPassage]) -> dict[int, int]:
    """New position → old position of the passages with the same words; those in the same place first."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for position, passage in enumerate(old):
        waiting[bare(passage.text)].append(position)
    pairs: dict[int, int] = {}
    for same_place in (True, False):
        for position, passage in enumerate(new):
            candidates = waiting.get(bare(passage.text), []) if position not in pairs else []
            for candidate in candidates[:COMMON]:
                if not same_place or _place(old[candidate]) == _place(passage):
                    pairs[position] = candidate
                    candidates.remove(candidate)
                    break
    return pairs


def bare(text: str) -> str:
    """A text with its white space in one form."""
    return " ".join(text.split())


def _pieces(text: str) -> list[str]:
    """The bullets and sentences of a passage, bare: '• Een. Twee.\\n• Drie' → ['Een.', 'Twee.', 'Drie']."""
    lines = (without_bullet(line.strip()) for line in text.split("\n"))
    return [bare(line[start:end]) for line in lines for start, end in sentence_spans(line)]


def _only_in(mine: Sequence[Sequence[str]], others: Sequence[Sequence[str]], paired: set[int]) -> dict[int, list[str]]:
    """Position → the pieces of each passage that is not paired which the other version has not, or has less often."""
    there = Counter(piece for pieces in others for piece in pieces)
    for position in paired:
        there.subtract(mine[position])
    found: dict[int, list[str]] = {}
    for position, pieces in enumerate(mine):
        if position not in paired:
            found[position] = []
            for piece in pieces:
                if there[piece] > 0:
                    there[piece] -= 1
                else:
                    found[position].append(piece)
    return found


def _alike(
    old: Sequence[OldPassage],
    new: Sequence[OldPassage],
    gone: Mapping[int, list[str]],
    come: Mapping[int, list[str]],
) -> dict[int, int]:
    """New position → old position of the passages that are the same one, changed; the most alike are paired first.

    Passages are alike by all of their words, or by those that changed: a sentence that changed may have moved too.
    """
    old_words = {position: old[position].text.split() for position in gone}
    old_changed = {position: " ".join(gone[position]).split() for position in gone}
    scored: list[tuple[float, int, int]] = []
    for position, candidates in _candidates(old, new, old_words, come).items():
        words, changed = new[position].text.split(), " ".join(come[position]).split()
        for candidate in candidates:
            whole = Indel.normalized_similarity(old_words[candidate], words, score_cutoff=ALIKE)
            part = Indel.normalized_similarity(old_changed[candidate], changed, score_cutoff=ALIKE)
            if max(whole, part) >= ALIKE:
                scored.append((-max(whole, part), position, candidate))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, position, candidate in sorted(scored):
        if position not in pairs and candidate not in taken:
            pairs[position] = candidate
            taken.add(candidate)
    return pairs


def _candidates(
    old: Sequence[OldPassage],
    new: Sequence[OldPassage],
    old_words: Mapping[int, list[str]],
    come: Mapping[int, list[str]],
) -> dict[int, list[int]]:
    """For each new position the old ones worth comparing, at most 2 × TRIED."""
    by_run: dict[tuple[str, ...], list[int]] = defaultdict(list)
    by_heading: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, words in old_words.items():
        by_heading[old[position].heading_path].append(position)
        for run in _runs(words):
            by_run[run].append(position)
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[int, list[int]] = {}
    for position in come:
        shared: Counter[int] = Counter()
        for run in _runs(new[position].text.split()):
            if len(by_run.get(run, ())) <= COMMON:
                shared.update(by_run.get(run, ()))
        ranked = sorted(shared, key=lambda place: (-shared[place], abs(place - position)))[:TRIED]
        # the nth of the rest under a heading most likely comes from about the nth of the rest there before
        heading = new[position].heading_path
        middle = seen[heading]
        seen[heading] += 1
        near = by_heading.get(heading, [])[max(0, middle - TRIED // 2) : middle + TRIED // 2]
        found[position] = list(dict.fromkeys([*ranked, *near]))
    return found


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + 3]) for start in range(max(1, len(words) - 2))}


def _compared(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """(old, new) parts, the same twice where nothing changed.

    'De raad besluit', 'Het college besluit' → (('De raad', 'Het college'), ('besluit', 'besluit'))
    """
    ours, theirs = old.split(), new.split()
    parts: list[tuple[str, str]] = []
    removed: list[str] = []
    added: list[str] = []

    def close() -> Iterator[tuple[str, str]]:
        if removed or added:
            yield " ".join(removed), " ".join(added)
        removed.clear()
        added.clear()

    for step in Indel.opcodes(ours, theirs):
        if step.tag == "equal":
            parts += close()
            same = " ".join(ours[step.src_start : step.src_end])
            parts.append((same, same))
        else:
            removed += ours[step.src_start : step.src_end]
            added += theirs[step.dest_start : step.dest_end]
    parts += close()
    return tuple(parts)
