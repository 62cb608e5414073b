"""Wie is wie as HTML: the list of people with its filters, and one person with every fact and its source.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from app_pages._links import DocumentAddress, SearchAddress, quote_for_link
from app_pages._marking import escape, isolated, named_by
from app_pages._parts import chip_html, chips_html, counted, lead_in_html, link, notice_html, source_line, title_html
from app_pages._verzameling.collect import source_html
from app_pages._wie_is_wie.people_links import PeopleAddress
from index.people import Fact, Person
from index.people_search import FoundPerson
from index.person_roles import MUNICIPALITIES, At
from index.results import DocumentInfo
from ingest.folding import letters_only
from ingest.portefeuilles import PORTEFEUILLES

# Facts that stand behind a name in the list, before the rest is only counted.
SUMMARY_SHOWN = 3
# From so many people on, letters above the list save scrolling: more than fit on a laptop's screen.
LETTERS_FROM = 12
# Other pages that say the same, beneath a fact.
ALSO_SHOWN = 5


def within(found: Sequence[FoundPerson], address: PeopleAddress) -> list[FoundPerson]:
    """Those whom the filters let through."""
    return [
        one
        for one in found
        if (not address.municipality or address.municipality in one.person.municipalities)
        and (not address.portefeuille or address.portefeuille in one.person.portefeuilles)
    ]


def filters_html(found: Sequence[FoundPerson], address: PeopleAddress) -> str:
    """Municipality and portefeuille, each value a link with how many people it would show; nothing for one person."""
    filtered = address.municipality or address.portefeuille
    if len(found) < 2 and not filtered:
        return ""
    municipalities = Counter(
        name for one in within(found, replace(address, municipality="")) for name in one.person.municipalities
    )
    portefeuilles = Counter(
        name for one in within(found, replace(address, portefeuille="")) for name in one.person.portefeuilles
    )
    places = sorted(
        {*municipalities, address.municipality} - {""},
        key=lambda name: (name != address.municipality, name not in MUNICIPALITIES, name.casefold()),
    )
    by_place = [
        chip_html(replace(address, municipality="" if on else name).href, name, count, on, "persoon")
        for name in places
        for on, count in [(name == address.municipality, municipalities[name])]
    ]
    by_portefeuille = [
        chip_html(replace(address, portefeuille="" if on else name).href, name, portefeuilles[name], on, "persoon")
        for name in (*PORTEFEUILLES, *({address.portefeuille} - {*PORTEFEUILLES, ""}))
        if (on := name == address.portefeuille) or portefeuilles[name]
    ]
    rows = chips_html("Gemeente", by_place) + chips_html("Portefeuille", by_portefeuille)
    clear = link(PeopleAddress(address.who).href, "Alle filters uit", css="zp-clear zp-stay") if filtered else ""
    return f'<section class="zp-filters"><h2 class="zp-sr">Filters</h2>{rows}{clear}</section>' if rows else ""


def people_html(found: Sequence[FoundPerson], address: PeopleAddress) -> str:
    """The list: by letter if nothing was sought, else the best first."""
    if not found:
        return nothing_html(address)
    number = f'<p class="zp-quiet" role="status">{counted(len(found), "persoon")}.</p>'
    if any(one.via for one in found):
        through = "Deze mensen horen bij een portefeuille waarin het wordt genoemd."
        number = notice_html([f"Bij niemand staat ‘{address.who}’ zelf. {through}"])
    if address.who:
        items = "".join(_item_html(one, address) for one in found)
        return f'<section><h2>Gevonden</h2>{number}<ul class="zp-people">{items}</ul></section>'
    groups = [(letter, list(ones)) for letter, ones in groupby(found, key=lambda one: one.person.name.letter)]
    letters = "".join(
        f'<li><a href="#letter-{escape(letter)}" aria-label="Achternaam met {escape(letter)}">{escape(letter)}</a></li>'
        for letter, _ in groups
    )
    bar = f'<nav class="zp-letters" aria-label="Naar letter"><ul>{letters}</ul></nav>'
    sections = "".join(
        f'<section class="zp-letter"><h2 id="letter-{escape(letter)}">{escape(letter)}</h2>'
        f'<ul class="zp-people">{"".join(_item_html(one, address) for one in ones)}</ul></section>'
        for letter, ones in groups
    )
    return number + (bar if len(found) >= LETTERS_FROM else "") + sections


def nothing_html(address: PeopleAddress) -> str:
    """Nobody fits: what can be done."""
    filtered = address.municipality or address.portefeuille
    wider = link(PeopleAddress(address.who).href, "Zoek zonder filters")
    everyone = link(PeopleAddress().href, "Bekijk iedereen")
    search = link(SearchAddress(address.who).href, f"Zoek ‘{isolated(address.who)}’ in alle bronnen")
    actions = [*([wider] if filtered else []), *([search] if address.who else []), everyone]
    about = f" die past bij ‘{isolated(address.who)}’" if address.who else ""
    return (
        '<section class="zp-card zp-niet_gevonden"><h2 class="zp-sr">Niemand gevonden</h2>'
        '<p class="zp-status"><span aria-hidden="true">–</span> Niemand gevonden</p>'
        f"<p>De bronnen noemen niemand met een openbare functie{about}"
        f"{' binnen deze filters' if filtered else ''}.</p>"
        f"<ul>{''.join(f'<li>{one}</li>' for one in actions)}</ul></section>"
    )


def person_html(
    person: Person, namesakes: Sequence[Person], address: PeopleAddress, documents: Mapping[str, DocumentInfo]
) -> str:
    """One person: functions, then bodies, then the portefeuilles, every fact with its words and its source."""
    words = "Terug naar wat u zocht" if address.everyone != PeopleAddress() else "Alle mensen"
    also = (
        f'<p class="zp-quiet">Ook geschreven als: {", ".join(map(isolated, person.also))}.</p>' if person.also else ""
    )
    functions = [fact for fact in person.facts if fact.at is not At.BODY]
    seats = [fact for fact in person.facts if fact.at is At.BODY]
    chips = [
        f"<li>{link(PeopleAddress(portefeuille=name).href, isolated(name), css='zp-chip')}</li>"
        for name in person.portefeuilles
    ]
    named_at = (
        f'<h2>Genoemd bij portefeuille</h2><div class="zp-filter zp-of"><ul>{"".join(chips)}</ul></div>'
        if chips
        else ""
    )
    everything = link(
        SearchAddress(f'"{person.name.text}"').href, f"Alles over {isolated(person.name.text)} in de bronnen"
    )
    return (
        f'<p class="zp-back">{link(address.everyone.href, f"← {words}")}</p>{title_html(person.name.text)}{also}'
        f"{_namesakes_html(namesakes, address)}"
        '<p class="zp-quiet">Zo staat het in de bronnen. Kijk naar de datum: '
        "een functie kan intussen veranderd zijn.</p>"
        f"{_facts_html('Functie', functions, documents)}"
        f"{_facts_html('Overleggen en organisaties', seats, documents)}{named_at}<p>{everything}</p>"
    )


def _namesakes_html(people: Sequence[Person], address: PeopleAddress) -> str:
    """Others of this name, in another municipality: who changed municipality looks like two."""
    if not people:
        return ""
    links = ", ".join(
        link(replace(address, person=one.slug).href, isolated(", ".join(one.municipalities) or one.name.text))
        for one in people
    )
    return (
        f'<p class="zp-quiet">Deze naam staat ook elders in de bronnen: {links}. '
        "Dat kan een ander zijn, of dezelfde persoon in een andere functie.</p>"
    )


def choice_html(people: Sequence[Person], address: PeopleAddress) -> str:
    """An old link to a name that several people have now."""
    items = "".join(_item_html(FoundPerson(person), address.everyone) for person in people)
    return (
        f'{title_html(people[0].name.text)}<p>Er zijn meer mensen met deze naam.</p><ul class="zp-people">{items}</ul>'
    )


def _item_html(found: FoundPerson, address: PeopleAddress) -> str:
    """A name as a link with what is said most of that person: 'Klaas Smid – voorzitter, bestuur van de VDG'."""
    person = found.person
    said: dict[tuple[str, str], str] = {}
    for fact in _most_telling(person.facts):
        said.setdefault(_key(fact), _words_of(fact))
    distinct = list(said.values())
    more = f" · en nog {len(distinct) - SUMMARY_SHOWN}" if len(distinct) > SUMMARY_SHOWN else ""
    via = f'<br><span class="zp-via">Via portefeuille {isolated(", ".join(found.via))}</span>' if found.via else ""
    name = link(replace(address, person=person.slug).href, isolated(person.name.text))
    summary = " · ".join(distinct[:SUMMARY_SHOWN])
    return f'<li><span class="zp-person">{name}</span><br><span class="zp-quiet">{summary}{more}</span>{via}</li>'


def _most_telling(facts: Sequence[Fact]) -> list[Fact]:
    """Functions of a municipality first, then where a role is named, then the rest; what is over comes last."""
    at_order = {At.MUNICIPALITY: 0, At.ORGANISATION: 1, At.NOTHING: 2, At.BODY: 3}
    named = {letters_only(fact.role) for fact in facts if fact.at is At.MUNICIPALITY}
    # 'wethouder' says nothing beside 'wethouder, gemeente Emmen'
    kept = [fact for fact in facts if fact.place or letters_only(fact.role) not in named]
    return sorted(kept, key=lambda fact: (fact.former, at_order[fact.at], not fact.role))


def _key(fact: Fact) -> tuple[str, str]:
    """What makes two facts one: 'VNG-cie Zorg, Jeugd en Onderwijs' is 'VNG-cie Zorg Jeugd en Onderwijs'."""
    return letters_only(fact.role), letters_only(fact.place)


def _words_of(fact: Fact) -> str:
    """Escaped: 'burgemeester, gemeente De Wolden'; 'Kerngroep Gezonde Marke'."""
    place = f"gemeente {fact.place}" if fact.at is At.MUNICIPALITY else fact.place
    return ", ".join(isolated(part) for part in (fact.role, place) if part)


def _facts_html(title: str, facts: Sequence[Fact], documents: Mapping[str, DocumentInfo]) -> str:
    """Facts of one kind, each once, with all the places that say it; nothing if there are none."""
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in _most_telling(facts):
        groups.setdefault(_key(fact), []).append(fact)
    items = "".join(_fact_html(ones, documents) for ones in groups.values())
    return f'<section class="zp-facts"><h2>{title}</h2><ul>{items}</ul></section>' if items else ""


def _fact_html(facts: Sequence[Fact], documents: Mapping[str, DocumentInfo]) -> str:
    """What is said, in the source's words, with a link to the page on which it is marked."""
    fact = facts[0]
    place = _address(fact)
    said = _words_of(fact)
    others = list(dict.fromkeys((one.document_id, one.page) for one in facts))[1:]
    by_place = {(one.document_id, one.page): one for one in facts}
    links = ", ".join(
        link(_address(by_place[other]).href, _page_words(by_place[other], fact, documents))
        for other in others[:ALSO_SHOWN]
    )
    rest = f" en nog {counted(len(others) - ALSO_SHOWN, 'plaats')}" if len(others) > ALSO_SHOWN else ""
    also = f'<p class="zp-also"><span class="zp-quiet">Ook op:</span> {links}{rest}</p>' if links else ""
    source = source_line(documents[fact.document_id], fact.heading_path, fact.page, with_date=True)
    return (
        f"<li><h3>{said}</h3>{lead_in_html(fact.under) if fact.at is At.BODY else ''}"
        f"<blockquote>{escape(fact.words)}</blockquote>"
        f"{source_html(place, source, named_by(fact.words))}{also}</li>"
    )


def _page_words(fact: Fact, first: Fact, documents: Mapping[str, DocumentInfo]) -> str:
    """'p. 18', or with the document where it is another one."""
    page = f"p. {fact.page}"
    return page if fact.document_id == first.document_id else f"{isolated(documents[fact.document_id].title)}, {page}"


def _address(fact: Fact) -> DocumentAddress:
    return DocumentAddress(fact.document_id, fact.page, quote_for_link(fact.words))
