// What Streamlit's containers cannot say of themselves: that buttons belong together, and that thanks are to be told.
(() => {
  if (window.zoekportaalFeedback) return;
  window.zoekportaalFeedback = true;

  const name = (selector, attributes) => {
    const part = document.querySelector(selector);
    if (!part) return;
    for (const [attribute, value] of Object.entries(attributes)) {
      if (part.getAttribute(attribute) !== value) part.setAttribute(attribute, value);
    }
  };

  // The buttons go away once the reader has answered; whoever came with the keyboard goes on from the thanks.
  let inside = false;
  document.addEventListener("focusin", (event) => {
    inside = event.target instanceof Element && Boolean(event.target.closest(".st-key-zp-feedback button"));
  });
  const mend = () => {
    const asked = document.querySelector(".st-key-zp-feedback-ask .zp-ask")?.textContent;
    if (asked) name(".st-key-zp-feedback-ask", { role: "group", "aria-label": asked });
    name(".st-key-zp-feedback-why", { role: "group", "aria-label": "Waarom niet?" });
    name(".st-key-zp-feedback-told", { role: "status", "aria-live": "polite" });
    if (inside && document.activeElement === document.body) {
      const told = document.querySelector(".st-key-zp-feedback-told .zp-told");
      if (told && told.textContent) {
        inside = false;
        told.focus({ preventScroll: true });
      }
    }
  };
  window.zoekportaalDrawn(mend);
})();
