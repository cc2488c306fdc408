// Loaded blocking in the head, so that the chosen theme is there before the first paint.
(() => {
  const root = document.documentElement;
  const remembered = () => localStorage.getItem("theme") || "system";

  function apply(choice) {
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    for (const button of document.querySelectorAll("[data-theme-to]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeTo === choice));
    }
    document.dispatchEvent(new CustomEvent("theme"));
  }

  function choose(event) {
    const button = event.target.closest("[data-theme-to]");
    if (!button) return;
    localStorage.setItem("theme", button.dataset.themeTo);
    apply(button.dataset.themeTo);
  }

  apply(remembered());
  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-theme-switch]")) group.hidden = false;
    apply(remembered());
  });
  document.addEventListener("click", choose);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(remembered()));
})();
