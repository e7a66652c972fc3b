// <script src="https://chat.example/widget.js" data-code="..." data-label="Chat with us" defer></script>
// Shows a round button on the page that includes it; pressed, it opens the chat in a frame.
(() => {
  const script = document.currentScript;
  const code = script?.dataset.code;
  if (!code) return;
  const origin = new URL(script.src).origin;
  const chinese = (document.documentElement.lang || navigator.language).toLowerCase().startsWith("zh");
  const label = script.dataset.label || (chinese ? "在线沟通" : "Chat with us");
  const closing = chinese ? "关闭" : "Close";
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    button { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; width: 58px; height: 58px; border: 0; border-radius: 50%;
      background: #0f6b5c; color: #fff; box-shadow: 0 8px 26px rgb(0 0 0 / 26%); cursor: pointer; display: grid; place-items: center; }
    button:focus-visible { outline: 3px solid #8fd6c8; outline-offset: 3px; }
    svg { width: 28px; height: 28px; }
    iframe { position: fixed; right: 20px; bottom: 92px; z-index: 2147483000; width: min(400px, calc(100vw - 40px));
      height: min(640px, calc(100dvh - 120px)); border: 0; border-radius: 20px; background: #fff; box-shadow: 0 18px 60px rgb(0 0 0 / 28%); }
    iframe[hidden] { display: none; }
    @media (max-width: 480px) { iframe { inset: 0; width: 100vw; height: calc(100dvh - 92px); border-radius: 0; } }
  `);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  const draw = (open) => {
    button.setAttribute("aria-label", open ? closing : label);
    button.setAttribute("aria-expanded", String(open));
    const path = open ? "M6 6l12 12M18 6L6 18" : "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z";
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    const line = document.createElementNS(ns, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    for (const [name, value] of Object.entries({ d: path, fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" })) line.setAttribute(name, value);
    svg.append(line);
    button.replaceChildren(svg);
  };
  let frame = null;
  button.addEventListener("click", () => {
    if (frame) frame.hidden = !frame.hidden;
    else {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.src = `${origin}/c/${encodeURIComponent(code)}?embed=1`;
      root.append(frame);
    }
    draw(!frame.hidden);
  });
  draw(false);
  root.append(button);
  document.body.append(host);
})();
