"""The address bar: what a link of the portal says, and how it is read back.

A link that people mail carries the question and the filters, or document, page and quote; never a passage id, since
those change with every ingest. All links are relative ('document?…', './?…'), so that the portal also works below a
path of a web server. What comes in is untrusted: a value that means nothing is left out and said, never raised.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any
from urllib.parse import quote as percent_encoded
from urllib.parse import quote_plus, urldefrag

from ingest.errors import UnknownPortefeuilleError
from ingest.folding import letters_only
from ingest.ledger import Change, State
from ingest.portefeuilles import portefeuille_named

# The longest question that is searched, in characters; the longest in our own eval set has 124.
QUESTION_LIMIT = 400

# A quote longer than this goes into a link as its first and last words: mail programs break long addresses.
QUOTE_LIMIT = 200

# How many words of either end such a shortened quote keeps; eight in a row are nearly always unique on a page. The end
# gets more, up to so many, where its words stand earlier in the quote too: a report repeats itself.
QUOTE_WORDS = 8
MOST_END_WORDS = 24

# Stands between the two ends of a shortened quote, with a space on either side.
ELLIPSIS = "…"


class Filter(StrEnum):
    """The filters of a search, by their name in the address bar."""

    PORTEFEUILLE = "portefeuille"
    DOCUMENT = "document"
    SOORT = "soort"
    UITGEVER = "uitgever"
    JAAR = "jaar"


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """The search page: a question and the filters that are on (full names of portefeuilles, document ids).

    `literal` takes the question as it was typed, typing faults and all; `more` shows all passages that are about it.
    """

    question: str = ""
    portefeuilles: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    literal: bool = False
    kinds: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    more: bool = False

    @property
    def params(self) -> dict[str, list[str]]:
        """The query parameters: SearchAddress('vraag', ('Sport',)) → {'v': ['vraag'], 'portefeuille': ['Sport']}."""
        named = {
            "v": [self.question] if self.question else [],
            **{name.value: list(self.chosen(name)) for name in Filter},
            "letterlijk": ["1"] if self.literal else [],
            "meer": ["1"] if self.more else [],
        }
        return {name: values for name, values in named.items() if values}

    @property
    def href(self) -> str:
        """SearchAddress('Wie is Smid?') → './?v=Wie+is+Smid%3F'."""
        return "./" + query_string(self.params)

    def chosen(self, name: Filter) -> tuple[str, ...]:
        """The values of a filter that are on."""
        values: tuple[str, ...] = getattr(self, _FIELD_OF[name])
        return values

    @property
    def filters_on(self) -> int:
        """How many values of filters are on: ('vraag', ('Sport',), ('vdg',)) → 2."""
        return sum(len(self.chosen(name)) for name in Filter)

    def toggled(self, name: Filter, value: str) -> SearchAddress:
        """The same search with this value of a filter on if it was off, and off if it was on."""
        chosen = self.chosen(name)
        others = tuple(one for one in chosen if one != value)
        return self._with(name, others if value in chosen else (*chosen, value))

    def all_of(self, name: Filter, value: str) -> SearchAddress:
        """Everything about this question with this one value: 'Alles in de portefeuille Sport over …'."""
        return replace(self._with(name, (value,)), more=True)

    def _with(self, name: Filter, values: tuple[str, ...]) -> SearchAddress:
        others: dict[str, Any] = {_FIELD_OF[name]: values}
        return replace(self, **others)

    def without_filters(self) -> SearchAddress:
        """The same question over everything."""
        return SearchAddress(self.question, literal=self.literal)


# Where an address keeps the values of each filter.
_FIELD_OF = {
    Filter.PORTEFEUILLE: "portefeuilles",
    Filter.DOCUMENT: "documents",
    Filter.SOORT: "kinds",
    Filter.UITGEVER: "publishers",
    Filter.JAAR: "years",
}


def parse_search(
    params: Mapping[str, Sequence[str]], known: Mapping[Filter, Collection[str]]
) -> tuple[SearchAddress, tuple[str, ...]]:
    """Read the search page's parameters; the second value holds a Dutch sentence for each value that was left out.

    `known` has the values that some document has, of each filter but the portefeuilles, which are fixed.
    {'v': ['vraag'], 'portefeuille': ['O&C']} → SearchAddress('vraag', ('Onderwijs en Cultuur',)), ()
    """
    question = " ".join(last_of(params, "v").split())
    problems = []
    if len(question) > QUESTION_LIMIT:
        question = question[:QUESTION_LIMIT].rstrip()
        problems.append(f"De vraag is te lang. Alleen de eerste {QUESTION_LIMIT} tekens zijn gebruikt.")
    chosen: dict[Filter, dict[str, None]] = {name: {} for name in Filter}  # each value once, in the order of the bar
    for name in Filter:
        for typed in params.get(name, ()):
            try:
                value = portefeuille_named(typed) if name is Filter.PORTEFEUILLE else typed
            except UnknownPortefeuilleError:
                value = None
            if value is None or (name is not Filter.PORTEFEUILLE and value not in known.get(name, ())):
                problems.append(f"{_UNKNOWN[name].format(shortened(typed))} Dit filter is weggelaten.")
            else:
                chosen[name][value] = None
    literal, more = (last_of(params, name) == "1" for name in ("letterlijk", "meer"))
    values: dict[str, Any] = {_FIELD_OF[name]: tuple(each) for name, each in chosen.items()}
    return SearchAddress(question, literal=literal, more=more, **values), tuple(problems)


_UNKNOWN = {
    Filter.PORTEFEUILLE: "De portefeuille ‘{}’ bestaat niet.",
    Filter.DOCUMENT: "Het document ‘{}’ is er niet (meer).",
    Filter.SOORT: "Van de soort ‘{}’ is er geen document (meer).",
    Filter.UITGEVER: "Van de uitgever ‘{}’ is er geen document (meer).",
    Filter.JAAR: "Uit het jaar ‘{}’ is er geen document (meer).",
}


class Zoom(IntEnum):
    """How wide the picture of a page is, in per cent of the room that there is for it."""

    FIT = 100
    WIDE = 150
    WIDEST = 200


@dataclass(frozen=True, slots=True)
class DocumentAddress:
    """The document page: a document, a physical page from 1, and the words to mark on it (may be empty).

    `question` is the one that led here, for the next hit in this document; `heading` is that of the section that was
    chosen from the outline, so that the page opens there.
    """

    document: str
    page: int = 1
    quote: str = ""
    zoom: Zoom = Zoom.FIT
    question: str = ""
    heading: str = ""

    @property
    def params(self) -> dict[str, list[str]]:
        """The query parameters, in the order in which a reader wants to see them."""
        zoom = "" if self.zoom is Zoom.FIT else str(int(self.zoom))
        may_be = {"citaat": self.quote, "kop": self.heading, "zoom": zoom, "v": self.question}
        named = {"document": [self.document], "pagina": [str(self.page)]}
        return named | not_empty(may_be)

    @property
    def href(self) -> str:
        """DocumentAddress('vdg', 18, 'Inge') → 'document?document=vdg&pagina=18&citaat=Inge'."""
        return "document" + query_string(self.params)


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """What a link to the document page asks for, as typed: `page` is not yet known to be a number."""

    document: str
    page: str
    quote: str
    zoom: Zoom = Zoom.FIT
    question: str = ""
    heading: str = ""


def parse_document(params: Mapping[str, Sequence[str]]) -> DocumentRequest:
    """Read the document page's parameters; what is missing is the empty string, a missing page is '1'."""
    names = ("document", "pagina", "citaat", "zoom", "v", "kop")
    document, page, quote, zoom, question, heading = (last_of(params, name).strip() for name in names)
    if not zoom and params.get("groot"):
        zoom = str(int(Zoom.WIDEST))  # links that were mailed before there were steps
    # A quote in a link of ours has at most QUOTE_LIMIT characters; a pasted one may have a whole passage (1,200).
    return DocumentRequest(
        document, page or "1", quote[:1200], zoom_of(zoom), " ".join(question.split())[:QUESTION_LIMIT], heading
    )


def zoom_of(typed: str) -> Zoom:
    """'150' → Zoom.WIDE; whatever is no step of ours → Zoom.FIT."""
    return next((zoom for zoom in Zoom if typed == str(int(zoom))), Zoom.FIT)


class Stand(StrEnum):
    """Which sources the sources page shows: those that can be searched, or those that cannot (yet)."""

    SEARCHABLE = "doorzoekbaar"
    MISSING = "ontbreekt"


class Order(StrEnum):
    """How the sources page orders its table."""

    STAND = "doorzoekbaar"
    TITLE = "titel"
    PUBLISHER = "uitgever"
    YEAR = "jaar"
    PAGES = "paginas"
    NAMED = "genoemd"


@dataclass(frozen=True, slots=True)
class SourcesAddress:
    """The sources page: only sources of this stand, state or change, or one source by its id; None and '' for all.

    `run` is the version of which all is told that its run brought.
    """

    stand: Stand | None = None
    change: Change | None = None
    source: str = ""
    state: State | None = None
    order: Order = Order.STAND
    run: str = ""

    @property
    def href(self) -> str:
        """SourcesAddress(Stand.MISSING) → './bronnen?stand=ontbreekt'."""
        named = {
            "stand": self.stand,
            "toestand": self.state,
            "verandering": self.change,
            "bron": self.source,
            "volgorde": "" if self.order is Order.STAND else self.order,
            "keer": self.run,
        }
        return "./bronnen" + query_string(not_empty(named))

    @property
    def is_filtered(self) -> bool:
        """Whether not all sources are asked for."""
        return bool(self.stand or self.state or self.change or self.source)


def parse_sources(params: Mapping[str, Sequence[str]]) -> SourcesAddress:
    """Read the sources page's parameters; a value that means nothing is left out: {'stand': ['x']} → all sources."""
    names = ("stand", "toestand", "verandering", "bron", "volgorde", "keer")
    stand, state, change, source, order, run = (last_of(params, name) for name in names)
    return SourcesAddress(
        Stand(stand) if stand in set(Stand) else None,
        Change(change) if change in set(Change) else None,
        source,
        State(state) if state in set(State) else None,
        Order(order) if order in set(Order) else Order.STAND,
        run[:40],
    )


def page_number(typed: str, pages: int) -> int | None:
    """The physical page that was typed, if a document of so many pages has it: ('18', 28) → 18, ('abc', 28) → None."""
    # isdecimal alone would also take other scripts' digits; ten digits are more than any document has pages.
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 10):
        return None
    number = int(typed)
    return number if 1 <= number <= pages else None


def quote_for_link(text: str) -> str:
    """The words that go into a link: all of a short quote, the two ends of a long one.

    'Inge Nieuwenhuizen' → 'Inge Nieuwenhuizen'; 40 words → 'eerste acht woorden … laatste acht woorden'
    The end is made longer until it stands nowhere earlier in the text: the link must lead back to all of it.
    """
    words = text.split()
    whole = " ".join(words)
    if len(whole) <= QUOTE_LIMIT or len(words) <= 2 * QUOTE_WORDS:
        return whole[: 4 * QUOTE_LIMIT]
    start = words[:QUOTE_WORDS]
    after = letters_only(" ".join(words[QUOTE_WORDS:]))
    longest = min(MOST_END_WORDS, len(words) - QUOTE_WORDS)
    ends = (words[-count:] for count in range(QUOTE_WORDS, longest + 1))
    end = next((one for one in ends if _only_ends(after, one)), words[-QUOTE_WORDS:])
    return " ".join([*start, ELLIPSIS, *end])


def _only_ends(letters: str, words: Sequence[str]) -> bool:
    """Whether words stand at the end of a text and nowhere before: ('abcab', ['ab']) → False."""
    wanted = letters_only(" ".join(words))
    return letters.find(wanted) == len(letters) - len(wanted)


def quote_ends(quote: str) -> tuple[str, str] | None:
    """The two ends of a shortened quote, None if it is a whole one: 'a b … y z' → ('a b', 'y z')."""
    start, separator, end = quote.partition(f" {ELLIPSIS} ")
    return (start.strip(), end.strip()) if separator and start.strip() and end.strip() else None


def web_address(url: str | None) -> str | None:
    """The address if it is one that a link may point to: 'https://…' → itself, 'javascript:…' and None → None."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def original_address(url: str | None, anchor: str = "", page: int = 0) -> str | None:
    """The public address of a source, at the place that is named there; None if it is not on the web.

    A page is named to a PDF only: ('https://vdg.nl/visie.pdf', page=3) → 'https://vdg.nl/visie.pdf#page=3'.
    ('https://vdg.nl/visie#top', 'samen werken') → 'https://vdg.nl/visie#samen%20werken'
    """
    address = web_address(url)
    if not address:
        return None
    plain = urldefrag(address).url
    if page and plain.partition("?")[0].lower().endswith(".pdf"):
        return f"{plain}#page={page}"
    return f"{plain}#{percent_encoded(anchor)}" if anchor else address


def last_of(params: Mapping[str, Sequence[str]], name: str) -> str:
    """The last value of a parameter of the address bar, '' if it has none: ({'v': ['a', 'b']}, 'v') → 'b'."""
    return (params.get(name) or [""])[-1]


def not_empty(named: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Parameters of one value each, without the empty ones: {'wie': 'Smid', 'gemeente': ''} → {'wie': ['Smid']}."""
    return {name: [value] for name, value in named.items() if value}


def query_string(params: Mapping[str, Sequence[str]]) -> str:
    """{'v': ['a b'], 'document': ['x', 'y']} → '?v=a+b&document=x&document=y'; nothing → ''."""
    pairs = [f"{name}={quote_plus(value)}" for name, values in params.items() for value in values]
    return "?" + "&".join(pairs) if pairs else ""


def shortened(typed: str) -> str:
    """At most 60 characters of what was typed, for in a message."""
    return typed if len(typed) <= 60 else typed[:59] + ELLIPSIS
