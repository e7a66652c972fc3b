// A person is called for, a debtor answers: a count in the tab's title, a notice of the desktop, a tone. The doorbell
// rings, one tab of the browser asks what it was, at most every two seconds, and tells the other tabs. Whoever goes from
// page to page misses nothing that came in between, and is called to nothing twice.
(() => {
  "use strict";
  const at = document.getElementById("alerts");
  if (!at) return;
  const EVERY_MS = 2000;
  const GESTURES = ["pointerup", "keydown"];
  const KEPT = `parley-alerts-${at.dataset.me}`;
  const BETWEEN_PAGES_MS = 60000;
  const MOST_KEPT = 50;
  const title = document.title;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("parley-alerts") : null;
  let told = new Set();
  let after = at.dataset.after;
  let asking = false;
  let again = false;
  let sounds = null;
  let waiting = null;

  // What the page before knew, unless it was closed long ago: then all before this page counts as known.
  function recall() {
    let last = null;
    try {
      last = JSON.parse(localStorage.getItem(KEPT));
    } catch {
      // A browser that keeps nothing calls from the moment that a page was opened.
    }
    if (last && Date.now() - last.at < BETWEEN_PAGES_MS) [after, told] = [last.after, new Set(last.told)];
  }

  function remember() {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ after, told: [...told].slice(-MOST_KEPT), at: Date.now() }));
    } catch {
      // The same.
    }
  }

  function count(number) {
    document.title = number ? `(${number > 99 ? "99+" : number}) ${title}` : title;
  }

  // Two short tones, made here; browsers let a page sound only once somebody has pressed something on it.
  function tone() {
    const context = sounds;
    if (context?.state !== "running") return;
    [660, 880].forEach((pitch, number) => {
      const [source, volume] = [context.createOscillator(), context.createGain()];
      const start = context.currentTime + number * 0.14;
      source.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.13);
      source.connect(volume).connect(context.destination);
      source.start(start);
      source.stop(start + 0.15);
    });
  }

  function wake() {
    if (!("AudioContext" in window) || navigator.userActivation?.isActive === false) return;
    sounds ??= new AudioContext();
    if (sounds.state === "suspended") sounds.resume();
    for (const kind of GESTURES) document.removeEventListener(kind, wake);
  }

  // Where somebody looks at that conversation already, nothing has to call them.
  const looksAt = (address) => document.visibilityState === "visible" && document.hasFocus() && location.pathname === address;

  function call(news) {
    const fresh = news.filter((each) => !told.has(each.key) && !looksAt(each.address));
    for (const each of news) told.add(each.key);
    if (!fresh.length) return;
    if ("sound" in at.dataset) tone();
    if (!("notify" in at.dataset) || !("Notification" in window) || Notification.permission !== "granted") return;
    for (const each of fresh.slice(0, 3)) {
      const notice = new Notification(each.title, { body: each.words, tag: each.key, icon: document.querySelector('link[rel="icon"]').href });
      notice.addEventListener("click", () => {
        window.focus();
        location.assign(each.address);
      });
    }
  }

  async function ask() {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    const answer = await fetch(`${at.dataset.alerts}?after=${encodeURIComponent(after)}`).catch(() => null);
    if (answer?.ok && answer.headers.get("content-type")?.includes("json")) {
      const said = await answer.json();
      after = said.after;
      waiting = said.waiting;
      count(waiting);
      others?.postMessage({ waiting });
      call(said.news);
      remember();
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
    asking = false;
    if (again) {
      again = false;
      ask();
    }
  }

  others?.addEventListener("message", (event) => {
    if (event.data.waiting !== undefined) count(event.data.waiting);
    else if (waiting !== null) others.postMessage({ waiting });
  });
  others?.postMessage({});
  if ("sound" in at.dataset) for (const kind of GESTURES) document.addEventListener(kind, wake, { passive: true });

  // One tab listens for all of them; when it closes, the next one takes over.
  function listen() {
    recall();
    window.addEventListener("pagehide", remember);
    document.body.addEventListener("queue", ask);
    document.body.addEventListener(`notices:${at.dataset.me}`, ask);
    ask();
    return new Promise(() => {});
  }
  if (navigator.locks) navigator.locks.request("parley-alerts", listen);
  else listen();
  for (const button of document.querySelectorAll("[data-asks-notices]")) {
    const state = document.getElementById(button.dataset.asksNotices);
    const tell = () => {
      const now = "Notification" in window ? Notification.permission : "denied";
      state.textContent = state.dataset[now];
      button.hidden = now !== "default";
    };
    tell();
    button.addEventListener("click", () => Notification.requestPermission().then(tell));
  }
  document.querySelector("[data-tries-sound]")?.addEventListener("click", () => {
    wake();
    setTimeout(tone, 60);
  });
})();
