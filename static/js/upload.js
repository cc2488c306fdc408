// Sends a form[data-upload] with a progress bar; the answer replaces the page as the plain form would have done.

function send(form) {
  const bar = form.querySelector("progress");
  const button = form.querySelector("[type=submit]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status < 400 && request.responseURL) location.assign(request.responseURL);
    else show(request.responseText);
  });
  request.addEventListener("error", () => {
    bar.hidden = true;
    button.disabled = false;
    say(form, "The connection broke. Nothing was stored; send it again.");
  });
  bar.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.getElementById("content").replaceWith(page.getElementById("content"));
  document.title = page.title;
  bind();
  document.getElementById("content").focus();
}

function say(form, sentence) {
  const note = form.querySelector("[data-problem]") || form.appendChild(document.createElement("p"));
  note.dataset.problem = "";
  note.className = "banner bad";
  note.setAttribute("role", "alert");
  note.textContent = sentence;
}

function bind() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  }
}

bind();
