"""Typeset the handover document: `python corpus/typesetting/typeset.py` writes corpus/overdrachtsdocument-vdg-2026.pdf.

Needs the packages `typst` (which carries the compiler) and `font-source-sans-pro` (which carries the font); nothing of
the machine itself is used, no system font and no clock, so that every machine makes the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "overdrachtsdocument.typ"
OUTPUT = HERE.parent / "overdrachtsdocument-vdg-2026.pdf"

# 1 January 2026, 00:00 UTC: the document speaks of 'eind 2025/begin 2026'. A fixed date, or two runs would differ.
TIMESTAMP = 1_767_225_600

# The four styles that layout.typ uses. The package holds every style twice (otf and ttf); handing over the whole
# folder would leave it to chance which of the two is taken.
FONT_STYLES = ("Regular", "Semibold", "SemiboldIt", "Bold")


def main() -> int:
    """Write the PDF; exit 1 with one line when a package is missing or the source does not compile cleanly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT, help="the PDF to write (default: %(default)s)")
    output: Path = parser.parse_args().output
    try:
        output.write_bytes(typeset())
    except TypesettingError as error:
        print(f"typeset: {error}", file=sys.stderr)
        return 1
    return 0


class TypesettingError(Exception):
    """A package is missing, or the compiler refused or warned about the source."""


def typeset(source: Path = SOURCE) -> bytes:
    """The bytes of the PDF. Raises TypesettingError; a warning (a font not found, say) counts as an error."""
    try:
        import font_source_sans_pro
        import typst
    except ImportError as error:
        raise TypesettingError(f"{error.name} is not installed; it is in the extra 'typesetting'") from error
    with tempfile.TemporaryDirectory() as folder:
        for style in FONT_STYLES:
            name = f"SourceSansPro-{style}.ttf"
            shutil.copyfile(Path(font_source_sans_pro.font_directory) / name, Path(folder) / name)
        try:
            pdf, warnings = typst.compile_with_warnings(
                str(source), format="pdf", font_paths=[folder], ignore_system_fonts=True, timestamp=TIMESTAMP
            )
        except typst.TypstError as error:
            raise TypesettingError(str(error)) from error
    if warnings:
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    assert isinstance(pdf, bytes)  # one PDF; only pictures come as a list of pages
    return pdf


if __name__ == "__main__":
    sys.exit(main())
