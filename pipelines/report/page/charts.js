"use strict";

// Charts by Observable Plot. Each is one picture to a screen reader, with what it shows in its label; the table beside it has the numbers
// and, for the keyboard, the links. Colours are the style sheet's, so that a change of theme needs no drawing.

const NARROW = 560;
const LETTER = 7.1;
const WIDEST = 72;

const looks = { className: "plot", style: { fontFamily: "inherit", fontSize: "12px", background: "none", overflow: "visible" } };

const tipLooks = { lineHeight: 1.35, stroke: "var(--soft)" };

function shorten(text, most) {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

function bars(rows, width, most = 16) {
  const few = rows.slice(0, most);
  const room = Math.min(Math.max(...few.map((row) => Array.from(row.label).length)) * LETTER + 12, width * (width < NARROW ? 0.5 : 0.42));
  const letters = Math.floor((room - 8) / LETTER);
  const numbered = few.map((row, index) => ({ ...row, index }));
  return Plot.plot({
    ...looks,
    width,
    height: few.length * 22 + 8,
    marginLeft: room,
    marginRight: number(Math.max(...few.map((row) => row.value))).length * LETTER + 12,
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null, domain: [0, Math.max(1, ...few.map((row) => row.value))] },
    y: { axis: null, domain: numbered.map((row) => row.index), padding: 0.38 },
    marks: [
      Plot.barX(numbered, { x: "value", y: "index", fill: "var(--bar)" }),
      Plot.text(numbered, { x: 0, y: "index", text: (row) => shorten(row.label, letters), textAnchor: "end", dx: -8, fill: "var(--ink)" }),
      Plot.text(numbered, { x: "value", y: "index", text: (row) => number(row.value), textAnchor: "start", dx: 5, fill: "var(--soft)" }),
      Plot.tip(numbered, Plot.pointerY({ x: "value", y: "index", title: (row) => `${row.label}\n${number(row.value)}`, ...tipLooks, anchor: "left" })),
    ],
  });
}

/** What is left free on both sides of a bar of a step of so many pixels. */
function gapOf(step) {
  return step < 3 ? 0 : Math.max(0.5, step * 0.08, (step - WIDEST) / 2);
}

function days(width) {
  const rows = held.charts.days.map(([from, until, stories]) => ({
    // A day lies around its tick, a week or a month begins on it.
    from: d3.utcHour.offset(new Date(from), held.charts.unit === "day" ? -12 : 0),
    end: d3.utcHour.offset(new Date(until), held.charts.unit === "day" ? 12 : 24),
    first: from,
    last: until,
    stories,
  }));
  const span = (rows.at(-1).end - rows[0].from) / 864e5;
  // In a lake of few days far apart a day is less than a pixel wide.
  const least = (2.5 * span) / width;
  const each = (width * (rows[0].end - rows[0].from)) / 864e5 / span;
  const gap = gapOf(each);
  // Of few days each has its tick; between them would be hours.
  const ticks = span <= 8 ? d3.utcDay.every(width < NARROW && span > 4 ? 2 : 1) : width < NARROW ? 4 : 8;
  const named = (row) => (row.first === row.last ? day(row.first) : `${day(row.first)} to ${day(row.last)}`);
  return Plot.plot({
    ...looks,
    width,
    height: width < NARROW ? 180 : 240,
    marginLeft: 40,
    marginRight: 12,
    marginBottom: 28,
    x: { type: "utc", label: null, ticks },
    y: { label: null, grid: true, ticks: 4, tickFormat: (value) => (Number.isInteger(value) ? number(value) : "") },
    marks: [
      Plot.rectY(rows, {
        x1: "from",
        x2: (row) => d3.utcDay.offset(row.from, Math.max((row.end - row.from) / 864e5, least)),
        y: "stories",
        fill: "var(--bar)",
        insetLeft: gap,
        insetRight: gap,
      }),
      Plot.ruleY([0], { stroke: "var(--line)" }),
      Plot.tip(rows, Plot.pointerX({ x: (row) => new Date((+row.from + +row.end) / 2), y: "stories", title: (row) => `${named(row)}\n${counted(row.stories, "story", "stories")}`, ...tipLooks })),
    ],
  });
}

/** Bounds of up to five classes, even on a logarithmic scale: a lake has many stories of few countries. */
function classes(most) {
  const bounds = d3.range(5).map((step) => Math.max(1, Math.round(most ** (step / 5))));
  return bounds.filter((bound, index) => index === 0 || bound > bounds[index - 1]);
}

function map(width) {
  const atlas = JSON.parse(document.getElementById("world").textContent);
  const counts = new Map(held.charts.countries.filter((row) => row.shape).map((row) => [row.shape, row]));
  const shapes = topojson.feature(atlas, atlas.objects.countries).features.filter(
    (shape) => shape.properties.name !== "Antarctica" || counts.has(shape.id),
  );
  const rowOf = (shape) => counts.get(shape.id ?? shape.properties.name);
  const points = held.charts.countries.filter((row) => row.point);
  const bounds = classes(Math.max(1, ...held.charts.countries.map((row) => row.stories)));
  const classOf = (stories) => (stories ? `var(--map-${d3.bisectRight(bounds, stories)})` : "var(--land)");
  legend(bounds, points.length > 0);
  const plot = Plot.plot({
    ...looks,
    width,
    height: width * 0.49,
    margin: 2,
    projection: { type: "equal-earth", domain: { type: "FeatureCollection", features: shapes } },
    marks: [
      Plot.geo(shapes, { fill: (shape) => classOf(rowOf(shape)?.stories), stroke: "var(--paper)", strokeWidth: 0.6 }),
      Plot.dot(points, { x: (row) => row.point[0], y: (row) => row.point[1], r: 3.5, fill: (row) => classOf(row.stories), stroke: "var(--ink)", strokeWidth: 0.8 }),
    ],
  });
  const named = (shape) => shape && (rowOf(shape) ?? { name: shape.properties.name, stories: 0 });
  plot.addEventListener("pointerover", ({ target }) => {
    const row = target.tagName === "circle" ? points[target.__data__] : target.tagName === "path" ? named(shapes[target.__data__]) : null;
    say(plot, row);
  });
  plot.addEventListener("pointerleave", () => say(plot, null));
  return plot;
}

/** Says below the map what the pointer is on: beside a country the nearest one would be another. */
function say(plot, row) {
  plot.value = row;
  document.getElementById("map-said").textContent = row ? `${row.name}: ${counted(row.stories, "story", "stories")}` : "";
  plot.dispatchEvent(new Event("input"));
}

function legend(bounds, rings) {
  const steps = bounds.map((bound, index) => {
    const next = bounds[index + 1];
    const range = next === undefined ? `${number(bound)} or more` : next - 1 > bound ? `${number(bound)}–${number(next - 1)}` : number(bound);
    return make("span", { class: "step" }, make("span", { class: `swatch map-${index + 1}`, "aria-hidden": "true" }), range);
  });
  const ring = make("span", { class: "step" }, make("span", { class: "swatch ring", "aria-hidden": "true" }), "too small to be drawn");
  document.getElementById("map-legend").replaceChildren("Stories: ", ...steps, ...(rings ? [ring] : []));
}

function runStories(width) {
  const runs = held.charts.runs;
  const gap = gapOf(width / (runs.at(-1).number - runs[0].number + 1));
  return Plot.plot({
    ...runAxes(runs, width),
    marks: [
      Plot.rectY(runs, { x: "number", interval: 1, y: "stories", fill: "var(--bar)", insetLeft: gap, insetRight: gap }),
      Plot.ruleY([0], { stroke: "var(--line)" }),
      runTip(runs, "stories"),
    ],
  });
}

function runSpeed(width) {
  const runs = held.charts.runs;
  return Plot.plot({
    ...runAxes(runs, width),
    marks: [
      Plot.ruleY([0], { stroke: "var(--line)" }),
      Plot.lineY(runs, { x: (run) => run.number + 0.5, y: "speed", stroke: "var(--bar)", strokeOpacity: 0.4 }),
      Plot.dot(runs, { x: (run) => run.number + 0.5, y: "speed", r: 3, fill: "var(--bar)" }),
      runTip(runs, "speed"),
    ],
  });
}

function runAxes(runs, width) {
  const numbers = runs.map((run) => run.number);
  const first = d3.min(numbers);
  const last = d3.max(numbers);
  const step = Math.max(1, Math.ceil((last - first + 1) / 8));
  return {
    ...looks,
    width,
    height: 160,
    marginLeft: 44,
    marginBottom: 32,
    x: { type: "linear", domain: [first, last + 1], label: "run", labelAnchor: "center", ticks: d3.range(first, last + 1, step).map((n) => n + 0.5), tickFormat: (n) => number(n - 0.5) },
    y: { label: null, grid: true, ticks: 4, zero: true, nice: true, tickFormat: number },
  };
}

function runTip(runs, value) {
  const told = (run) =>
    `Run ${run.number}, ${run.kind}\n${day(run.started_at)}\n${counted(run.pieces, "piece", "pieces")} in ${number(run.seconds)} s\n${number(run.speed)} a second`;
  return Plot.tip(runs, Plot.pointerX({ x: (run) => run.number + 0.5, y: value, title: told, ...tipLooks }));
}

const toDays = (row) => `#stories?from=${row.first}&to=${row.last}`;
const toCountry = (row) => row.code && `#stories?country=${encodeURIComponent(row.code)}`;

/** By name: what draws a chart at a width, and where a click on one of its rows leads. */
const drawings = {
  days: [days, toDays],
  map: [map, toCountry],
  countries: [
    (width) => bars(held.charts.countries.map((row) => ({ ...row, label: row.name, value: row.stories })), width),
    toCountry,
  ],
  agencies: [
    (width) => bars(held.charts.agencies, width),
    (row) => row.agency !== null && `#stories?agency=${encodeURIComponent(row.agency)}`,
  ],
  fates: [(width) => bars(held.charts.fates, width)],
  outcomes: [(width) => bars(held.charts.outcomes, width)],
  rejected: [(width) => bars(held.charts.rejected, width)],
  "run-stories": [runStories],
  "run-speed": [runSpeed],
};

function draw(figure, width) {
  const [drawing, leads] = drawings[figure.dataset.chart];
  const plot = drawing(Math.round(width));
  // Its own rules, which the policy of this page would refuse, stand in the style sheet.
  for (const style of plot.querySelectorAll("style")) style.remove();
  for (const part of plot.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", figure.dataset.label);
  if (leads) {
    plot.addEventListener("click", () => {
      const address = plot.value && leads(plot.value);
      if (address) location.hash = address;
    });
    plot.addEventListener("input", () => plot.classList.toggle("leads", Boolean(plot.value && leads(plot.value))));
  }
  figure.replaceChildren(plot);
}

function drawCharts() {
  const widths = new WeakMap();
  const watcher = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      if (contentRect.width > 0 && widths.get(target) !== contentRect.width) {
        widths.set(target, contentRect.width);
        draw(target, contentRect.width);
      }
    }
  });
  for (const figure of document.querySelectorAll("figure[data-chart]")) watcher.observe(figure);
}
