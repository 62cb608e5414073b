"""Words that mean the same: the bureau's own list, and the abbreviations that the documents write out.

corpus/begrippen.toml    what the bureau keeps; the ingest refuses one that it cannot read, saying in Dutch why
<version>/begrippen.json what of it belongs to a version, joined with what its documents write out

A question that holds one expression of a group is searched for the others too.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.dutch import STOP_WORDS, Analyser, is_abbreviation, is_dutch, written
from index.errors import DamagedVersionError, SearchIndexError
from ingest.folding import fold, letters_only

FILE = "begrippen.toml"
# Of the bureau's expressions: longer ones are sentences, which nobody types in so many words.
_MOST_WORDS = 8

_WORDS = re.compile(r"\w+")

Group = tuple[str, ...]


class BegrippenError(SearchIndexError):
    """Raised when begrippen.toml says what it should not. The message names the entry and how it should be."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file.name}: {what}. Verbeter het bestand en laat het portaal opnieuw inlezen.")
        self.what = what


# ── The bureau's list ────────────────────────────────────────────────────────────────────────────────────────────


def read_begrippen(corpus: Path) -> tuple[Group, ...]:
    """The groups of corpus/begrippen.toml; none without that file. Raises BegrippenError.

    [[begrip]] woorden = ["gemeentekas", "gemeentefinanciën"] → (('gemeentekas', 'gemeentefinanciën'),)
    [[afkorting]] kort = "Wlz", voluit = "Wet langdurige zorg" → (('Wlz', 'Wet langdurige zorg'),)
    """
    file = corpus / FILE
    try:
        text = file.read_text(encoding="utf-8-sig")  # Notepad may set a byte order mark before the first word
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise BegrippenError(file, f"het bestand is niet te lezen ({error})") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BegrippenError(file, f"het bestand is geen geldig TOML ({error})") from error
    for name in tables:
        if name not in _READERS:
            raise BegrippenError(file, f"'{name}' is onbekend; schrijf [[begrip]] of [[afkorting]]")
    groups: list[Group] = []
    for kind, group_of in _READERS.items():
        entries = tables.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise BegrippenError(file, f"schrijf elk blok als [[{kind}]], met dubbele haken")
        groups += [group_of(file, f"{kind} {number}", entry) for number, entry in enumerate(entries, start=1)]
    return tuple(groups)


def _begrip(file: Path, name: str, entry: Mapping[str, Any]) -> Group:
    _check_fields(file, name, entry, ("woorden",))
    words = entry["woorden"]
    if not isinstance(words, list):
        raise BegrippenError(file, f'{name}: schrijf de woorden tussen haken, zoals woorden = ["zwembad", "bad"]')
    group = tuple(_expression(file, name, word) for word in words)
    if len({tuple(written(word)) for word in group}) < max(len(group), 2):
        raise BegrippenError(file, f"{name}: geef twee of meer woorden die van elkaar verschillen")
    return group


def _afkorting(file: Path, name: str, entry: Mapping[str, Any]) -> Group:
    _check_fields(file, name, entry, ("kort", "voluit"))
    short, long = (_expression(file, name, entry[field]) for field in ("kort", "voluit"))
    if len(written(short)) > 1 and "&" not in short:
        raise BegrippenError(file, f"{name}: 'kort' is één woord, en {short!r} niet")
    if letters_only(short) == letters_only(long):
        raise BegrippenError(file, f"{name}: 'kort' en 'voluit' zijn hetzelfde")
    return short, long


_READERS = {"begrip": _begrip, "afkorting": _afkorting}


def _check_fields(file: Path, name: str, entry: Mapping[str, Any], fields: Sequence[str]) -> None:
    for field in entry:
        if field not in fields:
            raise BegrippenError(file, f"{name} heeft een onbekend veld '{field}'. Mogelijk: {', '.join(fields)}")
    for field in fields:
        if field not in entry:
            raise BegrippenError(file, f"{name} mist het veld '{field}'")


def _expression(file: Path, name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BegrippenError(file, f"{name}: {value!r} is geen tekst; zet er aanhalingstekens omheen")
    words = written(value)
    if not words or len(words) > _MOST_WORDS:
        raise BegrippenError(file, f"{name}: {value!r} moet uit 1 tot {_MOST_WORDS} woorden bestaan")
    if len(words) == 1 and words[0] in STOP_WORDS and not is_abbreviation(value):
        raise BegrippenError(file, f"{name}: {value!r} komt in bijna elke zin voor; daar kan niet op gezocht worden")
    return " ".join(value.split())


# ── In a version ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class StoredBegrippen:
    """The groups of a version: the bureau's own, and those that its documents write out."""

    own: tuple[Group, ...] = ()
    found: tuple[Group, ...] = ()


def write_stored(file: Path, stored: StoredBegrippen) -> None:
    """Writes the groups of a version."""
    file.write_text(json.dumps({"own": stored.own, "found": stored.found}, ensure_ascii=False, indent=1), "utf-8")


def read_stored(file: Path) -> StoredBegrippen:
    """The groups of a version. Raises DamagedVersionError."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        own, found = (tuple(tuple(map(str, group)) for group in values[name]) for name in ("own", "found"))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise DamagedVersionError(file.parent, f"{file.name} ontbreekt of is onleesbaar") from error
    return StoredBegrippen(own, found)


# ── In a question ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Expression:
    """A word or words as the groups have them, as they are written, and as terms."""

    text: str
    written: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """An expression that stands in a question, and the others that mean the same."""

    typed: Expression
    others: tuple[Expression, ...]


class Begrippen:
    """Finds the groups' expressions in questions, however they are bent."""

    def __init__(self, groups: Iterable[Group], analyser: Analyser) -> None:
        self._analyser = analyser
        self._groups: dict[tuple[str, ...], dict[str, Expression]] = {}
        self._typed: dict[tuple[str, ...], Expression] = {}
        self._capitals: set[tuple[str, ...]] = set()
        self._abbreviations: dict[str, str] = {}
        for group in groups:
            expressions = [self._expression(text) for text in group]
            for expression in expressions:
                key = tuple(analyser.lemmas(expression.text))
                others = {other.text: other for other in expressions if other.written != expression.written}
                self._groups.setdefault(key, {}).update(others)
                self._typed.setdefault(key, expression)
                if len(key) == 1 and is_abbreviation(expression.text) and _is_word(expression.text):
                    self._capitals.add(key)
                    self._abbreviations.setdefault(fold(expression.text), expression.text)
        self._longest = max(map(len, self._groups), default=0)

    def capitals(self, question: str) -> str:
        """The question with capitals for the abbreviations that are other words in small letters: 'wat is doe' → 'DOE'.

        Only right for a question in which nothing else says anything.
        """
        return _WORDS.sub(lambda found: self._abbreviations.get(fold(found[0]), found[0]), question)

    def meanings(self, question: str, unwanted: Collection[str] = ()) -> tuple[Meaning, ...]:
        """The expressions in a question, the longest where they overlap, and the others that do not stand there.

        `unwanted` are expressions, as they are written, that must not be added.

        'Wat regelt het IZA?' → (IZA, also Integraal Zorgakkoord)
        """
        spelled = self._analyser.spelled(question)
        lemmas = [lemma for _, lemma in spelled]
        here = f" {' '.join(fold(word) for word, _ in spelled)} "
        found: list[Meaning] = []
        at = 0
        while at < len(lemmas):
            for length in range(min(self._longest, len(lemmas) - at), 0, -1):
                key = tuple(lemmas[at : at + length])
                if key in self._groups and not (key in self._capitals and not is_abbreviation(spelled[at][0])):
                    others = [
                        one
                        for one in self._groups[key].values()
                        if f" {' '.join(one.written)} " not in here and " ".join(one.written) not in unwanted
                    ]
                    if others:
                        found.append(Meaning(self._typed[key], tuple(others)))
                    at += length - 1
                    break
            at += 1
        return tuple(found)

    def _expression(self, text: str) -> Expression:
        terms = tuple(dict.fromkeys(token.term for token in self._analyser.tokens(text)))
        return Expression(text, tuple(written(text)), terms)


def _is_word(abbreviation: str) -> bool:
    """Whether small letters would make another word of it: 'DOE' → True, 'VNG' → False."""
    return fold(abbreviation) in STOP_WORDS or is_dutch(abbreviation)
