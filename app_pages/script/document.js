// The document page: brings the marked words into view, keeps the keyboard's place when a page is turned, and unfolds
// the outline where it stands at the side. Everything can be read and clicked without it.
(() => {
  if (window.zoekportaalDocument) return;
  window.zoekportaalDocument = true;

  const wide = window.matchMedia("(min-width: 64rem)"); // as in document.css
  // Keys by which a reader turns the page, where they do nothing else: a wide picture scrolls by them.
  const KEYS = { ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]' };
  const NAMES = { ArrowLeft: "Ook met de toets ←", ArrowRight: "Ook met de toets →" };
  const TAKES_KEYS = "input, textarea, select, [contenteditable], [role=dialog], .zp-scrolls";
  // Links that lead to another view of the document, and what has the keyboard's place in that view.
  const STEPS = {
    'a[rel="prev"]': 'a[rel="prev"]',
    'a[rel="next"]': 'a[rel="next"]',
    ".zp-hit-previous": ".zp-hit-previous",
    ".zp-hit-next": ".zp-hit-next",
    ".zp-zoom a": ".zp-zoom a[aria-current]",
    ".zp-number": ".zp-number[aria-current]",
    ".zp-goto a": '.zp-goto input[type="number"]',
    ".zp-outline a": ".zp-outline a[aria-current]",
  };

  let shown = null; // the page as it was last put in order
  let place = ""; // what was last brought into view
  let stepped = ""; // what gets the focus when the next view is there

  const intoView = (root, isElsewhere) => {
    const find = (selectors) => selectors.map((one) => root.querySelector(one)).find(Boolean);
    const target = find([".zp-on-quote", ".zp-on-section", ".zp-page-text mark", "[data-here]"]);
    if (!target) return;
    const sheet = target.closest(".zp-scrolls");
    if (sheet) {
      const [room, mark] = [sheet.getBoundingClientRect(), target.getBoundingClientRect()];
      sheet.scrollTop += mark.top - room.top - sheet.clientHeight / 3;
      // the beginning of a line, also where the line is wider than the room
      sheet.scrollLeft += mark.left - room.left - Math.max(12, (sheet.clientWidth - mark.width) / 2);
    }
    const main = document.querySelector('[data-testid="stMain"]');
    if (!isElsewhere || !main) return;
    const { top, bottom } = (sheet || target).getBoundingClientRect();
    const bar = root.querySelector(".zp-places")?.offsetHeight ?? 0; // it lies over what scrolls beneath it
    const isSeen = top >= bar && Math.min(bottom, top + 120) <= window.innerHeight;
    if (!isSeen) main.scrollBy({ top: top - (sheet ? 80 : window.innerHeight / 3), behavior: "instant" });
  };

  const keepFocus = (root) => {
    const isLost = document.activeElement === document.body || !document.activeElement;
    const again = stepped && isLost ? root.querySelector(stepped) : null;
    stepped = "";
    // on a phone the outline folds when something in it was chosen
    const folded = again?.closest("details:not([open])")?.querySelector("summary");
    (folded || again)?.focus({ preventScroll: true });
  };

  const outline = (root) => {
    const list = root.querySelector(".zp-outline");
    if (!list) return;
    list.open = wide.matches;
    const present = list.querySelector("[aria-current]");
    if (list.open && present) list.scrollTop = present.offsetTop - list.offsetTop - list.clientHeight / 3;
  };

  const arrange = () => {
    const root = document.querySelector(".zp-document");
    if (!root) {
      [shown, place] = [null, ""];
      return;
    }
    if (root === shown) return;
    shown = root;
    outline(root);
    for (const [key, selector] of Object.entries(KEYS)) {
      for (const step of root.querySelectorAll(selector)) step.title = NAMES[key];
    }
    const isElsewhere = root.dataset.place !== place;
    place = root.dataset.place;
    intoView(root, isElsewhere);
    keepFocus(root);
  };

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(".zp-document a") : null;
    if (link) stepped = Object.entries(STEPS).find(([kind]) => link.matches(kind))?.[1] || "";
  }, true);
  // The number of a page: as if a link to that page had been clicked.
  document.addEventListener("submit", (event) => {
    const form = event.target instanceof Element ? event.target.closest(".zp-goto") : null;
    if (!form) return;
    event.preventDefault();
    const anchor = document.createElement("a");
    anchor.className = "zp-link";
    anchor.href = `document?${new URLSearchParams(new FormData(form))}`;
    form.append(anchor);
    anchor.click();
    anchor.remove();
  });
  document.addEventListener("keydown", (event) => {
    const step = KEYS[event.key] && shown?.isConnected ? shown.querySelector(KEYS[event.key]) : null;
    if (!step || event.defaultPrevented || event.repeat) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TAKES_KEYS)) return;
    event.preventDefault();
    step.click();
  });
  wide.addEventListener("change", () => shown && outline(shown));
  window.zoekportaalDrawn(arrange);
})();
