// Runs once in the reader's browser. Everything works without it, only slower or with a click more.
(() => {
  document.documentElement.lang = "nl"; // Streamlit says "en"; screen readers would read Dutch with English sounds

  const scroller = () => document.querySelector('[data-testid="stMain"]');

  if (!window.zoekportaal) {
    window.zoekportaal = true;

    // A link inside the portal without loading the whole page again: put it in the history, and tell Streamlit as the
    // browser's own back button would. A click with a key or another button stays the browser's.
    document.addEventListener("click", (event) => {
      const anchor = event.target instanceof Element ? event.target.closest("a.zp-link") : null;
      if (!anchor || event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (anchor.href === location.href) return;
      const elsewhere = new URL(anchor.href).pathname !== location.pathname;
      history.pushState({}, "", anchor.href);
      window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
      if (elsewhere || !anchor.classList.contains("zp-chip")) scroller()?.scrollTo(0, 0);
    });
  }

  // The question box has the focus on a page without a question; on a phone that would throw up the keyboard.
  const params = new URLSearchParams(location.search);
  if (!params.get("v") && window.matchMedia("(pointer: fine)").matches) {
    let tries = 20;
    const focus = () => {
      const box = document.querySelector(".st-key-vraag input");
      if (box) box.focus({ preventScroll: true });
      else if (tries-- > 0) setTimeout(focus, 50);
    };
    focus();
  }
})();
