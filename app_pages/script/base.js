// Runs in the reader's browser, once a page. Everything works without it, only slower or with a click more.
(() => {
  document.documentElement.lang = "nl"; // Streamlit says "en"; a screen reader would read Dutch with English sounds

  // What looks at the page whenever something was drawn on it, each script its own: they share one observer. What one of
  // them does wrong must not keep the others from looking.
  if (!window.zoekportaalDrawn) {
    const looks = [];
    const lookedAt = (look) => {
      try {
        look();
      } catch (error) {
        reportError(error);
      }
    };
    window.zoekportaalDrawn = (look) => {
      looks.push(look);
      lookedAt(look);
    };
    new MutationObserver(() => looks.forEach(lookedAt)).observe(document.body, { childList: true, subtree: true });
  }

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
    const inside = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (inside) window.zoekportaalPlaces.delete(inside.href); // to that heading, and not to where he was below it
    const anchor = event.target instanceof Element ? event.target.closest("a.zp-link") : null;
    if (!anchor || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (anchor.href === location.href) return;
    chosen = anchor.classList.contains("zp-stay") ? chosenBy(anchor) : null;
    leave();
    history.pushState({}, "", anchor.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    // A filter or the picture's size changes what the reader is looking at; any other link leads somewhere else.
    if (!anchor.classList.contains("zp-stay")) main()?.scrollTo(0, 0);
  };

  // A filter that is put on draws all filters anew, and the link that had the keyboard's place is no more. Whoever chose
  // it goes on from the link that took its place: the same value of the same filter, else the first of that filter.
  let chosen = null;
  const nameOf = (anchor) => anchor.querySelector(".zp-name")?.textContent.replace(/^×\s*/, "");
  const chosenBy = (anchor) => {
    const filter = anchor.closest("nav[aria-label]")?.getAttribute("aria-label");
    return { anchor, filter, name: nameOf(anchor) };
  };
  const keepFocus = () => {
    if (!chosen || chosen.anchor.isConnected) return; // not yet drawn anew
    if (document.activeElement && document.activeElement !== document.body) {
      chosen = null; // the reader went on himself
      return;
    }
    const filters = [...document.querySelectorAll(".zp-filters nav[aria-label]")];
    const own = filters.find((one) => one.getAttribute("aria-label") === chosen.filter) ?? filters[0];
    if (!own) return;
    const links = [...own.querySelectorAll("a.zp-stay")];
    const again = links.find((one) => nameOf(one) === chosen.name) ?? links[0];
    again?.focus({ preventScroll: true });
    // it went behind 'Meer', or the filters folded on a phone: what cannot be seen takes no focus
    const folded = document.activeElement === again ? null : again?.closest("details:not([open])");
    folded?.querySelector("summary").focus({ preventScroll: true });
    chosen = null;
  };

  // Back to a page that was left by a link: to the place where the reader was, as a browser does on a page of its own.
  const main = () => document.querySelector('[data-testid="stMain"]');
  const leave = () => window.zoekportaalPlaces.set(location.href, main()?.scrollTop ?? 0);
  const come = (event) => {
    const place = event.isTrusted ? window.zoekportaalPlaces.get(location.href) : undefined;
    if (!place) return;
    const given = new AbortController(); // the reader scrolls himself: then no more
    for (const kind of ["pointerdown", "wheel", "keydown", "popstate"]) {
      window.addEventListener(kind, () => given.abort(), { once: true, signal: given.signal, capture: true });
    }
    const began = performance.now();
    let ran = false;
    let quiet = 0; // for how many looks in a row there was nothing left to draw
    // What stands there first is still the page before: wait until Streamlit has drawn the one that was left. A run that
    // is over between two looks is not seen; after a second there was one, or there will be none.
    const wait = () => {
      const passed = performance.now() - began;
      const runs = document.querySelector(".stApp")?.dataset.testScriptState === "running";
      ran ||= runs;
      quiet = !runs && (ran || passed > 1000) ? quiet + 1 : 0;
      if (given.signal.aborted) return;
      if (quiet < 3 && passed < 10000) {
        setTimeout(wait, 50);
        return;
      }
      given.abort();
      main()?.scrollTo(0, place);
    };
    wait();
  };

  if (!window.zoekportaal) {
    window.zoekportaal = true;
    window.zoekportaalPlaces = new Map(); // address → how far the reader had scrolled when he left it
    document.addEventListener("click", follow);
    window.addEventListener("popstate", come);
    window.zoekportaalDrawn(mend);
    window.zoekportaalDrawn(keepFocus);
  }

  // On a phone the menu is one row: the page that is shown must be in sight there.
  const inSight = () => {
    const item = document.querySelector(".zp-header nav [aria-current]");
    const row = item?.closest("ul");
    if (!row) return;
    const beyond = item.getBoundingClientRect().right - row.getBoundingClientRect().right + 48; // where it fades
    if (beyond > 0) row.scrollLeft += beyond;
  };
  requestAnimationFrame(inSight);

  // The question box has the focus on a page without a question; on a phone that would throw up the keyboard.
  const focus = (tries) => {
    const box = document.querySelector(".st-key-vraag input");
    if (box) box.focus({ preventScroll: true });
    else if (tries > 0) setTimeout(focus, 50, tries - 1);
  };
  if (!new URLSearchParams(location.search).get("v") && window.matchMedia("(pointer: fine)").matches) focus(20);
})();
