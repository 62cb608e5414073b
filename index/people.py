"""Everyone whom the corpus names in a public role: one person, with every fact and where it is said.

The same person is often named shorter ('burgemeester Schuiling') or with a slip. Two names become one person only
where that is safe; otherwise they stay two, since a role that is given to the wrong person is worse than a double.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.person_facts import Fact, FactReader, Mention
from index.person_names import PersonName, may_be_one
from index.person_roles import At
from ingest.documents import Passage
from ingest.folding import fold, letters_only

__all__ = ["Fact", "Person", "people_of"]


@dataclass(frozen=True, slots=True)
class Person:
    """A person: the name as the corpus writes it most, its other spellings, and all facts in the corpus's order."""

    name: PersonName
    slug: str
    facts: tuple[Fact, ...]
    also: tuple[str, ...] = ()

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Where the person holds, or held, a role of a municipality."""
        return tuple(dict.fromkeys(fact.place for fact in self.facts if fact.at is At.MUNICIPALITY))

    @property
    def portefeuilles(self) -> tuple[str, ...]:
        """The portefeuilles in whose part of a document the person is named."""
        return tuple(dict.fromkeys(name for fact in self.facts for name in fact.portefeuilles))


@dataclass
class _Group:
    """The mentions that are one person's, while they are put together."""

    mentions: list[Mention] = field(default_factory=list)

    @property
    def names(self) -> list[PersonName]:
        return [mention.name for mention in self.mentions]

    @property
    def facts(self) -> list[Fact]:
        return [fact for mention in self.mentions for fact in mention.facts]

    @property
    def municipalities(self) -> set[str]:
        return {fact.place for fact in self.facts if fact.at is At.MUNICIPALITY}


def people_of(passages: Sequence[Passage]) -> tuple[Person, ...]:
    """Everyone whom these passages name in a public role, by surname."""
    mentions = list(FactReader(passages).mentions(passages))
    groups: list[_Group] = []
    # whole names first, so that initials and surnames alone have something to belong to
    ordered = sorted(mentions, key=lambda one: (not one.name.given, not one.name.is_written_out, -len(one.name.text)))
    for mention in ordered:
        same = [group for group in groups if _is_same(group, mention)]
        if len(same) == 1:
            same[0].mentions.append(mention)
        else:
            groups.append(_Group([mention]))
    order = {id(mention): place for place, mention in enumerate(mentions)}
    for group in groups:
        group.mentions.sort(key=lambda one: order[id(one)])
    return _with_slugs(sorted(map(_person, groups), key=lambda one: one.name.sort_key))


def _is_same(group: _Group, mention: Mention) -> bool:
    """Whether a mention is safely of the same person.

    With a first name or initials: the names agree, and no other municipality is named. A surname alone: the same
    municipality, or the same role in the same document ('burgemeester K.F. Schuiling', later 'burgemeester Schuiling').
    """
    there = {fact.place for fact in mention.facts if fact.at is At.MUNICIPALITY}
    if group.municipalities and there and not group.municipalities & there:
        return False
    if mention.name.given:
        return any(may_be_one(name, mention.name) for name in group.names)
    if not any(_surname(name) == _surname(mention.name) for name in group.names):
        return False
    roles = {(fact.document_id, fold(fact.role)) for fact in mention.facts}
    return bool(group.municipalities & there) or bool(
        roles & {(fact.document_id, fold(fact.role)) for fact in group.facts}
    )


def _surname(name: PersonName) -> str:
    return f"{letters_only(name.particles)} {letters_only(name.surname)}"


def _person(group: _Group) -> Person:
    """The name that is written out most fully and most often; what is said twice at one place once."""
    counts = Counter(name.text for name in group.names)
    best = max(
        group.names, key=lambda name: (name.is_written_out, bool(name.given), counts[name.text], len(name.given))
    )
    spellings = {fold(name.text): name.text for name in reversed(group.names)}  # 'H.M. De Jonge' is 'H.M. de Jonge'
    spellings.pop(fold(best.text), None)
    return Person(best, best.slug, tuple(dict.fromkeys(group.facts)), tuple(reversed(spellings.values())))


def _with_slugs(people: Sequence[Person]) -> tuple[Person, ...]:
    """People whose names are the same get their municipality, then a number, behind the slug: 'jan-smit-emmen'."""
    taken: Counter[str] = Counter(person.slug for person in people)
    used: Counter[str] = Counter()
    done = []
    for person in people:
        slug = person.slug
        if taken[slug] > 1 and person.municipalities:
            slug = f"{slug}-{letters_only(person.municipalities[0])}"
        used[slug] += 1
        done.append(replace(person, slug=slug if used[slug] == 1 else f"{slug}-{used[slug]}"))
    return tuple(done)
