// The print button of Eerste dag. Only the browser can print, so the button stands there only where this runs.
(() => {
  if (window.zoekportaalPrint) return;
  window.zoekportaalPrint = true;
  document.documentElement.classList.add("zp-can-print");
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest(".zp-print")) window.print();
  });
})();
