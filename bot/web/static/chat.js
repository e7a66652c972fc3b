// The chat: shows what has been delivered, sends what is written, and survives a lost connection without losing or
// doubling anything: every message has an id, and every message of one's own a key that the server takes only once.
import { WORDS } from "./chat-words.js";

const MOST = 4096;
const body = document.body;
const base = body.dataset.base;
const $ = (id) => document.getElementById(id);
const [log, scroll, text, send, chips, banner, hint] = ["log", "scroll", "text", "send", "chips", "banner", "hint"].map($);
const seen = new Map(); // Message id to its row.
const own = new Map(); // Key to the row of a message that is on its way.
let language = body.dataset.language === "zh" ? "zh" : "en";
let last = 0;
let state = null;
let lastDay = "";
let stream = null;
let retry = 0;
let polls = 0;
let gone = false;
let buttons = [];
let skew = 0;

const say = (key, ...values) => {
  const words = WORDS[language][key];
  return typeof words === "function" ? words(...values) : words;
};
const make = (tag, className, content) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
};
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const locale = () => (language === "zh" ? "zh-CN" : navigator.languages.find((tag) => tag.startsWith("en")) ?? "en");
const now = () => new Date(Date.now() + skew); // The server's time: a phone's clock may be wrong.

function dress() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  const put = { label: "label", "text-label": "text", "typing-words": "typing", "newest-words": "newest", person: "person" };
  for (const [id, key] of Object.entries(put)) $(id).textContent = say(key);
  text.placeholder = say("text");
  send.setAttribute("aria-label", say("send"));
  $("attach").setAttribute("aria-label", say("attach"));
  chips.setAttribute("aria-label", say("choices"));
  $("language").textContent = say("other");
  $("language").setAttribute("aria-label", say("otherName"));
  $("language").lang = language === "zh" ? "en" : "zh-CN";
  showStatus();
}

function showStatus() {
  const holder = state?.holder ?? "bot";
  const words = holder === "agent" ? say("held", state.agent ?? "") : say(holder === "queue" ? "queue" : "assistant");
  $("status").textContent = words;
  body.dataset.holder = holder;
  $("person").hidden = holder !== "bot";
}

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 90;
function toEnd(smooth = true) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroll.scrollTo({ top: scroll.scrollHeight, behavior: smooth && !still ? "smooth" : "instant" });
}

// Links become links; everything else stays the text that it is.
function fill(bubble, words) {
  let trim = false;
  for (const part of words.split(/(https?:\/\/[^\s<>"'，。；、）)]+)/)) {
    if (!/^https?:\/\//.test(part)) {
      bubble.append(trim ? part.replace(/^\n+/, "") : part);
      continue;
    }
    const isCopy = /^https?:\/\/[^/]+\/p\/[\w-]+$/.test(part);
    const link = make("a", isCopy ? "copy" : "", isCopy ? say("copy") : part.replace(/^https?:\/\//, ""));
    trim = isCopy;
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    bubble.append(link);
  }
}

function dayMark(at) {
  const key = at.toDateString();
  if (key === lastDay) return;
  lastDay = key;
  const days = Math.round((now().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
  const date = at.toLocaleDateString(locale(), { day: "numeric", month: "long", weekday: "short" });
  log.append(make("p", "mark", days === 0 ? say("today") : days === 1 ? say("yesterday") : date));
}

function build(message) {
  const mine = message.from === "debtor";
  const row = make("div", `row ${mine ? "me" : "them"} from-${message.from}`);
  const previous = log.lastElementChild;
  const named = message.from === "agent" && previous?.dataset.name !== `a:${message.name}`;
  row.dataset.name = mine ? "me" : message.from === "agent" ? `a:${message.name}` : "bot";
  if (named && message.name) row.append(make("span", "name", message.name));
  const bubble = make("div", "bubble");
  bubble.append(make("span", "hidden", `${mine ? say("you") : message.from === "agent" ? message.name : say("bot")}: `));
  if (["picture", "file", "voice", "sticker", "location"].includes(message.kind)) {
    bubble.classList.add("medium");
    bubble.append(message.text || say(message.kind === "picture" ? "picture" : "file"));
    if (message.file) {
      const link = make("a", "copy", say("open"));
      link.href = `${base}/files/${message.file.id}`;
      link.download = message.file.name;
      bubble.append(" ", link);
    }
  } else fill(bubble, message.text);
  const at = new Date(message.at);
  const time = make("time", "", at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false }));
  time.dateTime = message.at;
  bubble.append(time);
  row.append(bubble);
  return row;
}

function show(message) {
  if (seen.has(message.id)) return;
  last = Math.max(last, message.id);
  const pending = message.key ? own.get(message.key) : null;
  if (pending) {
    own.delete(message.key);
    pending.row.classList.remove("pending", "failed");
    seen.set(message.id, pending.row);
    buttons = [];
    return showChips();
  }
  const follow = atEnd();
  dayMark(new Date(message.at));
  const row = build(message);
  seen.set(message.id, row);
  log.append(row);
  if (message.from === "debtor") buttons = [];
  else buttons = message.buttons ?? [];
  showChips();
  if (follow) requestAnimationFrame(() => toEnd(seen.size > 3));
  else $("newest").hidden = false;
  if (message.from !== "debtor") setTimeout(tellSeen, 400);
}

// Told once for each message of the other side, and only while the page is looked at.
let told = 0;
function tellSeen() {
  if (document.hidden || gone || last <= told) return;
  told = last;
  const json = JSON.stringify({ last });
  fetch(`${base}/seen`, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: json }).catch(() => {});
}

function note(words) {
  log.append(make("p", "mark note", words));
  if (atEnd()) toEnd();
}

function showState(told) {
  if (!told) return;
  const before = state;
  state = told;
  if (told.language !== before?.language && told.language !== language && before) language = told.language;
  else if (!before) language = told.language === "zh" ? "zh" : "en";
  dress();
  if (before && told.holder !== before.holder) {
    if (told.holder === "agent") note(say("joined", told.agent ?? ""));
    else if (told.holder === "queue") note(say("waiting"));
    else if (before.holder === "agent") note(say("left"));
  }
  if (told.closed && !before?.closed) note(say("closed"));
  const follow = atEnd();
  $("typing").hidden = !told.answering;
  if (told.answering && follow) toEnd();
}

function showChips() {
  chips.replaceChildren();
  for (const { value, label } of buttons) {
    const chip = make("button", "chip", label);
    chip.type = "button";
    if (value === "human") chip.classList.add("way-out");
    chip.addEventListener("click", () => deliver({ press: value }, label));
    chips.append(chip);
  }
}

async function post(path, key, options) {
  const answer = await fetch(`${base}/${path}`, { method: "POST", credentials: "same-origin", ...options });
  if (answer.ok) return null;
  if (answer.status >= 500) throw new Error(key); // As good as cut off: it is tried again under the same key.
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 410 || answer.status === 404) ended();
  const problem = new Error(key);
  problem.hint = typeof told.hint === "string" ? told.hint : say("fallback");
  throw problem;
}

// Shown at once, then confirmed by the stream. A try that was cut off is repeated with the same key.
async function deliver(what, words, key = newKey()) {
  const known = own.get(key);
  const at = now();
  if (!known) {
    dayMark(at);
    const row = build({ from: "debtor", kind: "text", text: words, at: at.toISOString() });
    row.classList.add("pending");
    log.append(row);
    own.set(key, { row });
    buttons = [];
    showChips();
    toEnd();
  }
  const { row } = own.get(key);
  row.classList.remove("failed");
  row.classList.add("pending");
  row.querySelector(".retry")?.remove();
  for (let attempt = 0; ; attempt += 1) {
    try {
      const json = JSON.stringify({ client_key: key, ...what });
      await post("messages", key, { headers: { "Content-Type": "application/json" }, body: json });
      row.classList.remove("pending");
      if (stream === null) poll();
      return;
    } catch (problem) {
      if (!own.has(key)) return;
      if (problem.hint) {
        own.delete(key);
        row.remove();
        return refuse(problem.hint, what.text);
      }
      if (attempt === 4) break;
      await new Promise((done) => setTimeout(done, 700 * 2 ** attempt));
    }
  }
  row.classList.add("failed");
  const again = make("button", "retry", say("failed"));
  again.type = "button";
  again.addEventListener("click", () => deliver(what, words, key));
  row.append(again);
}

function refuse(words, kept) {
  hint.textContent = words;
  hint.hidden = false;
  if (kept && !text.value) text.value = kept;
  size();
}

async function upload(file) {
  if (!file) return;
  if (!/^(image\/(jpeg|png|webp)|application\/pdf)$/.test(file.type)) return refuse(say("kind"));
  if (file.size > 10 * 1024 * 1024) return refuse(say("big"));
  const form = new FormData();
  const key = newKey();
  form.append("file", file, file.name || "picture");
  dayMark(now());
  const row = build({ from: "debtor", kind: "picture", text: file.name, at: now().toISOString() });
  row.classList.add("pending");
  log.append(row);
  own.set(key, { row });
  toEnd();
  try {
    await post("files", key, { headers: { "X-Client-Key": key }, body: form });
    row.classList.remove("pending");
  } catch (problem) {
    own.delete(key);
    row.remove();
    refuse(problem.hint ?? say("fallback"));
  }
}

function size() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 148)}px`;
  send.disabled = gone || !text.value.trim();
}

function submit() {
  const words = text.value.trim();
  if (!words || gone) return;
  if ([...words].length > MOST) return refuse(say("long"));
  hint.hidden = true;
  text.value = "";
  size();
  deliver({ text: words }, words);
}

function ended() {
  gone = true;
  stream?.close();
  stream = null;
  warn(say("gone"));
  text.disabled = true;
  size();
}

function warn(words) {
  banner.textContent = words ?? "";
  banner.hidden = !words;
}

async function poll() {
  const answer = await fetch(`${base}/messages?after=${last}`, { credentials: "same-origin" });
  if (answer.status === 410 || answer.status === 404) return ended();
  if (!answer.ok) throw new Error("not read");
  const told = await answer.json();
  told.messages.forEach(show);
  showState(told.state);
}

// A person on the other side may see that something is being written; it is told at most every three seconds.
let typed = 0;
function tellTyping() {
  if (gone || state?.holder !== "agent" || !text.value.trim() || Date.now() - typed < 3000) return;
  typed = Date.now();
  fetch(`${base}/typing`, { method: "POST", credentials: "same-origin", keepalive: true }).catch(() => {});
}

let typingEnds = 0;
function showTyping() {
  if (state?.holder !== "agent") return;
  const follow = atEnd();
  $("typing").hidden = false;
  if (follow) toEnd();
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => ($("typing").hidden = !state?.answering), 5000);
}

// One stream at a time. Where none can be held open, messages are asked for instead.
function connect() {
  if (gone) return;
  clearTimeout(retry);
  stream?.close();
  const opened = new EventSource(`${base}/events?after=${last}`);
  stream = opened;
  opened.addEventListener("open", () => {
    polls = 0;
    warn(null);
  });
  opened.addEventListener("message", (event) => show(JSON.parse(event.data)));
  opened.addEventListener("clock", (event) => (skew = Date.parse(JSON.parse(event.data).now) - Date.now()));
  opened.addEventListener("state", (event) => showState(JSON.parse(event.data)));
  opened.addEventListener("typing", showTyping);
  opened.addEventListener("gone", ended);
  opened.addEventListener("error", () => {
    if (gone || stream !== opened) return;
    opened.close();
    stream = null;
    polls += 1;
    if (polls > 1) warn(navigator.onLine ? say("again") : say("offline"));
    poll().then(() => polls < 3 || warn(null), () => {});
    retry = setTimeout(connect, Math.min(400 * 2 ** polls, 8000));
  });
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  text.focus();
});
text.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter belongs to it (229 is how Safari says so).
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
text.addEventListener("input", () => {
  hint.hidden = [...text.value].length <= MOST;
  hint.textContent = hint.hidden ? "" : say("long");
  size();
  tellTyping();
});
text.addEventListener("paste", (event) => {
  const file = [...(event.clipboardData?.files ?? [])][0];
  if (!file) return;
  event.preventDefault();
  upload(file);
});
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  upload($("file").files[0]);
  $("file").value = "";
});
$("person").addEventListener("click", () => deliver({ press: "human" }, say("person")));
$("language").addEventListener("click", () => deliver({ text: say("askOther") }, say("askOther")));
$("newest").addEventListener("click", () => toEnd());
scroll.addEventListener("scroll", () => { if (atEnd()) $("newest").hidden = true; }, { passive: true });
addEventListener("offline", () => warn(say("offline")));
addEventListener("online", connect);
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (stream === null) connect();
  tellSeen();
});

dress();
connect();
if (!body.classList.contains("framed") && matchMedia("(pointer: fine)").matches) text.focus();
