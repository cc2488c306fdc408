// Sliders beside their number inputs: without this script the number inputs and the button do the same.
const PAUSE = 250;

function join(form) {
  let waiting = 0;
  const tell = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => window.htmx.trigger(form, "dialled"), PAUSE);
  };
  for (const slider of form.querySelectorAll("input[data-dial]")) {
    const number = document.getElementById(slider.dataset.dial);
    slider.hidden = false;
    slider.addEventListener("input", () => {
      number.value = slider.value;
      tell();
    });
    number.addEventListener("change", () => {
      slider.value = number.value;
      tell();
    });
  }
}

document.querySelectorAll("form[data-dials]").forEach(join);
