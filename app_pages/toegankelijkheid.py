"""The accessibility statement, in the order of the Dutch model (status, how it was tested, limits, contact, date).

It says what the makers tested and no more. Who changes the portal so that a limit goes or comes, changes it here too,
with the date; tests/browser holds what is said of axe.
"""

from __future__ import annotations

from app_pages import _frame, _resources
from app_pages._contact import contact_html
from app_pages._parts import dutch_date, outside_link, title_html

# When the makers last tested all of what is said here.
TESTED = "2026-11-25"
_OMBUDSMAN = "https://www.nationaleombudsman.nl/klacht-indienen"


def statement_html(contact: str) -> str:
    """The whole page; `contact` is how the bureau is reached, '' if it has not said so."""
    reached = contact_html(contact)
    tested = dutch_date(TESTED)
    return f"""{title_html("Toegankelijkheid")}
<p>Iedereen moet dit zoekportaal kunnen gebruiken: ook wie niet goed ziet, geen muis gebruikt, laat voorlezen of op een
kleine telefoon werkt. Hier leest u hoe ver het daarmee is.</p>

<section><h2>Stand</h2>
<p><strong>Status C: eerste maatregelen genomen.</strong> Het portaal is gemaakt volgens WCAG 2.2, niveau A en AA. De
wet vraagt van overheden versie 2.1 op dat niveau; versie 2.2 is iets strenger. De makers hebben het zelf getest. Een
onafhankelijk bureau heeft het nog niet onderzocht. Daarom is de status niet hoger.</p>
<p>Dit is geen verklaring uit het register van DigiToegankelijk. Wie het portaal aanbiedt, zet die daar zelf in.</p>
</section>

<section><h2>Wat is getest, en hoe</h2>
<ul>
<li>Met het programma axe-core, dat fouten tegen WCAG 2.0, 2.1 en 2.2 (A en AA) zoekt: in het lichte en het donkere
uiterlijk, en op een scherm van 360 pixels breed. Op de pagina’s die zijn getest, vond het geen fouten. Zo’n programma
vindt maar een deel van de problemen.</li>
<li>Met alleen het toetsenbord: een vraag stellen, een bron openen en zeggen of het antwoord helpt.</li>
<li>Op het oog: koppen, contrast en leesbaarheid op een telefoon.</li>
</ul>
<p>Dit deden de makers van het portaal zelf.</p>
</section>

<section><h2>Wat nog niet goed is</h2>
<ul>
<li><strong>Afbeeldingen van pagina’s.</strong> Van een pdf toont het portaal de pagina als afbeelding. De tekst staat
eronder. Tabellen en figuren zijn in die tekst soms moeilijk te volgen.</li>
<li><strong>Gescande documenten.</strong> De tekst is door een programma van foto’s gelezen. Er kunnen fouten in
staan.</li>
<li><strong>De documenten zelf.</strong> De originelen zijn van anderen. Of die toegankelijk zijn, hangt van de maker
af.</li>
<li><strong>Schermlezers.</strong> Het portaal is nog niet getest met NVDA, JAWS of VoiceOver, en niet door mensen die
zulke programma’s elke dag gebruiken.</li>
<li><strong>Een nieuwe pagina.</strong> Klikt u op een link in het portaal, dan verandert de pagina zonder dat zij
opnieuw laadt. Een schermlezer meldt dat misschien niet.</li>
<li><strong>Zonder JavaScript</strong> werkt het portaal niet.</li>
</ul>
</section>

<section><h2>Werkt iets niet?</h2>
<p>Laat het weten: {reached}. Zeg daarbij op welke pagina het misging en wat u wilde doen. Vraag ook gerust om een
document in een andere vorm.</p>
<p>Helpt dat niet? Dan kunt u een klacht indienen bij de
{outside_link(_OMBUDSMAN, "Nationale ombudsman")}.</p>
</section>

<section><h2>Datum</h2>
<p>Getest en opgeschreven op {tested}.</p>
</section>"""


def show() -> None:
    """Draws the page."""
    _frame.put(statement_html(_resources.SETTINGS.contact))


show()
