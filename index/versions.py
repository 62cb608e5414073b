"""Versions on disk: complete, immutable, published by one atomic switch.

data/index/CURRENT                    the name of the version that answers, one line
data/index/<version>/manifest.json    what it was made from, and with, and what each of its files is; written last
                     store.sqlite     documents, pages, passages, ledger
                     words/           tantivy
                     vectors.faiss    FAISS, one row a passage and a sentence
                     owners.npy       int32 (n, 2): passage row and sentence number of each vector
                     hubs.npy         float32 (n,): how near each vector is to any question
                     begrippen.json   words that mean the same
                     sought.npy       which passages hold a person, a date, a number
and in a large version, which has no vectors.faiss (index/large):
                     nearest.faiss    FAISS, one row a passage: IVF with a byte for each number
                     vectors.npy      int16 (n, d): one row a passage and a sentence
                     firsts.npy       int64 (passages + 1,): the first vector of each passage
                     mean_question.npy, whole.npy, centroids.npy   the scale of meaning (index/sample.py): any
                                      question's vector, mean and covariance of all passages, each document's middle
                     documents.npy, portefeuilles.npy   what filters look at, by passage
                     postings/        in which passages each word stands, and what that is worth there
                     completing.json  headings and how words are written: what completes a question
data/files/<digest><ending>           the very files that the versions were made from
data/index/.building-…                a version that is being made; what a killed run leaves is cleared by the next

A version's name is the moment at which it was made. A copy from which something was removed for good keeps its place in
time: '20261123T213941000000Z' → '20261123T213941000000Z.1' (index/forgetting.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.errors import DamagedVersionError, NoVersionError, OtherFormError
from index.sums import FileSum, measure
from ingest.writing import sync, write_whole

# Raised when the form on disk changes: older versions are then not opened but made anew.
FORM = 6
# How many versions stay, the current one among them.
KEPT = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version is. `recipe` is a digest of all that decided its content: sources, register, code, model.

    `similarity_mean` and `similarity_deviation` are the scale of the model's cosines on this corpus. `files` has every
    file of the version but the manifest itself. `large` tells which of two sets of files that is.
    """

    form: int
    created: str
    recipe: str
    model: str
    model_fingerprint: str
    dimension: int
    documents: int
    passages: int
    vectors: int
    similarity_mean: float = 0.0
    similarity_deviation: float = 1.0
    files: tuple[FileSum, ...] = ()
    large: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Names every file of one version."""

    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def store(self) -> Path:
        return self.folder / "store.sqlite"

    @property
    def words(self) -> Path:
        return self.folder / "words"

    @property
    def vectors(self) -> Path:
        return self.folder / "vectors.faiss"

    @property
    def owners(self) -> Path:
        return self.folder / "owners.npy"

    @property
    def sought(self) -> Path:
        return self.folder / "sought.npy"

    @property
    def begrippen(self) -> Path:
        return self.folder / "begrippen.json"

    @property
    def hubs(self) -> Path:
        return self.folder / "hubs.npy"

    # of a large version, see index/large

    @property
    def postings(self) -> Path:
        return self.folder / "postings"

    @property
    def nearest(self) -> Path:
        return self.folder / "nearest.faiss"

    @property
    def kept_vectors(self) -> Path:
        return self.folder / "vectors.npy"

    @property
    def firsts(self) -> Path:
        return self.folder / "firsts.npy"

    @property
    def centroids(self) -> Path:
        return self.folder / "centroids.npy"

    @property
    def mean_question(self) -> Path:
        return self.folder / "mean_question.npy"

    @property
    def whole(self) -> Path:
        return self.folder / "whole.npy"

    @property
    def document_numbers(self) -> Path:
        return self.folder / "documents.npy"

    @property
    def portefeuilles(self) -> Path:
        return self.folder / "portefeuilles.npy"

    @property
    def completing(self) -> Path:
        return self.folder / "completing.json"


def current_version(data: Path) -> str | None:
    """The name of the version that answers, or None if nothing was published yet. One small read."""
    try:
        name = (data / "index" / "CURRENT").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return name or None


def open_current(data: Path) -> tuple[str, Layout, Manifest]:
    """The current version. Raises NoVersionError or DamagedVersionError."""
    name = current_version(data)
    if name is None or Path(name).name != name or name.startswith("."):
        raise NoVersionError(data)
    layout = Layout(data / "index" / name)
    return name, layout, read_manifest(layout)


def read_manifest(layout: Layout) -> Manifest:
    """The manifest of a version. Raises DamagedVersionError if it is gone or was changed; OtherFormError is one too."""
    try:
        text = layout.manifest.read_text(encoding="utf-8")
        values = json.loads(text)
        if values["form"] != FORM:
            raise OtherFormError(layout.folder, values["form"], FORM)
        files = [FileSum(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in values.pop("files")]
        del values["sha256"]
        manifest = Manifest(**values, files=tuple(files))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise DamagedVersionError(layout.folder, "het bestand manifest.json ontbreekt of is onleesbaar") from error
    if text != _text_of(manifest):
        raise DamagedVersionError(layout.folder, "het bestand manifest.json is veranderd")
    return manifest


def check_sizes(layout: Layout, manifest: Manifest) -> None:
    """Raises DamagedVersionError if a file has another size than the manifest says. Reads none of them."""
    for file in manifest.files:
        try:
            size = (layout.folder / file.name).stat().st_size
        except (OSError, ValueError) as error:
            raise DamagedVersionError(layout.folder, f"het bestand {file.name} ontbreekt") from error
        if size != file.size:
            raise DamagedVersionError(layout.folder, f"{file.name} is {size} bytes groot in plaats van {file.size}")


def new_name(data: Path) -> str:
    """A name for the next version: the moment to the microsecond, so that names sort by age and none comes twice."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")


def versions(data: Path) -> list[str]:
    """The names of all versions on disk, whole or damaged, oldest first."""
    index = data / "index"
    if not index.is_dir():
        return []
    return sorted((path.name for path in index.iterdir() if path.is_dir() and path.name[0] != "."), key=age_key)


def age_key(name: str) -> tuple[str, int]:
    """Sorts names by age: the moment, and which copy of that version it is. '2026Z.2' → ('2026Z', 2)."""
    moment, _, copy = name.partition(".")
    return moment, int(copy) if copy.isdecimal() else 0


def copy_name(data: Path, name: str) -> str:
    """A name for a copy of a version, as old as the version itself: '2026Z' → '2026Z.1', '2026Z.1' → '2026Z.2'."""
    moment, _ = age_key(name)
    taken = [copy for other, copy in map(age_key, versions(data)) if other == moment]
    return f"{moment}.{max(taken, default=0) + 1}"


def kept_name(digest: str, file: str) -> str:
    """The name of a kept file: its digest and the ending of its name, if that is an ordinary one ('.pdf')."""
    ending = Path(file).suffix.lower()
    return digest + (ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else "")


@contextmanager
def building(data: Path) -> Iterator[Layout]:
    """A folder to build a version in; it is cleared away unless it was published by the end."""
    folder = data / "index" / f".building-{os.getpid()}"
    clear_unfinished(data)
    folder.mkdir(parents=True)
    try:
        yield Layout(folder)
    finally:
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)


def clear_unfinished(data: Path) -> None:
    """Removes what killed runs left behind. Only to be called by the run that holds the lock."""
    for left in (data / "index").glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)


def publish(data: Path, built: Layout) -> str:
    """Publishes a whole version (sync, rename into place, switch of CURRENT) and returns its name."""
    name = new_name(data)
    put_in_place(data, built, name)
    switch(data, name)
    remove_old(data)
    return name


def write_manifest(built: Layout, manifest: Manifest) -> Manifest:
    """Writes the manifest with what every file of the version now is, which makes it whole; returns it as written."""
    files = []
    for path in sorted(built.folder.rglob("*")):
        name = path.relative_to(built.folder).as_posix()
        if path.is_file() and path != built.manifest and not path.name.startswith("."):  # tantivy locks in hidden files
            files.append(FileSum(name, *measure(path)))
    whole = replace(manifest, files=tuple(files))
    built.manifest.write_text(_text_of(whole), encoding="utf-8")
    return whole


def _text_of(manifest: Manifest) -> str:
    """The manifest's file to the last byte: its values, and the SHA-256 of these."""
    values = asdict(manifest)
    if not manifest.large:
        del values["large"]  # as versions have it that were made before there were large ones
    own = hashlib.sha256(json.dumps(values).encode()).hexdigest()
    return json.dumps({**values, "sha256": own}, indent=2)


def put_in_place(data: Path, built: Layout, name: str) -> None:
    """Gives a whole version, built aside on the same disk, its name. It does not answer until the switch."""
    for path in built.folder.rglob("*"):
        sync(path)
    sync(built.folder)
    os.rename(built.folder, data / "index" / name)
    sync(data / "index")


def switch(data: Path, name: str) -> None:
    """Makes a version the current one: after a power cut either the old or the new name stands there, whole."""
    write_whole(data / "index" / "CURRENT", f"{name}\n".encode())


def remove_old(data: Path) -> None:
    """Keeps the current version and the youngest that differ: one made twice (rolled back, ingested) counts once."""
    current = current_version(data)
    twins = {
        name
        for name in versions(data)
        if current and name != current and _same(data / "index" / name, data / "index" / current)
    }
    kept = [name for name in versions(data) if name not in twins][-KEPT:]
    for name in versions(data):
        if name != current and name not in kept:
            # set aside first: a version that was half removed when the power failed must not look like one
            shutil.rmtree(_set_aside(data, name), ignore_errors=True)


def discard(data: Path, name: str) -> None:
    """Deletes a version to its last byte. Raises OSError if that cannot be; the next run then tries again."""
    shutil.rmtree(_set_aside(data, name))


def _set_aside(data: Path, name: str) -> Path:
    aside = data / "index" / f".building-old-{name}"
    os.rename(data / "index" / name, aside)
    sync(data / "index")
    return aside


def _same(one: Path, other: Path) -> bool:
    """Whether two versions hold the same, ledger included, whenever they were made.

    The words follow from the store; tantivy gives its files other names each time, so these are not compared.
    """

    def what_counts(folder: Path) -> Manifest:
        manifest = read_manifest(Layout(folder))
        files = tuple(file for file in manifest.files if not file.name.startswith("words/"))
        return replace(manifest, created="", files=files)

    try:
        return what_counts(one) == what_counts(other)
    except DamagedVersionError:
        return False
