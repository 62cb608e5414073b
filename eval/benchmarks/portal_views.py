"""What of the portal is looked at: every page, with examples of what a reader meets on it, in every look.

with running_portal(data) as address, chromium() as browser, window(browser, LOOKS[0]) as context:
    opened(context.new_page(), address, VIEWS[0])
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page

HANDOVER = "overdrachtsdocument-vdg-2026"

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'

# A page that is drawn moves on for a moment: fonts, the opening of a dialog.
_SETTLE_MS = 300
_PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class View:
    """One thing to look at: a page of the portal (its path in the address) in one state. `name` names its files."""

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """View('x', 'document', (('pagina', '3'),)) → 'document?pagina=3'."""
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Look:
    """How it is looked at: a theme and the size of the window in CSS pixels. At 200 % zoom every pixel is two."""

    name: str
    theme: Literal["light", "dark"]
    width: int
    height: int
    zoom: int = 1


LOOKS = (
    Look("licht", "light", 1280, 900),
    Look("donker", "dark", 1280, 900),
    Look("telefoon", "light", 360, 740),
    Look("telefoon-donker", "dark", 360, 740),
)

# A window of 1280 by 900 at 200 %.
ZOOMED = Look("zoom", "light", 640, 450, zoom=2)

_CHAIR = ("v", "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?")
_PAGE_18 = (("document", HANDOVER), ("pagina", "18"))
_QUOTE = ("citaat", "Inge Nieuwenhuizen (burgemeester gemeente de Wolden)")

VIEWS = (
    View("zoeken", ""),
    View("zoeken-gevonden", "", (_CHAIR,)),
    View("zoeken-lijst", "", (("v", "Welke lopende dossiers zijn er bij sport?"),)),
    View("zoeken-onzeker", "", (("v", "Wat doet de VDG aan dierenwelzijn?"),)),
    View("zoeken-niet-gevonden", "", (("v", "Hoe vraag ik een rijbewijs aan?"),)),
    View("zoeken-gefilterd", "", (("v", "Wie is voorzitter?"), ("portefeuille", "Sport"), ("document", HANDOVER))),
    View("zoeken-verbeterd", "", (("v", "Wie is voorziter van onderwys?"),)),
    View(
        "zoeken-gefilterd-meer", "", (("v", "Wie is voorzitter?"), ("soort", "overdrachtsdocument"), ("jaar", "2026"))
    ),
    View("zoeken-onbekend-filter", "", (_CHAIR, ("portefeuille", "Bestaat niet"), ("document", "weg"))),
    View("portefeuilles", "portefeuilles"),
    View("portefeuille", "portefeuilles", (("portefeuille", "Gezondheid en Welzijn"),)),
    View("portefeuille-naast", "portefeuilles", (("portefeuille", "Sport"), ("naast", "Onderwijs en Cultuur"))),
    View("wie-is-wie", "wie-is-wie"),
    View("wie-is-wie-gezocht", "wie-is-wie", (("wie", "Nieuwenhuisen"),)),
    View("wie-is-wie-persoon", "wie-is-wie", (("persoon", "inge-nieuwenhuizen"),)),
    View("wie-is-wie-niemand", "wie-is-wie", (("wie", "Xyzzy"),)),
    View("documenten", "document"),
    View("document-onbekend", "document", (("document", "bestaat-niet"),)),
    View("document", "document", (("document", HANDOVER),)),
    View("document-citaat", "document", (*_PAGE_18, _QUOTE, _CHAIR)),
    View("document-groot", "document", (*_PAGE_18, ("zoom", "200"))),
    View("document-geen-pagina", "document", (("document", HANDOVER), ("pagina", "999"))),
    View("document-citaat-weg", "document", (*_PAGE_18, ("citaat", "deze woorden staan er niet"))),
    View("bronnen", "bronnen"),
    View("bronnen-ontbreekt", "bronnen", (("stand", "ontbreekt"),)),
    View("verzamelen", "verzamelen"),
    View("verzamelen-gevuld", "verzamelen", (*_PAGE_18, _QUOTE)),
    View("eerste-dag", "eerste-dag"),
    View("toegankelijkheid", "toegankelijkheid"),
    View("privacy", "privacy"),
    View("beheer", "beheer"),
    View("beheer-bron", "beheer", (("bron", HANDOVER),)),
    View("beheer-toevoegen", "beheer", (("deel", "toevoegen"),)),
    View("beheer-inlezen", "beheer", (("deel", "inlezen"),)),
    View("beheer-begrippen", "beheer", (("deel", "begrippen"),)),
    View("beheer-gebruik", "beheer", (("deel", "gebruik"),)),
    View("onbekend-adres", "bestaat-niet"),
)


@contextmanager
def window(browser: Browser, look: Look) -> Iterator[BrowserContext]:
    """A browser as new, with this look: nothing kept, as little movement as a reader can ask for."""
    context = browser.new_context(
        locale="nl-NL",
        color_scheme=look.theme,
        reduced_motion="reduce",
        viewport={"width": look.width, "height": look.height},
        device_scale_factor=look.zoom,
    )
    context.set_default_timeout(_PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


def opened(page: Page, address: str, view: View) -> None:
    """Goes to a view of the portal at this address, and waits until it is drawn and at rest."""
    page.goto(f"{address}/{view.address}")
    at_rest(page)


def at_rest(page: Page) -> None:
    """Waits until the page is drawn and nothing moves any more."""
    page.wait_for_selector("h1", state="attached")
    page.wait_for_selector(IDLE, state="attached")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.wait_for_timeout(_SETTLE_MS)
