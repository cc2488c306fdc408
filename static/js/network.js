// The investigator's 2-D ring view: cytoscape from json_script, edges replayed in time order.
// The drawing is for the eye; the same ring stands as a table on the page for keyboard and screen reader.

/** The colour a token has in the theme of this moment, as rgb(): tokens are light-dark() pairs, so only the browser can say. */
function token(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const STEP_MS = 700;
const CROWDED = 12; // more payments than this, and only the latest lap carries its amounts
const OWN_SHEET = "__________cytoscape_stylesheet";

function library() {
  return new Promise((resolve, reject) => {
    if (window.cytoscape) return resolve(window.cytoscape);
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=vendor]").dataset.cytoscape;
    script.onload = () => resolve(window.cytoscape);
    script.onerror = () => reject(new Error("The graph library did not load"));
    document.head.append(script);
  });
}

/** Cytoscape adds a style element of its own unless one with this id is there; the policy would block it, our sheet has the rule. */
function keepOutOwnSheet() {
  if (document.getElementById(OWN_SHEET)) return;
  const mark = document.createElement("meta");
  mark.id = OWN_SHEET;
  document.head.append(mark);
}

/** Where there is little room the drawing is made smaller and its letters larger. */
const letters = (size) => (matchMedia("(max-width: 480px)").matches ? size * 1.5 : size);

/** In a placed network of many dots only the picked and the suspected carry their names. */
function style(placed) {
  const text = { "font-family": "Noto Sans", color: token("ink"), "text-background-color": token("surface"), "text-background-opacity": 0.85, "text-background-padding": 2 };
  return [
    { selector: "node", style: { ...text, label: "data(label)", "font-size": letters(11), "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis", "text-max-width": 110, width: "data(size)", height: "data(size)", "background-color": token("good"), shape: "ellipse" } },
    { selector: "node[?flagged]", style: { shape: "diamond", "background-color": token("bad") } },
    ...(placed ? [{ selector: "node", style: { label: "" } }, { selector: "node[?flagged], node:selected", style: { label: "data(label)" } }] : []),
    { selector: "node[?hub]", style: { shape: "rectangle", "background-color": token("line-strong") } },
    { selector: "edge", style: { ...text, "font-size": letters(10), color: token("ink-2"), width: "data(width)", "curve-style": "bezier", "control-point-step-size": 36, "line-color": token("line-strong"), "target-arrow-color": token("line-strong"), "target-arrow-shape": "triangle", "arrow-scale": 1.1 } },
    { selector: placed ? "edge:selected, edge.near" : "edge.told, edge.latest, edge:selected, edge.near", style: { label: "data(amount_text)" } },
    { selector: "edge.ahead", style: { display: "none" } },
    { selector: "edge.latest", style: { "line-color": token("accent"), "target-arrow-color": token("accent"), color: token("accent"), "z-index": 9 } },
    { selector: ":selected", style: { "border-width": 3, "border-color": token("accent"), "line-color": token("accent"), "target-arrow-color": token("accent") } },
  ];
}

/** Nodes sized by confidence (0 to 1), edges by amount; edges in time order. */
function elements({ nodes, edges }) {
  const placed = nodes.some((node) => node.x !== undefined);
  const most = Math.max(1, ...edges.map((edge) => edge.amount || 0));
  const inOrder = [...edges].sort((a, b) => String(a.at).localeCompare(String(b.at)));
  return {
    nodes: nodes.map((node) => ({ data: { ...node, size: (placed ? 10 : 22) + 26 * (node.confidence || 0) }, ...(placed ? { position: { x: node.x, y: node.y } } : {}) })),
    edges: inOrder.map((edge, at) => ({ data: { ...edge, id: edge.id || `payment-${at}`, width: 1.5 + (3 * (edge.amount || 0)) / most } })),
  };
}

/** What a replay goes through: the days when the edges name theirs, else one payment after the other. */
function stagesOf(graph, steps) {
  const edges = graph.edges().toArray();
  if (!steps) return edges.map((edge) => ({ told: edge.data("at_text"), ahead: (other) => edges.indexOf(other) > edges.indexOf(edge), latest: (other) => other === edge }));
  return steps.map((told, at) => ({ told, ahead: (edge) => edge.data("steps")[0] > at, latest: (edge) => edge.data("steps").includes(at) }));
}

function replay(figure, graph, steps) {
  const controls = figure.querySelector("[data-replay]");
  if (!controls) return;
  const [slider, told, play] = ["input[type=range]", "output", "[data-play]"].map((selector) => controls.querySelector(selector));
  const edges = graph.edges().toArray();
  const stages = stagesOf(graph, steps);
  let timer;

  function show(count) {
    const stage = stages[count - 1];
    graph.batch(() => edges.forEach((edge) => edge.toggleClass("ahead", !stage || stage.ahead(edge)).toggleClass("latest", Boolean(stage) && count < stages.length && stage.latest(edge))));
    slider.value = count;
    told.textContent = steps ? (stage ? `up to ${stage.told}` : "before the first day") : `${count} of ${stages.length} payments${stage?.told ? ` · ${stage.told}` : ""}`;
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "Replay";
  }

  controls.hidden = edges.length < 2 || stages.length < 2;
  slider.max = stages.length;
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("click", () => {
    if (timer) return stop();
    play.textContent = "Pause";
    show(0);
    timer = setInterval(() => (Number(slider.value) < stages.length ? show(Number(slider.value) + 1) : stop()), STEP_MS);
  });
  show(stages.length);
}

/** Says what was picked in words; an address becomes a link. */
function tell(figure, { text, label, amount_text: amount, url }) {
  const region = figure.querySelector("[data-details]");
  if (!region) return;
  region.hidden = false;
  region.textContent = text || [label, amount].filter(Boolean).join(" · ");
  if (url) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = "Open";
    region.append(" ", link);
  }
}

async function draw(figure) {
  const source = document.getElementById(figure.dataset.network);
  const given = JSON.parse(source.textContent);
  const placed = given.nodes.some((node) => node.x !== undefined);
  const cytoscape = await library();
  keepOutOwnSheet();
  const graph = cytoscape({
    container: figure.querySelector(".network"),
    elements: elements(given),
    style: style(placed),
    layout: placed ? { name: "preset", padding: 40 } : { name: "circle", padding: 40, animate: false },
    userZoomingEnabled: false,
    boxSelectionEnabled: false,
    autoungrabify: still,
  });
  const told = graph.edges().length > CROWDED ? graph.edges().slice(-graph.nodes().length) : graph.edges();
  if (!placed) told.addClass("told");
  graph.on("mouseover", "edge", (event) => event.target.addClass("near"));
  graph.on("mouseout", "edge", (event) => event.target.removeClass("near"));
  graph.on("tap", "node, edge", (event) => tell(figure, event.target.data()));
  replay(figure, graph, given.steps);
  document.addEventListener("theme", () => graph.style(style(placed)));
  new ResizeObserver(() => { graph.resize(); graph.fit(undefined, 40); }).observe(figure);
  figure.dataset.drawn = "";
}

for (const figure of document.querySelectorAll("figure[data-network]")) draw(figure);
