// Beheer: files are sent by a form of our own. Without this it works too; the browser then shows how far it is.
(() => {
  if (window.zoekportaalBeheer) return;
  window.zoekportaalBeheer = true;
  const LARGEST = 200 * 1024 * 1024;

  document.addEventListener("submit", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form.zp-upload") : null;
    if (!form) return;
    const field = form.querySelector("input[type=file]");
    const button = form.querySelector("button");
    const size = [...field.files].reduce((sum, file) => sum + file.size, 0);
    if (size > LARGEST) {
      event.preventDefault();
      field.setCustomValidity("Samen zijn deze bestanden groter dan 200 MB.");
      field.reportValidity();
      return;
    }
    // a second press would send everything twice
    button.disabled = true;
    button.textContent = "Bezig met versturen …";
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches(".zp-upload input[type=file]")) {
      event.target.setCustomValidity("");
      const names = [...event.target.files].map((file) => file.name);
      const told = event.target.closest(".zp-drop").querySelector(".zp-chosen");
      told.textContent = names.length ? names.join(", ") : "Nog geen bestand gekozen";
    }
  });

  // A list that scrolls must be reachable with the keyboard.
  const mend = () => {
    for (const list of document.querySelectorAll(".zp-headings:not([tabindex])")) {
      if (list.scrollHeight > list.clientHeight) list.tabIndex = 0;
    }
  };
  window.zoekportaalDrawn(mend);
})();
