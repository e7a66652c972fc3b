// The palette: pages, what can be done on this page, and the conversations that the search knows.
(() => {
  "use strict";
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const field = document.getElementById("palette-text");
  const list = document.getElementById("palette-list");
  const none = document.getElementById("palette-none");
  const { rows, target, act } = window.parley;
  let shown = [];
  let chosen = 0;
  let asked = 0;
  let searches = true;

  // How well the letters of `typed` stand in `name`, in their order: 0 where they do not; whole and early is better.
  function fit(name, typed) {
    const where = name.toLowerCase();
    const wanted = typed.toLowerCase().replace(/\s+/g, "");
    if (!wanted) return 1;
    const whole = where.replace(/\s+/g, "").indexOf(wanted);
    if (whole >= 0) return 1000 - whole;
    let at = -1;
    let gaps = 0;
    for (const letter of wanted) {
      const next = where.indexOf(letter, at + 1);
      if (next < 0) return 0;
      gaps += at < 0 ? next : next - at - 1;
      at = next;
    }
    return Math.max(1, 500 - gaps * 10);
  }

  function own(typed) {
    const found = [];
    for (const row of rows) {
      const score = Math.max(fit(row.name, typed), fit(row.also, typed));
      if (!score || !target(row)) continue;
      found.push({ name: row.name, what: row.go ? list.dataset.page : list.dataset.action, keys: row.keys, row, score: score + (row.go ? 0 : 1) });
    }
    return found.sort((one, other) => other.score - one.score).slice(0, 12);
  }

  function draw() {
    list.replaceChildren(
      ...shown.map((each, number) => {
        const option = document.createElement("li");
        option.id = `palette-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", String(number === chosen));
        const name = document.createElement("span");
        name.textContent = each.name;
        const what = document.createElement("small");
        what.textContent = each.what;
        option.append(name, what);
        if (each.keys) {
          const keys = document.createElement("kbd");
          keys.textContent = each.keys;
          option.append(keys);
        }
        option.addEventListener("click", () => run(each));
        return option;
      }),
    );
    none.textContent = shown.length ? "" : none.dataset.words;
    field.setAttribute("aria-expanded", String(shown.length > 0));
    if (shown.length) field.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  function run(each) {
    dialog.close();
    if (each.address) location.assign(each.address);
    else if (each.row) requestAnimationFrame(() => act(each.row));
  }

  // The inbox's search answers with the part of its page that lists conversations; the links in it are what is offered.
  async function search(typed) {
    const number = (asked += 1);
    if (!searches || typed.trim().length < 2) return;
    await new Promise((done) => setTimeout(done, 180));
    if (number !== asked) return;
    const answer = await fetch(`/search?q=${encodeURIComponent(typed.trim())}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 404) searches = false;
    if (!answer?.ok || number !== asked) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    const links = new Map();
    for (const link of part.querySelectorAll('a[href^="/conversations/"]')) {
      const row = link.closest("[data-row], tr, li");
      const more = (row?.querySelector(".c-case") ?? row?.children[1])?.textContent ?? "";
      if (!links.has(link.getAttribute("href"))) links.set(link.getAttribute("href"), `${link.textContent} ${more}`.replace(/\s+/g, " ").trim());
    }
    const found = [...links].slice(0, 8).map(([address, name]) => ({ name, what: list.dataset.found, address }));
    shown = [...own(typed), ...found];
    chosen = Math.min(chosen, Math.max(0, shown.length - 1));
    draw();
  }

  function look() {
    chosen = 0;
    shown = own(field.value);
    draw();
    search(field.value);
  }

  new MutationObserver(() => {
    if (!dialog.open) return;
    field.value = "";
    look();
    field.focus();
  }).observe(dialog, { attributeFilter: ["open"] });
  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (event.isComposing) return;
    if (move && shown.length) {
      event.preventDefault();
      chosen = Math.abs(move) === 1 ? (chosen + move + shown.length) % shown.length : Math.min(shown.length - 1, Math.max(0, chosen + move));
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown[chosen]) run(shown[chosen]);
    }
  });
})();
