// The search page in the reader's browser: the question box completes what is typed, and filters stay open on a phone.
(() => {
  if (window.zoekportaalZoeken) return;
  window.zoekportaalZoeken = true;

  const SHORTEST = 2; // letters, as the server has it: fewer say nothing yet
  const ON_A_PHONE = 5; // suggestions: its keyboard takes half of the screen
  const WAIT = 120; // milliseconds of rest before a prefix is asked for

  let typed = ""; // what the list belongs to, or is being asked for
  let timer = 0;
  let asking = null; // the request under way; a newer one takes its place
  let offered = [];
  let active = -1;

  const box = () => document.querySelector(".st-key-vraag input");
  const isBox = (target) => target instanceof Element && target.matches(".st-key-vraag input");

  // The box becomes a combobox (WAI-ARIA 1.2). Streamlit draws it anew now and then, so this is seen to again.
  const list = () => {
    const input = box();
    if (!input) return null;
    const holder = input.closest(".st-key-vraag");
    let found = holder.querySelector(".zp-suggest");
    if (!found) {
      found = document.createElement("ul");
      found.id = "zp-suggest";
      found.className = "zp-suggest";
      found.setAttribute("role", "listbox");
      found.setAttribute("aria-label", "Suggesties");
      found.hidden = true;
      holder.append(found);
    }
    if (input.getAttribute("role") !== "combobox") {
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-controls", found.id);
    }
    return found;
  };

  // On a phone the keyboard covers the answer for as long as the box has the focus.
  const hasKeys = () => window.matchMedia("(pointer: fine)").matches;

  const isOpen = () => Boolean(document.querySelector(".zp-suggest:not([hidden])"));

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
    typed = "";
    offered = [];
    active = -1;
    const shown = document.querySelector(".zp-suggest");
    if (shown) shown.hidden = true;
    const input = box();
    input?.setAttribute("aria-expanded", "false");
    input?.removeAttribute("aria-activedescendant");
  };

  const activate = (place) => {
    active = place;
    const items = document.querySelectorAll(".zp-suggest li");
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === place)));
    if (place < 0) box()?.removeAttribute("aria-activedescendant");
    else {
      box()?.setAttribute("aria-activedescendant", items[place].id);
      items[place].scrollIntoView({ block: "nearest" });
    }
  };

  const open = (words) => {
    const shown = list();
    if (!shown || !words.length) {
      close();
      return;
    }
    offered = hasKeys() ? words : words.slice(0, ON_A_PHONE);
    shown.replaceChildren(
      ...offered.map((word, number) => {
        const item = document.createElement("li");
        item.id = `zp-suggest-${number}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = word; // a document's words: never as HTML
        return item;
      }),
    );
    shown.hidden = false;
    box().setAttribute("aria-expanded", "true");
    activate(-1);
  };

  const ask = async (prefix) => {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    try {
      // in the body: what is typed does not belong in the log of a proxy
      const address = new URL("aanvullen", document.baseURI);
      const answer = await fetch(address, { method: "POST", body: prefix, signal: mine.signal });
      const words = answer.ok ? await answer.json() : [];
      // late: the reader has typed on, asked the question, or left the box
      if (asking === mine && prefix === typed && document.activeElement === box()) open(words);
    } catch {
      // no suggestions then: the question can be asked without
    }
  };

  // Fill the box so that Streamlit's own code, which is React, sees it as typed; then ask as its button does.
  const choose = (word) => {
    const input = box();
    close();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, word);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close(); // that event asked for suggestions again
    setTimeout(() => {
      // Streamlit takes over what was typed when the box loses the focus; without that, the box would keep these words
      // when the reader goes back.
      input.blur();
      input.closest("form, [data-testid=stForm]")?.querySelector('[data-testid="stFormSubmitButton"] button')?.click();
      if (hasKeys()) input.focus({ preventScroll: true });
    }, 50);
  };

  document.addEventListener("input", (event) => {
    if (!isBox(event.target)) return;
    const prefix = event.target.value;
    const last = prefix.split(/[^\p{L}\p{N}]+/u).at(-1);
    if (last.length < SHORTEST) {
      close();
      return;
    }
    typed = prefix;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT, prefix);
  });

  // Before React hears of it: Enter on a suggestion is not yet the question.
  document.addEventListener(
    "keydown",
    (event) => {
      if (!isBox(event.target) || event.isComposing) return;
      if (event.key === "Enter") {
        if (isOpen() && active >= 0) {
          event.preventDefault();
          event.stopPropagation();
          choose(offered[active]);
        } else {
          close();
          if (!hasKeys()) setTimeout(() => box()?.blur(), 100);
        }
        return;
      }
      if (!isOpen()) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        // one place more than there are suggestions: the box itself
        const places = offered.length + 1;
        activate(((active + 1 + step + places) % places) - 1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (event.key === "Tab") close();
    },
    true,
  );

  // The box keeps the focus while the mouse or a finger chooses.
  document.addEventListener("pointerdown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(".zp-suggest")) event.preventDefault();
    else if (isOpen() && !isBox(target)) close();
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target instanceof Element && event.target.closest(".zp-suggest")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest(".zp-suggest li") : null;
    if (item) choose(item.textContent);
  });
  document.addEventListener("focusin", (event) => {
    if (isBox(event.target)) list();
  });
  document.addEventListener("focusout", (event) => {
    if (isBox(event.target)) close();
  });

  // A filter that is put on draws all filters anew: on a phone they would fold up again under the reader's finger.
  let unfolded = false;
  let question = "";
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("details.zp-fold")) unfolded = event.target.open;
    },
    true,
  );
  const mend = () => {
    const asked = new URLSearchParams(location.search).get("v") ?? "";
    if (asked !== question) unfolded = false;
    question = asked;
    for (const fold of document.querySelectorAll("details.zp-fold:not([data-seen])")) {
      fold.dataset.seen = "";
      if (unfolded) fold.open = true;
    }
    list();
  };
  window.zoekportaalDrawn(mend);
})();
