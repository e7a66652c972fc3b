// What helps an agent write: kept replies and names as one types, wordings put in place, who is typing, times for later.
(() => {
  "use strict";
  const csrf = () => document.querySelector('input[name="csrf"]')?.value ?? "";
  const send = (address) => fetch(address, { method: "POST", headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } });

  // Puts text where the caret is, or in place of what was typed to find it; nothing that was written is lost.
  function put(field, text, from = null, to = null) {
    const start = from ?? field.value.length;
    const before = field.value.slice(0, start);
    const gap = from === null && before.trim() ? "\n" : "";
    field.value = before + gap + text + field.value.slice(to ?? start);
    const at = start + gap.length + text.length;
    field.setSelectionRange(at, at);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const SIGNS = { "/": /(?:^|\n)\/([^\s/]{0,40})$/, "@": /(?:^|[\s(,，。])@([\w.-]{0,40})$/ };
  let list = null; // The open list: its field, what is to be replaced, and the option chosen.
  let asked = 0;

  function close() {
    if (!list) return;
    list.box.remove();
    list.field.removeAttribute("aria-activedescendant");
    list.field.removeAttribute("aria-controls");
    list = null;
  }

  function open(field, html, from, to) {
    close();
    const box = document.createElement("ul");
    box.id = `${field.id}-options`;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", field.dataset.choices);
    box.className = "options";
    box.innerHTML = html;
    field.before(box);
    field.setAttribute("aria-controls", box.id);
    field.setAttribute("aria-autocomplete", "list");
    list = { box, field, from, to, at: -1 };
    move(1);
  }

  const choices = () => [...list.box.querySelectorAll('[role="option"]:not([aria-disabled="true"])')];
  function move(by) {
    const all = choices();
    if (!all.length) return;
    list.at = (list.at + by + all.length) % all.length;
    all.forEach((each, place) => each.setAttribute("aria-selected", place === list.at ? "true" : "false"));
    list.field.setAttribute("aria-activedescendant", all[list.at].id);
    all[list.at].scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    const { field, from, to } = list;
    const { put: text, used } = option.dataset;
    close();
    put(field, text, from, to);
    if (used) send(used);
  }

  async function look(field) {
    const sign = field.dataset.sign;
    const caret = field.selectionStart;
    const found = field.value.slice(0, caret).match(SIGNS[sign]);
    if (!found || caret !== field.selectionEnd) return close();
    const turn = ++asked;
    const answer = await fetch(`${field.dataset.completes}?q=${encodeURIComponent(found[1])}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (turn !== asked || !answer?.ok) return;
    const html = await answer.text();
    if (turn === asked && document.activeElement === field) open(field, html, caret - found[1].length - 1, caret);
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-completes]")) look(field);
    if (field.matches("[data-typing]")) tell(field);
    if (field.id === "reply-due") mine(field);
  });

  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.field || event.isComposing) return;
    const chosen = choices()[list.at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.ctrlKey && !event.metaKey) choose(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("mousedown", (event) => {
    if (!list) return;
    const option = event.target.closest('[role="option"]');
    if (option && list.box.contains(option)) {
      event.preventDefault();
      if (option.getAttribute("aria-disabled") !== "true") choose(option);
    } else if (event.target !== list.field) close();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens-completer]");
    if (opener) {
      event.preventDefault();
      const field = document.getElementById(opener.dataset.opensCompleter);
      put(field, "/");
      return;
    }
    const given = event.target.closest("button[data-put]");
    if (given) {
      const field = document.getElementById("reply-text");
      if (!field) return;
      put(field, given.dataset.put);
      if (given.dataset.used) send(given.dataset.used);
      return;
    }
    const later = event.target.closest("[data-later]");
    if (later) {
      const due = document.getElementById("reply-due");
      due.value = later.dataset.later;
      due.closest("details").open = true;
      mine(due);
      due.focus();
    }
  });

  // The debtor's chat may show that somebody is writing: told at most every three seconds, and kept nowhere.
  let told = 0;
  function tell(field) {
    if (!field.value.trim() || field.value.startsWith("/") || Date.now() - told < 3000) return;
    told = Date.now();
    send(field.dataset.typing).catch(() => {});
  }

  const typing = document.getElementById("typing");
  let ends = 0;
  if (typing) {
    document.addEventListener(typing.dataset.topic, () => {
      if (!typing.textContent) typing.textContent = typing.dataset.words;
      clearTimeout(ends);
      ends = setTimeout(() => (typing.textContent = ""), 5000);
    });
  }

  // The moment typed in their time zone, said in mine.
  function mine(due) {
    const says = document.getElementById("reply-due-mine");
    if (!says) return;
    const at = inZone(due.value, due.dataset.theirZone);
    const shown = at?.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    says.textContent = shown ? says.dataset.words.replace("{}", shown) : "";
  }
  function inZone(local, zone) {
    const wanted = Date.parse(`${local}:00Z`);
    if (Number.isNaN(wanted)) return null;
    const off = (at) => {
      const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).formatToParts(at);
      const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
      return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:00Z`) - at;
    };
    const first = wanted - off(wanted);
    return new Date(wanted - off(first));
  }
  const due = document.getElementById("reply-due");
  if (due?.value) mine(due);
})();
