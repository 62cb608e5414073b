"""A file that waits becomes a source: the file into the corpus, its entry into the register."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, utils

from app_pages._beheer import upload_staging
from app_pages._beheer.upload_staging import Proposal
from ingest.documents import Source
from ingest.errors import IngestError
from ingest.register import Value, add_source, change_source, registered_ids

# Two titles are taken to be of one report from this likeness on (100: the same words). Among the titles of the register
# no two come above 63; 'Energievisie Drenthe 2050' and 'Energievisie 2050' come to 81. The bureau sees and changes it.
_ALIKE = 70.0
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class PublishError(Exception):
    """Raised when a file cannot become a source; nothing has changed then. The message is Dutch."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file goes: beside what is there, for a new source or a known one; or in the place of a source's file."""

    file: str
    replaces: str = ""  # the id of the source whose file it replaces
    source: str = ""  # the id of the source that has no file yet


def place_beside(corpus: Path, name: str) -> Place:
    """The name if it is free, else the first free one like it: 'nota.pdf' → 'nota-2.pdf'."""
    stem, ending = Path(name).stem, Path(name).suffix
    number, free = 1, name
    taken = {one.name.casefold() for one in corpus.iterdir()}
    while free.casefold() in taken:
        number += 1
        free = f"{stem}-{number}{ending}"
    return Place(free)


def source_with_file(corpus: Path, sources: list[Source], name: str) -> Source | None:
    """The source whose file has this name, capitals aside, None if there is none."""
    return next((one for one in sources if one.path and one.path.parent == corpus and _same(one.path.name, name)), None)


def named_alike(sources: Sequence[Source], titles: Iterable[str]) -> Source | None:
    """The source whose title is one of these, or nearly: 'Energievisie Drenthe 2050' → 'Energievisie 2050'; or None.

    Not one of other years: 'Energie-agenda 2028-2031' is a report beside 'Energie-agenda 2024-2027'.
    """
    told = [title for title in titles if title]
    scores = [
        (max(map(_likeness(source.title), told), default=0.0), source)
        for source in sources
        if not _of_other_years(source.title, " ".join(told))
    ]
    best, source = max(scores, key=lambda pair: pair[0], default=(0.0, None))
    return source if best >= _ALIKE else None


def _of_other_years(one: str, other: str) -> bool:
    """Whether both name years, and none the same."""
    years, others = set(_YEAR.findall(one)), set(_YEAR.findall(other))
    return bool(years and others and not years & others)


def _likeness(title: str) -> Callable[[str], float]:
    return lambda other: fuzz.token_sort_ratio(title, other, processor=utils.default_process)


def publish(data: Path, corpus: Path, one: Proposal, place: Place, fields: Mapping[str, Value | None]) -> str:
    """Moves the file and writes the register; returns the source's id. Raises PublishError.

    What `place` replaces is given anew by name: nothing else is ever overwritten.
    """
    target = corpus / place.file
    if target.resolve().parent != corpus.resolve():
        raise PublishError("De naam van het bestand kan niet worden gebruikt.")
    aside = corpus / f".{one.key}.nieuw"
    was = corpus / f".{one.key}.oud"
    try:
        shutil.copyfile(data / upload_staging.FOLDER / one.key / "bestand", aside)
        if place.replaces:
            os.link(target, was)
            os.replace(aside, target)
        else:
            os.link(aside, target)  # unlike a rename it never takes the place of what somebody put there meanwhile
        try:
            source_id = _write(corpus, place, fields)
        except (IngestError, OSError):
            if place.replaces:
                os.replace(was, target)
            else:
                target.unlink()
            raise
    except FileNotFoundError as error:
        raise PublishError("Dit bestand wacht niet meer: iemand heeft het gepubliceerd of weggegooid.") from error
    except FileExistsError as error:
        raise PublishError(f"Er staat al een bestand {place.file} in de map. Probeer het nog eens.") from error
    except IngestError as error:
        raise PublishError(str(error)) from error
    except OSError as error:
        raise PublishError(f"Het bestand kan niet in de map met bronnen worden gezet: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)
        was.unlink(missing_ok=True)
    upload_staging.discard(data, one.key)
    return source_id


def _write(corpus: Path, place: Place, fields: Mapping[str, Value | None]) -> str:
    told = {**fields, "bestand": place.file}
    known = place.replaces or place.source
    if known and known in registered_ids(corpus):
        change_source(corpus, known, told)
        return known
    return add_source(corpus, told, known)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
