// Draws every figure[data-figure] from its json_script with the vendored Plotly bundle its data-bundle names.
// Colours in the data are token names ("good", "accent", …): the same figure is right in both themes.

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const small = matchMedia("(max-width: 480px)");
const loading = {};
const drawn = new Map();

/** Load one bundle once. Both bundles call themselves Plotly, so each is kept under its own name. */
function bundle(name) {
  loading[name] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=vendor]").dataset[name];
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(`The chart library ${name} did not load`));
    document.head.append(script);
  });
  return loading[name];
}

/** The colour a token has in the theme of this moment, as rgb(): tokens are light-dark() pairs, so only the browser can say. */
function token(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
const TOKENS = new Set("good good-soft fair fair-soft warn warn-soft bad bad-soft accent accent-soft up down ink ink-2 ink-3 line line-strong sunken surface ground".split(" "));
const COLOURS = new Set(["color", "bgcolor", "fgcolor", "fillcolor", "linecolor", "gridcolor", "bordercolor", "arrowcolor"]);

/** A copy of a figure part with token names replaced by the theme's colours; colour scales are [[at, token], …]. */
function themed(part, key = "") {
  if (typeof part === "string") return COLOURS.has(key) && TOKENS.has(part) ? token(part) : part;
  if (Array.isArray(part)) return part.map((item) => (key === "colorscale" && Array.isArray(item) ? [item[0], TOKENS.has(item[1]) ? token(item[1]) : item[1]] : themed(item, key)));
  if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, themed(value, name)]));
  return part;
}

function axis(own = {}) {
  const { title, ...rest } = own;
  const named = typeof title === "string" ? { text: title } : title;
  return { gridcolor: token("line"), zerolinecolor: token("line-strong"), linecolor: token("line-strong"), tickcolor: token("line-strong"), automargin: true, ...rest, title: { standoff: 8, ...named } };
}

/** The names beside horizontal bars. */
function namesOf(data) {
  const names = [...new Set(data.filter((trace) => trace.orientation === "h").flatMap((trace) => trace.y || []))];
  return names.every((name) => typeof name === "string") ? names : [];
}

/**
 * Every bar keeps its name, broken into lines where it is long: on wide pages too, for a page made narrow draws the old
 * names once more and must leave the bars room. `lines` is the most that one of them takes.
 */
function named(names) {
  const told = names.map((name) => wrapped(name, small.matches ? 22 : 36));
  const lines = Math.max(...told.map((name) => name.length));
  return { lines, axis: { tickmode: "array", tickvals: names, ticktext: told.map((name) => name.join("<br>")), ...(small.matches ? { tickfont: { size: 10 } } : {}) } };
}

/** The lines of a text, none wider than `width` characters but for a word that alone is. */
function wrapped(text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    if (lines.length && lines.at(-1).length + word.length < width) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

function layoutFor({ data, layout: given }, figure) {
  const layout = themed(given || {});
  const bars = namesOf(data);
  if (bars.length) {
    const { lines, axis: told } = named(bars);
    layout.yaxis = { ...layout.yaxis, ...told };
    layout.height = Math.max(layout.height ?? 260, 60 + Math.max(small.matches ? 36 : 24, 15 * lines + 4) * bars.length);
  }
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: token("ink-2") };
  const axes = Object.fromEntries(Object.keys({ xaxis: 1, yaxis: 1, ...layout }).filter((name) => /^[xy]axis\d*$/.test(name)).map((name) => [name, axis({ showgrid: name[0] === "y", ...layout[name] })]));
  const space = { showbackground: false, gridcolor: token("line"), zerolinecolor: token("line-strong"), color: token("ink-3") };
  const scene = figure.dataset.bundle === "gl3d" ? { scene: { camera: { eye: { x: 0.75, y: 0.75, z: 0.55 } }, ...layout.scene, xaxis: { ...space, ...layout.scene?.xaxis }, yaxis: { ...space, ...layout.scene?.yaxis }, zaxis: { ...space, ...layout.scene?.zaxis } } } : {};
  return {
    margin: { l: 8, r: 8, t: 8, b: 8 }, hoverlabel: { bgcolor: token("surface"), bordercolor: token("line-strong"), font: { ...font, color: token("ink") } },
    legend: { orientation: "h", y: -0.2, x: 0 }, showlegend: false, bargap: 0.25, dragmode: scene.scene ? "orbit" : false,
    colorway: ["accent", "good", "warn", "bad", "ink-3"].map(token),
    ...layout, ...(scene.scene ? scene : axes), template: "none", font: { ...font, ...layout.font }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true, ...(still ? { transition: { duration: 0 } } : {}),
  };
}

async function draw(figure) {
  const source = document.getElementById(figure.dataset.figure);
  const plot = figure.querySelector(".plot");
  if (!source || !plot) return;
  const given = JSON.parse(source.textContent);
  const plotly = await bundle(figure.dataset.bundle || "cartesian");
  await plotly.react(plot, themed(given.data), layoutFor(given, figure), { displayModeBar: false, responsive: true, scrollZoom: Boolean(figure.dataset.bundle) });
  follow(figure, plot);
  keepable(figure, plotly, plot);
  drawn.set(figure, given);
  figure.dataset.drawn = "";
  // What stands on a drawing, the replay of its days for one, goes on from here.
  figure.drawing = { plotly, plot, given };
  figure.dispatchEvent(new CustomEvent("drawn"));
}

/** A point that carries an address (customdata = "/…" or an array beginning with one) opens it. */
function follow(figure, plot) {
  if (drawn.has(figure)) return;
  plot.on("plotly_click", ({ points: [point] }) => {
    const address = [point?.customdata].flat()[0];
    if (typeof address === "string" && address.startsWith("/")) location.assign(address);
  });
}

/** The drawing as a picture to keep, on the paper of this theme. */
function keepable(figure, plotly, plot) {
  const button = figure.querySelector("[data-png]");
  if (!button?.hidden || figure.dataset.bundle) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const paper = { paper_bgcolor: token("surface"), plot_bgcolor: token("surface") };
    const size = { width: plot.clientWidth, height: plot.clientHeight, scale: 2 };
    plotly.downloadImage({ data: plot.data, layout: { ...plot.layout, ...paper } }, { format: "png", filename: figure.dataset.figure, ...size });
  });
}

function drawAll(within = document) {
  for (const figure of within.querySelectorAll("figure[data-figure]")) if (!drawn.has(figure)) draw(figure);
  for (const figure of drawn.keys()) if (!figure.isConnected) drawn.delete(figure);
}

drawAll();
document.addEventListener("htmx:load", (event) => drawAll(event.target));
const redraw = () => drawn.forEach((_, figure) => draw(figure));
document.addEventListener("theme", redraw);
small.addEventListener("change", redraw);
