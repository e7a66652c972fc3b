// What a server-rendered page cannot do by itself. Everything works without it, only less comfortably.
(() => {
  "use strict";
  const year = 31536000;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const kept = document.cookie.match(/(?:^|; )parley_zone=([^;]*)/);
  if (!kept || decodeURIComponent(kept[1]) !== zone) {
    document.cookie = `parley_zone=${encodeURIComponent(zone)}; path=/; max-age=${year}; samesite=lax`;
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.form && field.matches("textarea")) {
      event.preventDefault();
      field.form.requestSubmit();
    }
    if (event.key === "Escape") {
      const open = field.closest?.("details.menu[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
    }
  });

  document.addEventListener("click", (event) => {
    const wording = event.target.closest("[data-wording]");
    if (wording) {
      const field = document.getElementById("reply-text");
      field.value = wording.dataset.wording;
      field.focus();
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  document.addEventListener("input", (event) => {
    const picked = event.inputType === undefined || event.inputType === "insertReplacementText";
    if (picked && event.target.value && event.target.matches("[data-picks]")) event.target.form.requestSubmit();
  });

  document.addEventListener("htmx:after:request", (event) => {
    const form = event.target;
    if (form.matches?.("form[data-clears]") && event.detail.ctx.response.status < 400) {
      form.reset();
      // Another sending of the same form is another one: its key is what makes a repeated one harmless.
      const key = form.elements.client_key;
      if (key) key.value = `again-${[...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16)).join("")}`;
    }
  });

  globalThis.htmx?.registerExtension("answers", {
    // What answers a form is put in place even where news of what it did has taken the form itself away by then.
    htmx_before_response: (_form, { ctx }) => {
      if (ctx.swap === "none" && ctx.target?.isConnected === false) ctx.target = document.getElementById("main");
    },
    // Who has gone on to another field meanwhile is not called back to the one that they wrote in.
    htmx_after_request: (form, { ctx }) => {
      const at = document.activeElement;
      const elsewhere = at?.matches("input, select, textarea") && !at.closest("#composer") && !form.contains?.(at);
      if (elsewhere) ctx.text = ctx.text.replaceAll(" autofocus", "");
    },
    // News of others leaves what one was told: only the answer to what one does next takes its place.
    htmx_before_morph_node: (place, { newNode }) => !place.matches?.(".told") || newNode.hasAttribute("data-answers"),
  });

  const lost = () => document.getElementById("connection")?.removeAttribute("hidden");
  const found = () => document.getElementById("connection")?.setAttribute("hidden", "");
  document.addEventListener("htmx:sse:error", lost);
  document.addEventListener("htmx:sse:after:connection", found);
})();
