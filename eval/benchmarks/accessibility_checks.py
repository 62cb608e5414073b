"""What axe does not look at: the language, headings, sideways scroll, the keyboard alone, English words.

Each check gives what is wrong with the page that is shown, as short lines that name the check first: 'h1: 2 of them'.
"""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import Page

# Streamlit's own words, as its parts show them or say them to a screen reader. Ours and a document's are looked at
# apart (st.html), so that an English report is no fault.
ENGLISH = (
    "About|Add a value|Browse files|Choose an option|Choose options|Clear all|Clear selection|Clear value|Close|"
    "Connecting|Connection error|Deploy|Drag and drop|Error|Fullscreen|Help for|Hide password|Limit|Loading|"
    "Made with Streamlit|No options|No results|Page not found|Please wait|Press Enter|Press Cmd|Press Ctrl|Remove|"
    "Rerun|Running|Select all|Settings|Show password|Skip to main content|Stop|Submit|Upload|View more|View less|"
    "per file|Your app"
).split("|")

# Gives [check, what] for what stands still. Sideways scroll inside a part that may scroll (a wide table) is no fault.
_LOOK = r"""
(english) => {
  const wrong = [];
  if (document.documentElement.lang !== "nl") wrong.push(["lang", document.documentElement.lang || "none"]);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
  const ones = headings.filter((heading) => heading.tagName === "H1");
  if (ones.length !== 1) wrong.push(["h1", `${ones.length} of them`]);
  headings.forEach((heading, at) => {
    const before = at ? headings[at - 1].tagName : "H0";
    if (heading.tagName[1] > Number(before[1]) + 1)
      wrong.push(["headings", `${before} then ${heading.tagName} ${heading.textContent.trim().slice(0, 40)}`]);
  });
  for (const part of [document.documentElement, document.querySelector('[data-testid="stMain"]')]) {
    if (!part || part.scrollWidth <= part.clientWidth) continue;
    const edge = part.getBoundingClientRect().left + part.clientWidth;
    const sticksOut = (one) => seen(one) && one.getBoundingClientRect().right > edge + 1;
    const wide = [...part.querySelectorAll("*")].filter(sticksOut);
    const named = wide.length ? `${wide[0].tagName}.${wide[0].className}`.slice(0, 80) : "";
    wrong.push(["sideways", `${part.scrollWidth} wide in ${part.clientWidth}: ${named}`]);
  }
  for (const image of document.querySelectorAll('[data-testid="stMain"] img'))
    if (!image.naturalWidth || !seen(image)) wrong.push(["picture", `not shown: ${image.alt.slice(0, 60)}`]);
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest(".stHtml, script, style, noscript") && seen(parent)) said.push(walker.currentNode.nodeValue);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const element of document.querySelectorAll(`body [${name}]`))
      if (!element.closest(".stHtml") && seen(element)) said.push(element.getAttribute(name));
  for (const word of english)
    for (const words of said)
      if (new RegExp(`\\b${word}\\b`).test(words)) wrong.push(["english", `${word} in ‘${words.trim().slice(0, 60)}’`]);
  return wrong;
}
"""

# Remembers what can be operated and how each looks without the focus.
_BEFORE_TAB = r"""
() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [role=button]";
  const usable = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false })
    && !element.disabled && !element.closest("[inert], [aria-hidden=true]")
    && ![element, element.parentElement].some((one) => one.getBoundingClientRect().width <= 1); // shown to nobody
  const around = (element) => [element, ...(element.labels ?? []), element.closest("label"),
    element.parentElement, element.parentElement?.parentElement, element.parentElement?.parentElement?.parentElement,
    ...(element.closest("label")?.querySelectorAll("*") ?? [])].filter(Boolean);
  const looks = (element) => around(element).map((one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0 ? "" : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.borderWidth].join();
  }).join(";");
  const named = (element) => {
    const words = element.getAttribute("aria-label") || element.textContent.trim() || element.name || "";
    return `${element.tagName.toLowerCase()} ${words.slice(0, 50)}`;
  };
  document.activeElement?.blur();
  const parts = [...document.querySelectorAll(wanted)].filter(usable);
  window.__tab = { looks, named, met: new Set(), faint: new Set(),
    before: new Map(parts.map((part) => [part, looks(part)])) };
  window.getSelection().removeAllRanges();
  return parts.length;
}
"""

# After a press of Tab: whether something new got the focus. Some parts change colour only after a moment.
_ON_TAB = r"""
async () => {
  const { looks, named, met, faint, before } = window.__tab;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  const now = document.activeElement;
  if (!now || now === document.body || met.has(now)) return false;
  met.add(now);
  const until = performance.now() + 600;
  while (before.has(now) && looks(now) === before.get(now)) {
    if (performance.now() > until) {
      faint.add(named(now));
      break;
    }
    await frame();
  }
  return true;
}
"""

# One radio button of a group takes the focus for all of them; arrow keys go from one to the other.
_AFTER_TAB = r"""
() => {
  const { named, met, faint, before } = window.__tab;
  const groups = new Set([...met].filter((one) => one.type === "radio").map((one) => one.name));
  const missed = [...before.keys()].filter((one) => one.isConnected && !met.has(one)
    && !(one.type === "radio" && groups.has(one.name)));
  return [...missed.map((one) => ["tab", `not reached: ${named(one)}`]),
    ...[...faint].map((one) => ["focus", `not seen on ${one}`])];
}
"""


def look_wrong(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    return _lines(page.evaluate(_LOOK, ENGLISH))


def keyboard_wrong(page: Page) -> list[str]:
    """What the Tab key does not reach, and what does not show that it has the focus."""
    parts = page.evaluate(_BEFORE_TAB)
    # some more than there are: what the browser itself can reach, and the way from where the focus was
    misses = 0
    for _ in range(parts + 20):
        page.keyboard.press("Tab")
        misses = 0 if page.evaluate(_ON_TAB) else misses + 1
        if misses > 3:
            break
    return _lines(page.evaluate(_AFTER_TAB))


def open_everything(page: Page) -> None:
    """Opens all that is folded away, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


def _lines(wrong: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(f"{check}: {what}" for check, what in wrong))
