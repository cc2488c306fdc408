// Keys of every page: j/k between rows, / to the filter, g h home, ? help. Enter is the link's own.

const FIELDS = "input, textarea, select, [contenteditable]";
let previous = "";

function move(step) {
  const links = [...document.querySelectorAll("[data-row] a:first-of-type")].filter((link) => link.closest("[data-row]").querySelector("a") === link);
  if (!links.length) return;
  const row = document.activeElement.closest("[data-row]");
  const here = links.findIndex((link) => row?.contains(link));
  const next = here < 0 ? 0 : Math.min(links.length - 1, Math.max(0, here + step));
  links[next].focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("[data-filter], [role=search] :is(input:not([type=hidden]), select)")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  h: () => previous === "g" && document.querySelector(".brand")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return;
  if (document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
  previous = event.key;
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("a, button, input, label, select, summary") && !getSelection().toString()) {
    row.querySelector("a")?.click();
  }
});
