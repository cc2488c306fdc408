// Replays the days of a 3-D network: a slider and a button choose the step, lines appear when money first moved along
// them, and dots travel along those of the step. Works on any figure whose data carry `replay`: {steps: [words],
// lines: [per trace, per line: the steps]}. The keyboard moves the slider; without this script the form takes days.

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const STEP_MS = 700;
const FRAMES = 5;
const AXES = ["x", "y", "z"];

/** The ends of line `at` of a trace whose points come in threes: from, to, gap. */
const ends = (trace, at) => AXES.map((axis) => [trace[axis][3 * at], trace[axis][3 * at + 1]]);

/** The lines of one trace that had money by the step; null keeps the picture's size while nothing is drawn. */
function until(trace, steps, count) {
  const kept = steps.flatMap((when, at) => (when[0] < count ? [at] : []));
  return Object.fromEntries(AXES.map((axis) => [axis, [kept.length ? kept.flatMap((at) => trace[axis].slice(3 * at, 3 * at + 3)) : [null]]]));
}

function start(figure) {
  const controls = figure.querySelector("[data-replay]");
  const { plotly, plot, given } = figure.drawing;
  const replay = given.replay;
  if (!controls || !replay?.lines.length || replay.steps.length < 2) return;
  const [slider, told, play] = ["input[type=range]", "output", "[data-play]"].map((selector) => controls.querySelector(selector));
  const last = replay.steps.length;
  const traces = given.data.slice(0, replay.lines.length);
  let timer;
  let dots;

  /** Where the money of a step is after a part of the way. */
  function travelling(step, part) {
    const moving = traces.flatMap((trace, number) => replay.lines[number].flatMap((when, at) => (when.includes(step) ? [ends(trace, at)] : [])));
    return Object.fromEntries(AXES.map((axis, place) => [axis, [moving.map((line) => line[place][0] + part * (line[place][1] - line[place][0]))]]));
  }

  async function travel(count) {
    dots ??= plotly.addTraces(plot, { type: "scatter3d", mode: "markers", name: "money moving", x: [], y: [], z: [], hoverinfo: "skip", showlegend: false, marker: { size: 4, color: getComputedStyle(play).color } });
    await dots;
    for (let frame = still ? FRAMES : 1; frame <= FRAMES && Number(slider.value) === count; frame += 1) {
      await plotly.restyle(plot, travelling(count - 1, still ? 0.5 : frame / FRAMES), [plot.data.length - 1]);
      if (!still) await new Promise((next) => setTimeout(next, STEP_MS / (2 * FRAMES)));
    }
  }

  async function show(count) {
    slider.value = count;
    told.textContent = count ? `up to ${replay.steps[count - 1]}` : "before the first day";
    for (const [number, trace] of traces.entries()) await plotly.restyle(plot, until(trace, replay.lines[number], count), [number]);
    if (count && (count < last || timer)) await travel(count);
    else if (dots) await plotly.restyle(plot, { x: [[]], y: [[]], z: [[]] }, [plot.data.length - 1]);
    figure.dataset.step = count;
  }

  function stop() {
    clearTimeout(timer);
    timer = undefined;
    play.textContent = "Replay";
  }

  async function go() {
    const count = Number(slider.value);
    if (count >= last) { stop(); return show(last); }
    await show(count + 1);
    if (timer) timer = setTimeout(go, STEP_MS / 2);
  }

  slider.max = last;
  controls.hidden = false;
  slider.oninput = () => { stop(); show(Number(slider.value)); };
  play.onclick = () => {
    if (timer) return stop();
    play.textContent = "Pause";
    slider.value = 0;
    timer = setTimeout(go, 0);
  };
  slider.value = last;
  told.textContent = `up to ${replay.steps[last - 1]}`;
}

for (const figure of document.querySelectorAll("figure[data-figure]")) {
  if (figure.drawing) start(figure);
  figure.addEventListener("drawn", () => start(figure));
}
