"""What the portal keeps of its readers, and what it does not; it follows the setting that decides it."""

from __future__ import annotations

from app_pages import _frame, _resources
from app_pages._contact import contact_html
from app_pages._parts import title_html
from index.usage import DAYS_KEPT


def privacy_html(contact: str, *, keep_questions: bool) -> str:
    """The whole page."""
    texts = (
        "De tekst van een vraag zonder goed antwoord. Die wordt "
        f"na {DAYS_KEPT} dagen verwijderd. Typ dus geen namen van inwoners in uw vraag."
        if keep_questions
        else ""
    )
    kept = (
        "Per dag: hoeveel vragen er zijn gesteld, hoeveel er geen antwoord kregen, en over welke portefeuille.",
        "Per dag en per passage: hoe vaak iemand ‘Ja’ of ‘Nee’ koos bij ‘Was dit wat u zocht?’, met de reden.",
        texts,
    )
    items = "".join(f"<li>{one}</li>" for one in kept if one)
    no_text = "" if keep_questions else " De tekst van uw vraag wordt niet bewaard."
    return f"""{title_html("Privacy")}
<p>U hoeft niet in te loggen om te zoeken. Uw vraag wordt beantwoord op de computer waarop het portaal draait, en gaat
nergens anders heen.</p>

<section><h2>Wat het portaal bewaart</h2><ul>{items}</ul>
<p>Het portaal bewaart niet wie u bent: geen naam, geen IP-adres en geen tijdstip.{no_text}</p></section>

<section><h2>In uw browser</h2>
<p>Het portaal volgt u niet met cookies. Er zijn alleen cookies die nodig zijn om veilig te werken, en om ingelogd te
blijven als u bij het bureau hoort. Uw vraag staat in de adresbalk, en dus ook in de geschiedenis van uw browser.</p>
</section>

<section><h2>Logboeken</h2>
<p>Uw organisatie kan op haar netwerk of server bijhouden welke adressen zijn geopend. Dat doet het portaal niet
zelf.</p></section>

<section><h2>Vragen?</h2><p>Neem contact op met {contact_html(contact)}.</p></section>"""


def show() -> None:
    """Draws the page."""
    settings = _resources.SETTINGS
    _frame.put(privacy_html(settings.contact, keep_questions=settings.keep_questions))


show()
