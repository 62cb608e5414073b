// The reader's own collection: kept in this browser, shown in the menu, and always to be had as a link.
(() => {
  const KEY = "zoekportaal-verzameling"; // [[document, page, quote, note], …]
  const MOST = 50; // as MOST_ITEMS and LINK_LIMIT in _verzameling/collection.py
  const LONGEST = 8000;
  const FULL = `Niet bewaard: in uw verzameling passen ${MOST} passages. Haal er in Verzameling een weg, of neem haar mee `
    + "naar Word en wis haar daarna.";
  const TOO_LONG = "Niet bewaard: uw verzameling past dan niet meer in een link. Maak in Verzameling uw opmerkingen "
    + "korter, of haal er een passage weg.";

  if (window.zpCollecting) {
    window.zpCollecting();
    return;
  }

  let memory = "[]"; // instead of localStorage, where a browser refuses it
  let refused = false;
  let packed = { list: "[]", href: "./verzamelen" };
  let shown = null; // what stands on the page of the collection: { list, edits, own }
  const once = new Set(); // lists that were the reader's own since this page was loaded, before he changed them
  let next = []; // where the focus goes if drawing the page anew takes it away, the best first, as selectors
  let still = false; // and whether what he looks at stays where it is: with a mouse he may remove the next one too

  // ── The list ──────────────────────────────────────────────────────────────────────────────────────────────

  const readText = () => {
    try {
      if (!refused) return localStorage.getItem(KEY) || "[]";
    } catch {
      refused = true;
    }
    return memory;
  };

  // What stands in localStorage may be of an older version, or be touched by hand.
  const read = () => {
    try {
      const list = JSON.parse(readText());
      return list.filter((row) => Array.isArray(row) && typeof row[0] === "string" && Number.isInteger(row[1])
        && typeof row[2] === "string" && typeof row[3] === "string");
    } catch {
      return [];
    }
  };

  const write = (list) => {
    memory = JSON.stringify(list);
    try {
      localStorage.setItem(KEY, memory);
    } catch {
      refused = true;
    }
  };

  const placeOf = (list, item) => list.findIndex((row) => row[0] === item[0] && row[1] === item[1] && row[2] === item[2]);

  // ── As a link ─────────────────────────────────────────────────────────────────────────────────────────────

  const letters = (bytes) =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const hrefOf = async (list) => {
    if (!list.length) return "./verzamelen";
    const bytes = new TextEncoder().encode(JSON.stringify(list));
    try {
      const squeezed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
      return "./verzamelen?lijst=z" + letters(new Uint8Array(await new Response(squeezed).arrayBuffer()));
    } catch {
      return "./verzamelen?lijst=a" + letters(bytes); // a browser of before 2023
    }
  };

  // A change to one's own list takes the place of the one before in the history: 'back' leaves the page, instead of
  // showing every older state of it. Streamlit writes the address of a change itself, hence the detour.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const there = new URL(url ?? location.href, location.href);
    const stays = shown?.own && there.pathname === location.pathname && document.querySelector(".zp-collection");
    if (stays) history.replaceState(state, title, url);
    else push(state, title, url);
  };

  const go = (href, how) => {
    history[how]({}, "", new URL(href, location.href));
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };

  // ── What a reader hears and sees ──────────────────────────────────────────────────────────────────────────

  const status = document.createElement("div");
  status.className = "zp-said";
  status.setAttribute("role", "status");
  let silence = 0;

  const say = (words) => {
    // within the app, since its colours are defined there
    (document.querySelector(".stApp") || document.body).append(status);
    clearTimeout(silence);
    status.textContent = "";
    setTimeout(() => { status.textContent = words; }, 50); // the same words twice are two messages
    // time to read: a second for every 12 characters, five at the least
    silence = setTimeout(() => { status.textContent = ""; }, Math.max(5000, (words.length / 12) * 1000));
  };

  const set = (element, words) => {
    if (element.textContent !== words) element.textContent = words;
  };

  const itemOf = (anchor) => {
    const params = new URL(anchor.href).searchParams;
    const page = Number(params.get("pagina"));
    const name = params.get("document");
    return name && Number.isInteger(page) ? [name, page, (params.get("citaat") || "").trim(), ""] : null;
  };

  const markLinks = (list) => {
    for (const anchor of document.querySelectorAll("a.zp-keep")) {
      const item = itemOf(anchor);
      if (!item) continue;
      anchor.dataset.about ??= (anchor.getAttribute("aria-label") || "").replace(/^Bewaar: /, "");
      const kept = placeOf(list, item) >= 0;
      const words = kept ? "Bewaard" : "Bewaar";
      if (anchor.getAttribute("aria-pressed") === String(kept) && anchor.textContent === words) continue;
      anchor.setAttribute("role", "button");
      anchor.setAttribute("aria-pressed", String(kept));
      anchor.setAttribute("aria-label", `${words}: ${anchor.dataset.about}`);
      set(anchor, words);
    }
  };

  const markMenu = (list) => {
    const anchor = document.querySelector('.zp-header nav a[href^="./verzamelen"]');
    if (!anchor) return;
    set(anchor, list.length ? `Verzameling (${list.length})` : "Verzameling");
    if (anchor.getAttribute("href") !== packed.href) anchor.setAttribute("href", packed.href);
  };

  // ── The page of the collection ────────────────────────────────────────────────────────────────────────────

  const lookAtPage = () => {
    const part = document.querySelector(".zp-collection");
    if (!part) {
      shown = null;
      document.body.classList.remove("zp-shared-list");
      return;
    }
    const list = JSON.stringify(JSON.parse(part.dataset.list));
    const edits = Number(part.dataset.edits);
    if (shown?.own && edits > shown.edits) write(JSON.parse(list)); // changed on this page by its owner
    const own = list === JSON.stringify(read());
    const arrived = !shown;
    const came = shown?.list !== list;
    shown = { list, edits, own };
    if (own) once.add(list);
    const params = new URLSearchParams(location.search);
    const bare = arrived && list === "[]" && !own && !params.has("lijst") && !params.has("document");
    // the back button can lead to what was his own list: nobody shared that with him, so he gets it as it is now
    if (bare || (came && !own && once.has(list))) {
      hrefOf(read()).then((href) => go(href, "replaceState"));
      return;
    }
    const mine = read();
    const shared = list !== "[]" && !own;
    document.body.classList.toggle("zp-shared-list", shared);
    part.querySelector(".zp-shared").hidden = !shared;
    part.querySelector(".zp-add").hidden = JSON.parse(list).every((row) => placeOf(mine, row) >= 0);
    part.querySelector(".zp-not-kept").hidden = !(refused && own && mine.length);
    const link = part.querySelector(".zp-mine");
    link.hidden = !mine.length;
    set(link, `Naar mijn verzameling (${mine.length})`);
    if (link.getAttribute("href") !== packed.href) link.setAttribute("href", packed.href);
  };

  // Where to go on after a button was pressed: '2 omlaag' goes along with its passage; one that goes away has a
  // successor. A reader without a mouse would otherwise begin at the top of the page again.
  const after = (key) => {
    const [, what, name] = /^zp-zet-(omhoog|omlaag|weg)-(\w+)$/.exec(key) || [];
    const whole = ".zp-h1"; // undone: the list is as it was
    if (what === "weg" || key === "zp-wis-ja") return [".st-key-zp-ongedaan button", whole];
    if (what) return [`.st-key-${key} button`, `[class*="st-key-zp-zet-om"][class*="${name}"] button`];
    const successors = { "zp-wis": ".st-key-zp-wis-nee button", "zp-wis-nee": ".st-key-zp-wis button", "zp-ongedaan": whole };
    return key in successors ? [successors[key]] : [];
  };

  const giveFocusBack = () => {
    if (!next.length || (document.activeElement && document.activeElement !== document.body)) return;
    const element = next.map((one) => document.querySelector(`${one}:not(:disabled)`)).find(Boolean);
    if (!element) return;
    if (!element.matches("button")) element.tabIndex = -1;
    element.focus({ preventScroll: still });
  };

  const look = () => {
    lookAtPage();
    const list = read();
    const text = JSON.stringify(list);
    if (text !== packed.list) {
      packed = { list: text, href: packed.href };
      hrefOf(list).then((href) => {
        if (packed.list !== text) return;
        packed.href = href;
        look();
      });
    }
    markLinks(list);
    markMenu(list);
    giveFocusBack();
  };

  // ── What a reader does ────────────────────────────────────────────────────────────────────────────────────

  const toggle = async (anchor) => {
    const item = itemOf(anchor);
    if (!item) return;
    let list = read();
    if (placeOf(list, item) >= 0) {
      list.splice(placeOf(list, item), 1);
      write(list);
      look();
      return say("Weggehaald uit uw verzameling.");
    }
    if (list.length >= MOST) return say(FULL);
    if ((await hrefOf([...list, item])).length > LONGEST) return say(TOO_LONG);
    list = read(); // another click can have come between
    if (placeOf(list, item) < 0) list.push(item);
    write(list);
    look();
    say(`Bewaard. In uw verzameling: ${list.length}.`);
  };

  const addAll = async () => {
    const list = read();
    const before = list.length;
    for (const row of JSON.parse(document.querySelector(".zp-collection").dataset.list)) {
      if (placeOf(list, row) < 0) list.push(row);
    }
    const href = await hrefOf(list);
    if (list.length > MOST || href.length > LONGEST) {
      say(`Niet toegevoegd: samen wordt het te veel. In uw verzameling passen ${MOST} passages, en zij moet in een `
        + "link passen. Haal er eerst passages weg.");
      return;
    }
    write(list);
    go(href, "pushState");
    say(`Toegevoegd aan uw verzameling: ${list.length - before}.`);
  };

  // The clipboard is closed to pages without TLS and can be refused: then the old way, and else a field to copy from.
  const copy = async (button) => {
    const words = button.dataset.copy ?? location.href;
    try {
      await navigator.clipboard.writeText(words);
      say("Gekopieerd.");
      return;
    } catch {
      // goes on below
    }
    const field = document.createElement("textarea");
    field.className = "zp-copied";
    field.readOnly = true;
    field.value = words;
    field.setAttribute("aria-label", "Tekst om te kopiëren");
    if (button.nextElementSibling?.classList.contains("zp-copied")) button.nextElementSibling.remove();
    button.after(field);
    field.select();
    if (document.execCommand("copy")) {
      field.remove();
      button.focus();
      say("Gekopieerd.");
    } else {
      say("Kopieer de tekst in het veld zelf, bijvoorbeeld met Ctrl en C.");
    }
  };

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = event.target.closest("a.zp-keep");
    if (anchor) {
      event.preventDefault();
      toggle(anchor);
    }
    const button = event.target.closest("button");
    if (button?.classList.contains("zp-copy")) copy(button);
    if (button?.classList.contains("zp-add")) addAll();
    const key = /st-key-(zp-\S+)/.exec(button?.closest('[class*="st-key-zp-"]')?.className);
    next = key ? after(key[1]) : [];
    still = event.detail > 0 && key?.[1].startsWith("zp-zet-weg-");
    if (still) say("Weggehaald. Bovenaan de lijst kunt u dat ongedaan maken.");
  });
  document.addEventListener("keydown", (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('a.zp-keep[role="button"]') : null;
    if (anchor && event.key === " ") {
      event.preventDefault(); // a button listens to the space bar, and the page does not scroll
      toggle(anchor);
    }
    if (event.key === "Tab") next = [];
  });
  // Another tab changed the list: follow it, also on the page of the collection if that shows the reader's own.
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY && event.key !== null) return;
    if (shown?.own) hrefOf(read()).then((href) => go(href, "replaceState"));
    look();
  });
  window.zpCollecting = look;
  window.zoekportaalDrawn(look);
})();
