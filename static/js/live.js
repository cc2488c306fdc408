// The live channel. Elements say which business they show (data-watch="<uuid>"); news arrives as {topic, id} without
// numbers, becomes the htmx event `live:<topic>`, and every panel fetches its own HTML under its own permissions.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;
const POLL_EVERY = 5000;
const SAY_AT_MOST_EVERY = 2000;
const MOST_WATCHED = 64; // the server's limits: so many businesses, so many messages a second
const SEND_EVERY = 80;
const CATCH_UP_AFTER = 200;
const SIGNED_OUT = 4403;
const NOT_SIGNED_IN = 4401;

let socket;
let wait = FIRST_WAIT;
let polling;
let lastSaid = 0;
let sending;
let catching;
const watched = new Set();
const letters = [];

const shown = () => [...document.querySelectorAll("[data-watch]")].map((element) => element.dataset.watch).filter(Boolean);
const wanted = () => new Set([...new Set(shown())].slice(0, MOST_WATCHED));
// Pages with a tray or a job wait for news of the person, which needs no watching.
const personal = () => document.querySelector("[data-personal]") !== null;
const isOpen = () => socket?.readyState === WebSocket.OPEN;

/** Join what the page shows now and leave what it no longer shows. */
function reconcile() {
  const now = wanted();
  if ((now.size || personal()) && !socket) connect();
  if (!isOpen()) return;
  for (const id of [...watched]) if (!now.has(id)) { watched.delete(id); letters.push({ unwatch: id }); }
  for (const id of now) if (!watched.has(id)) { watched.add(id); letters.push({ watch: id }); }
  post();
}

/** Send what waits, no faster than the server listens. */
function post() {
  if (sending || !letters.length || !isOpen()) return;
  socket.send(JSON.stringify(letters.shift()));
  sending = setTimeout(() => { sending = undefined; post(); }, SEND_EVERY);
}

/** Events a panel waits for, read from its own hx-trigger: they are what a resync or a poll must raise. */
function topicsOf(element) {
  return [...(element.getAttribute("hx-trigger") || "").matchAll(/live:([\w.]+)/g)].map((match) => match[1]);
}

/** Tell the panels of one business (or every panel, when we cannot know what was missed). */
function raise(topic, id) {
  const detail = { id };
  document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail }));
}

function resync() {
  const topics = new Set([...document.querySelectorAll("[hx-trigger*='live:']")].flatMap(topicsOf));
  for (const topic of topics) raise(topic, null);
}

/** Once the server listens for us: fetch what happened between the page's making, or the break, and now. */
function catchUp() {
  clearTimeout(catching);
  catching = setTimeout(resync, CATCH_UP_AFTER);
}

function poll(on) {
  clearInterval(polling);
  polling = on ? setInterval(() => { if (!document.hidden && (wanted().size || personal())) resync(); }, POLL_EVERY) : undefined;
  document.documentElement.dataset.live = on ? "polling" : "open";
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/ws/live`);
  socket.addEventListener("open", () => {
    wait = FIRST_WAIT;
    poll(false);
    watched.clear();
    letters.length = 0;
    reconcile();
  });
  socket.addEventListener("message", (message) => {
    const news = JSON.parse(message.data);
    if (news.topic) raise(news.topic, news.id);
    if (news.watching) catchUp();
  });
  socket.addEventListener("close", ({ code }) => {
    if (code === SIGNED_OUT) return location.reload();
    if (!polling) poll(true);
    if (code === NOT_SIGNED_IN) return;
    setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

/** Say what changed, once, politely. */
function announce(element) {
  const region = document.getElementById("live");
  const sentence = element.dataset?.announce;
  if (!region || !sentence || Date.now() - lastSaid < SAY_AT_MOST_EVERY) return;
  lastSaid = Date.now();
  region.textContent = "";
  setTimeout(() => { region.textContent = sentence; }, 50);
}

const fromNews = new WeakSet();
document.addEventListener("htmx:configRequest", (event) => {
  const cause = event.detail.triggeringEvent;
  if (!cause?.type?.startsWith("live:")) return;
  const { id } = cause.detail || {};
  const panel = event.detail.elt;
  const own = panel.dataset.watch;
  if (id && own && own !== id) event.preventDefault();
  else fromNews.add(panel);
});

/** What an element says: its words and the exact moments behind them. */
const says = (element) => [element.textContent.replace(/\s+/g, " ").trim(), ...[...element.querySelectorAll("time")].map((time) => time.dateTime)].join("|");

/** An answer that says what the panel already says changes nothing: no flicker, nothing announced. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const panel = event.detail.requestConfig?.elt;
  if (!fromNews.has(panel)) return;
  const answer = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").body;
  if (says(answer) === says(panel)) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterSettle", (event) => {
  reconcile();
  const panel = document.getElementById(event.detail.elt?.id) || event.detail.elt;
  if (!panel || !fromNews.has(event.detail.requestConfig?.elt)) return;
  panel.classList?.add("arrived");
  announce(panel);
});

reconcile();
document.addEventListener("htmx:load", reconcile);
