// Runs in the reader's browser, once a page. Everything works without it, only slower or with a click more.
(() => {
  document.documentElement.lang = "nl"; // Streamlit says "en"; a screen reader would read Dutch with English sounds

  // Streamlit's own few words that a reader can meet. Only text changes, so what Streamlit draws stays its own.
  const DUTCH = new Map([
    ["Skip to main content", "Naar de inhoud"],
    ["Page not found", "Deze pagina bestaat niet"],
    ["The page that you have requested does not seem to exist. Running the app's main page.", "U ziet nu de zoekpagina."],
    ["Connection error", "Geen verbinding met het portaal"],
    [
      "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:",
      "Het portaal staat uit, of uw netwerk is weg. Probeer het zo nog eens. Beheert u het portaal? Start het dan met:",
    ],
    ["streamlit run yourscript.py", "make start"],
  ]);

  const mend = () => {
    for (const part of document.querySelectorAll('[data-testid="stSkipToContent"], [role="dialog"]')) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const dutch = DUTCH.get(walker.currentNode.nodeValue.trim());
        if (dutch) walker.currentNode.nodeValue = dutch;
      }
      for (const button of part.querySelectorAll('[aria-label="Close"]')) button.setAttribute("aria-label", "Sluiten");
    }
  };

  // A link inside the portal without loading the whole page again: put it in the history, and tell Streamlit as the
  // browser's own back button would. A click with a key held or with another button stays the browser's.
  const follow = (event) => {
    const anchor = event.target instanceof Element ? event.target.closest("a.zp-link") : null;
    if (!anchor || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (anchor.href === location.href) return;
    history.pushState({}, "", anchor.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    // A filter or the picture's size changes what the reader is looking at; any other link leads somewhere else.
    if (!anchor.classList.contains("zp-stay")) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  };

  if (!window.zoekportaal) {
    window.zoekportaal = true;
    document.addEventListener("click", follow);
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
    mend();
  }

  // The question box has the focus on a page without a question; on a phone that would throw up the keyboard.
  const focus = (tries) => {
    const box = document.querySelector(".st-key-vraag input");
    if (box) box.focus({ preventScroll: true });
    else if (tries > 0) setTimeout(focus, 50, tries - 1);
  };
  if (!new URLSearchParams(location.search).get("v") && window.matchMedia("(pointer: fine)").matches) focus(20);
})();
