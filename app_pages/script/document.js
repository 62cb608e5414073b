// The document page: brings the marked words into view, keeps the keyboard's place when a page is turned, and unfolds
// the outline where it stands at the side. Everything can be read and clicked without it.
(() => {
  if (window.zoekportaalDocument) return;
  window.zoekportaalDocument = true;

  const wide = window.matchMedia("(min-width: 64rem)"); // as in document.css
  // Keys of the links by which a reader steps: '<' and '>' without shift, which no browser's own menu uses.
  const KEYS = { 'a[rel="prev"]': ",", 'a[rel="next"]': "." };
  const STEPS = ['a[rel="prev"]', 'a[rel="next"]', ".zp-hit-previous", ".zp-hit-next", ".zp-zoom a[aria-current]"];

  let shown = null; // the page as it was last put in order
  let place = ""; // what was last brought into view
  let stepped = ""; // the kind of link that was last followed

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
    const isSeen = top >= 0 && Math.min(bottom, top + 120) <= window.innerHeight;
    if (!isSeen) main.scrollBy({ top: top - (sheet ? 80 : window.innerHeight / 3), behavior: "instant" });
  };

  const keepFocus = (root) => {
    const again = stepped && (document.activeElement === document.body || !document.activeElement)
      ? root.querySelector(stepped) : null;
    stepped = "";
    again?.focus({ preventScroll: true });
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
    for (const [selector, key] of Object.entries(KEYS)) {
      const step = root.querySelector(selector);
      if (!step) continue;
      step.accessKey = key;
      step.title = `Toegangstoets: ${key === "," ? "komma" : "punt"}`;
    }
    const isElsewhere = root.dataset.place !== place;
    place = root.dataset.place;
    intoView(root, isElsewhere);
    keepFocus(root);
  };

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(".zp-document a") : null;
    if (!link) return;
    stepped = link.closest(".zp-zoom") ? ".zp-zoom a[aria-current]" : STEPS.find((step) => link.matches(step)) || "";
  }, true);
  wide.addEventListener("change", () => shown && outline(shown));
  new MutationObserver(arrange).observe(document.body, { childList: true, subtree: true });
  arrange();
})();
