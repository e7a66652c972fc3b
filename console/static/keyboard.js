// The keyboard: what each key does stands in the dialog that lists them; here it is done.
(() => {
  "use strict";
  const keys = document.getElementById("keys");
  if (!keys) return;
  const letters = document.documentElement.dataset.letters !== "off";
  const table = JSON.parse(document.getElementById("keys-table").textContent);
  const rows = table.flatMap((group) => group.rows).filter((row) => row.at || row.go);
  const bound = new Map(rows.filter((row) => row.keys).map((row) => [row.keys, row]));
  const opening = new Set([...bound.keys()].filter((each) => each.includes(" ")).map((each) => each[0]));
  let before = "";
  let since = 0;

  const writes = (at) => at.isContentEditable || at.matches?.("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
  const seen = (at) => at && at.checkVisibility();

  // What a row acts on, where that is on the page now.
  function target(row) {
    if (row.go) return document.body;
    return [...document.querySelectorAll(row.at)].find((each) => seen(each) && !each.disabled) ?? null;
  }

  function act(row) {
    const at = target(row);
    if (!at) return false;
    if (row.go) location.assign(row.go);
    else if (at.matches("details")) {
      at.open = true;
      (at.querySelector("textarea, select, input:not([type=hidden])") ?? at.querySelector("button") ?? at).focus();
    } else if (at.matches("button, a[href], summary")) {
      at.focus();
      at.click();
    } else {
      at.scrollIntoView({ block: "nearest" });
      at.focus();
    }
    return true;
  }

  // Lists: a row is what says so; what opens it takes the focus, so that Enter is the browser's own.
  const opener = (row) => (row.matches("a[href]") ? row : row.querySelector("[data-open], a.stretched, a[href]"));
  function step(by) {
    const main = document.getElementById("main");
    const marked = [...main.querySelectorAll("[data-row]")];
    const rows = (marked.length ? marked : [...main.querySelectorAll("table.rows tbody tr")]).filter((row) => seen(row) && opener(row));
    if (!rows.length) return false;
    const now = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by))];
    opener(next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  const make = (tag, ...inside) => {
    const made = document.createElement(tag);
    made.append(...inside);
    return made;
  };
  function list() {
    const sections = table.map((group) => {
      const listed = make("dl", ...group.rows.filter((row) => row.keys).map((row) => {
        const pressed = row.keys.split(" ").flatMap((key) => [make("kbd", key), " "]);
        return make("div", make("dt", ...pressed), make("dd", row.name));
      }));
      listed.className = "facts";
      return make("section", make("h3", group.heading), listed);
    });
    document.getElementById("keys-list").replaceChildren(...sections);
  }

  function show(dialog) {
    if (dialog === keys) list();
    if (dialog && !dialog.open && !document.querySelector("dialog[open]")) dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-opens]");
    if (opens) show(document.getElementById(opens.dataset.opens));
    const dialog = event.target;
    if (dialog.matches?.("dialog.sheet[open]")) {
      const box = dialog.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) dialog.close();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show(document.getElementById("palette"));
      return;
    }
    const field = event.target;
    if (event.key === "Escape" && writes(field) && !field.closest("dialog, details.menu[open]")) {
      field.blur();
      document.getElementById("main").focus({ preventScroll: true });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writes(field) || document.querySelector("dialog[open]")) return;
    if (!letters) return;
    const pair = event.timeStamp - since < 1500 ? `${before} ${event.key}` : "";
    before = "";
    if (pair && bound.has(pair)) {
      if (act(bound.get(pair))) event.preventDefault();
    } else if (opening.has(event.key)) {
      before = event.key;
      since = event.timeStamp;
    } else if (event.key === "?") {
      event.preventDefault();
      show(keys);
    } else if (event.key === "j" || event.key === "k") {
      if (step(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (bound.has(event.key) && act(bound.get(event.key))) event.preventDefault();
  });

  window.parley = { ...window.parley, rows, target, act, show };
})();
