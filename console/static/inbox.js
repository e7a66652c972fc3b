// How long each one waits, counted on between the answers of the server, and the words for it.
(() => {
  "use strict";
  const filled = (text, values) => text.replace(/\{([dhm])\}/g, (_, name) => values[name]);

  function told(minutes, words) {
    if (minutes < 1) return words.now;
    if (minutes < 60) return filled(words.minutes, { m: minutes });
    if (minutes < 1440) return filled(words.hours, { h: Math.floor(minutes / 60), m: minutes % 60 });
    const days = Math.floor(minutes / 1440);
    return days === 1 ? words.day : filled(words.days, { d: days });
  }

  function tick() {
    const list = document.querySelector("[data-ages]");
    if (!list || document.hidden) return;
    for (const time of list.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
      const text = told(Math.floor(seconds / 60), list.dataset);
      if (time.textContent !== text) time.textContent = text;
      const wait = time.closest(".wait");
      if (!wait) continue;
      const state = seconds >= Number(wait.dataset.late) ? "late" : seconds >= Number(wait.dataset.soon) ? "soon" : "fine";
      if (wait.classList.contains(state)) continue;
      wait.classList.remove("fine", "soon", "late");
      wait.classList.add(state);
      wait.querySelector("[data-wait]").textContent = list.dataset[state];
    }
  }

  setInterval(tick, 5000);
  document.addEventListener("visibilitychange", tick);
})();
