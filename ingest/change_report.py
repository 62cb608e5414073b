"""What changed since the version before, for people (terminal, Markdown) and for programs (JSON). In Dutch."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from ingest.changes import (
    GENERAL,
    ChangeReport,
    DocumentChange,
    PassageChange,
    Place,
    PortefeuilleChanges,
    What,
    bare,
)
from ingest.ledger import Change

# A report in the terminal stays on one screen, with lines that fit it.
_MOST_LINES, _WIDTH = 40, 110
_TITLE = "Veranderingen sinds de vorige versie"


def changes_as_text(report: ChangeReport) -> str:
    """The report for the terminal, at most 40 lines: as many documents and passages as fit, and how many do not."""
    if report.is_empty:
        return "Sinds de vorige versie is er niets veranderd."
    lines: list[str] = []
    for documents, passages in ((99, 3), (99, 2), (99, 1), (99, 0), (8, 0), (4, 0), (2, 0), (1, 0), (0, 0)):
        lines = [_TITLE, *_totals(report)]
        for group in report.groups:
            lines += (
                ["", f"{_plain(group.name)}: {_by_change(group)}"]
                if documents
                else [f"{_plain(group.name)}: {_by_change(group)}"]
            )
            for document in group.documents[:documents]:
                lines.append(_cut(f"  {document.change.value}: {_plain(document.title)} ({_counts(document)})"))
                told = [change for change in document.passages if change.what is not What.VERHUISD]
                for change in told[:passages]:
                    words = _plain(_excerpt(change.words))
                    lines.append(_cut(f"    {_pages(change.new or change.old)} {change.what.value}: {words}"))
                if passages and len(told) > passages:
                    lines.append(f"    … en nog {len(told) - passages}")
            if documents and len(group.documents) > documents:
                lines.append(f"  … en nog {len(group.documents) - documents} documenten")
        if len(lines) <= _MOST_LINES:
            break
    return "\n".join(lines)


def changes_as_markdown(report: ChangeReport) -> str:
    """The whole report. Words from documents are escaped: they can be neither Markdown nor HTML."""
    if report.is_empty:
        return f"# {_TITLE}\n\nEr is niets veranderd.\n"
    lines = [f"# {_TITLE}", "", " ".join(_totals(report))]
    for group in report.groups:
        lines += ["", f"## {_escaped(group.name)}", "", _by_change(group)]
        for document in group.documents:
            lines += ["", f"### {_escaped(document.title)}", "", f"{document.change.value}: {_counts(document)}", ""]
            lines += [_line(change) for change in document.passages if change.what is not What.VERHUISD]
            moves = Counter((one.old, one.new) for one in document.passages if one.what is What.VERHUISD)
            lines += [_moved(old, new, count) for (old, new), count in moves.items() if old and new]
    return "\n".join(lines) + "\n"


def changes_as_json(report: ChangeReport) -> dict[str, object]:
    """The whole report for programs: `old` and `new` tell the place, `words` are [old, new] parts."""
    return {
        "documents": {change.value: report.documents.get(change, 0) for change in Change},
        "passages": {what.value: report.passages.get(what, 0) for what in What},
        "portefeuilles": [
            {"name": group.name, "documents": [_document_as_json(document) for document in group.documents]}
            for group in report.groups
        ],
    }


def _document_as_json(document: DocumentChange) -> dict[str, object]:
    def place(at: Place | None) -> dict[str, object] | None:
        return {"pages": list(at.pages), "heading_path": list(at.heading_path)} if at else None

    return {
        "document_id": document.document_id,
        "title": document.title,
        "change": document.change.value,
        "note": document.note,
        "passages_before": document.before,
        "passages_after": document.after,
        "passages": [
            {
                "change": one.what.value,
                "old": place(one.old),
                "new": place(one.new),
                "words": [list(p) for p in one.words],
            }
            for one in document.passages
        ],
    }


def _totals(report: ChangeReport) -> list[str]:
    """'Documenten: 1 nieuw, 2 gewijzigd.' and, if there are any, the passages of changed documents."""
    lines = [
        "Documenten: "
        + ", ".join(f"{report.documents[one]} {one.value}" for one in Change if one in report.documents)
        + "."
    ]
    if report.passages:
        counts = ", ".join(f"{report.passages[what]} {what.value}" for what in What if report.passages.get(what))
        lines.append(f"Passages in gewijzigde documenten: {counts}.")
    return lines


def _by_change(group: PortefeuilleChanges) -> str:
    """'3 documenten (1 nieuw, 2 gewijzigd)'."""
    counts = Counter(document.change for document in group.documents)
    said = ", ".join(f"{counts[change]} {change.value}" for change in Change if counts[change])
    return f"{len(group.documents)} document{'en' if len(group.documents) != 1 else ''} ({said})"


def _counts(document: DocumentChange) -> str:
    """'12 passages', '2 gewijzigd, 1 vervallen', 'nog niet doorzoekbaar: versleuteld'."""
    counts = [f"{document.count(what)} {what.value}" for what in What if document.count(what)]
    if not document.passages and not document.note:
        number = document.after or document.before
        counts = [f"{number} passage{'s' if number != 1 else ''}"]
    return ", ".join([*([document.note] if document.note else []), *counts])


def _pages(place: Place | None) -> str:
    return "p. " + "-".join(dict.fromkeys(str(page) for page in (place.pages[:1] + place.pages[-1:] if place else ())))


def _excerpt(words: Sequence[tuple[str, str]]) -> str:
    """The changes with a few words around each: '… is voorzitter [Jan Bos → Ina Vos] van de …'."""
    said: list[str] = []
    for old, new in words:
        if old == new:
            around = old.split()
            said.append(old if len(around) <= 6 else " ".join([*around[:2], "…", *around[-3:]]))
        elif old and new:
            said.append(f"[{old} → {new}]")
        else:
            said.append(f"[+ {new}]" if new else f"[- {old}]")
    if len(words) == 1:
        return said[0][3:-1]
    return " ".join(said)


def _plain(text: str) -> str:
    """Without signs that steer a terminal or turn the reading direction."""
    return bare("".join(" " if unicodedata.category(char)[0] == "C" else char for char in text))


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1].rstrip() + "…"


def _line(change: PassageChange) -> str:
    """One passage: the words that went struck through, the words that came in bold."""
    parts: list[str] = []
    for old, new in change.words:
        if old == new:
            parts.append(_escaped(old))
        else:
            parts += [f"~~{_escaped(old)}~~"] if old else []
            parts += [f"**{_escaped(new)}**"] if new else []
    place = change.new or change.old
    heading = _escaped(" › ".join(place.heading_path)) if place else ""
    return f"- {change.what.value}, {_pages(place)}{', ' + heading if heading else ''}: {' '.join(parts)}"


def _moved(old: Place, new: Place, count: int) -> str:
    where = f"van {_pages(old)} naar {_pages(new)}" if old.pages != new.pages else f"op {_pages(new)}"
    if old.heading_path != new.heading_path:
        names = [_escaped(" › ".join(path)) or "(geen kop)" for path in (old.heading_path, new.heading_path)]
        where += f", van {names[0]} naar {names[1]}"
    if old.portefeuilles != new.portefeuilles:
        names = [_escaped(", ".join(some)) or GENERAL for some in (old.portefeuilles, new.portefeuilles)]
        where += f", portefeuille {names[0]} wordt {names[1]}"
    return f"- {What.VERHUISD.value}, {where}: {count} passage{'s' if count != 1 else ''}"


# Signs that mean something within a line of Markdown, GitHub's and Streamlit's included. A character reference is only
# ever text, in every Markdown; what means something at a line's start stands at none, since words never begin a line.
_MEANING = re.compile(r"[\\`*_{}\[\]()<>&|~^$@#!]|:(?=//|\w)|\.(?<=www\.)", re.IGNORECASE)


def _escaped(text: str) -> str:
    """'<b> *vet*' → '&#60;b&#62; &#42;vet&#42;'."""
    return _MEANING.sub(lambda found: f"&#{ord(found.group())};", _plain(text))
