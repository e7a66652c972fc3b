// Draws the charts of reports. What they show stands in the tables beside them, so nothing is lost without it.
(() => {
  "use strict";
  const NARROW = 520;
  const probe = document.createElement("span");
  probe.hidden = true;
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const looks = () => [
    { stroke: colour("--accent"), dash: [], fill: colour("--accent"), size: 6 },
    { stroke: colour("--bot-ink"), dash: [9, 5], fill: colour("--card"), size: 9 },
  ];
  const shortened = (value, unit) => {
    const text = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
    return text.format(value) + (unit === "%" ? "%" : "");
  };
  const axis = (more) => ({
    stroke: colour("--ink-2"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    ...more,
  });

  const hatching = (context) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour("--card");
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = colour("--accent");
    pen.lineWidth = 2;
    for (const from of [-8, 0, 8]) {
      pen.beginPath();
      pen.moveTo(from, 8);
      pen.lineTo(from + 8, 0);
      pen.stroke();
    }
    return context.createPattern(tile, "repeat");
  };

  const lines = (data) =>
    data.lines.map((line, place) => {
      const look = looks()[place % 2];
      return {
        label: line.name,
        stroke: look.stroke,
        width: 2,
        dash: look.dash,
        points: { show: data.labels.length < 70, size: look.size, stroke: look.stroke, fill: look.fill, width: 2 },
      };
    });
  const bars = (data) =>
    data.lines.map(() => ({
      stroke: colour("--accent"),
      width: 2,
      fill: (chart) => hatching(chart.ctx),
      paths: uPlot.paths.bars({ size: [0.6, 56] }),
      points: { show: false },
    }));

  const options = (data, width) => ({
    width,
    height: data.kind === "bars" ? 220 : 300,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => (data.kind === "bars" ? [-0.6, data.labels.length - 0.4] : [-0.5, data.labels.length - 0.5]) },
      y: { range: (_chart, _least, most) => [0, Math.max(most * 1.08, data.unit === "%" ? 10 : 1)] },
    },
    axes: [
      axis({
        incrs: [1, 2, 3, 7, 14, 28],
        space: width < NARROW ? 90 : 70,
        size: 34,
        values: (_chart, places) => places.map((place) => data.labels[place] ?? ""),
      }),
      axis({
        size: 60,
        incrs: data.whole ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6] : undefined,
        values: (_chart, values) => values.map((value) => shortened(value, data.unit)),
      }),
    ],
    series: [{}, ...(data.kind === "bars" ? bars(data) : lines(data))],
  });

  const key = (data) => {
    const list = document.createElement("p");
    list.className = "chart-key";
    list.setAttribute("aria-hidden", "true");
    data.lines.forEach((line, place) => {
      const look = looks()[place % 2];
      const space = "http://www.w3.org/2000/svg";
      const entry = document.createElement("span");
      const drawing = document.createElementNS(space, "svg");
      const stroke = document.createElementNS(space, "path");
      stroke.setAttribute("d", "M0 6H34");
      stroke.setAttribute("stroke", look.stroke);
      stroke.setAttribute("stroke-width", "2");
      stroke.setAttribute("stroke-dasharray", look.dash.join(" ") || "none");
      const dot = document.createElementNS(space, "circle");
      for (const [name, value] of Object.entries({ cx: 17, cy: 6, r: look.size / 2, fill: look.fill, stroke: look.stroke })) {
        dot.setAttribute(name, value);
      }
      drawing.append(stroke, dot);
      entry.append(drawing, document.createTextNode(line.name));
      list.append(entry);
    });
    return list;
  };

  const draw = (figure) => {
    const data = JSON.parse(figure.querySelector("script").textContent);
    for (const old of figure.querySelectorAll(".chart-key, [role=img]")) old.remove();
    figure.hidden = false;
    const place = document.createElement("div");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", figure.dataset.title);
    figure.append(place);
    const numbers = data.lines.map((line) => line.values.map((value) => (value === "" ? null : Number(value))));
    new uPlot(options(data, Math.max(240, figure.clientWidth)), [data.labels.map((_, number) => number), ...numbers], place);
    if (data.kind === "lines") figure.append(key(data));
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  let width = 0;
  let waiting = 0;
  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(probe);
    drawAll();
    width = window.innerWidth;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    new MutationObserver(drawAll).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    window.addEventListener("resize", () => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(drawAll, 150);
    });
  });
})();
