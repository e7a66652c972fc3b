// Says how many conversations are chosen on the wall, also after the list has been fetched anew.
(() => {
  "use strict";
  const say = () => {
    const place = document.querySelector("[data-chosen]");
    if (!place) return;
    const chosen = document.querySelectorAll('#wall input[name="id"]:checked').length;
    place.textContent = chosen ? String(chosen) : "";
  };
  document.addEventListener("change", say);
  document.addEventListener("htmx:after:swap", say);
})();
