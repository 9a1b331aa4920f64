/* A terminal that people share, deferred. When nobody has moved for a minute everything is wiped; it says so before. Without
   script the button does it. */
"use strict";

(() => {
  const form = document.querySelector("form[data-kiosk]");
  if (!form) return;
  const patience = Number(form.dataset.kiosk);
  const warning = Number(form.dataset.warn);
  const said = form.querySelector("[role=status]");
  const left = form.querySelector("[data-left]");
  let idle = 0;

  function moved() {
    idle = 0;
    said.textContent = "";
    left.textContent = "";
    form.classList.remove("urgent");
  }

  function tick() {
    if (document.querySelector("form[data-held]")) return; // photos are on their way, or somebody is speaking
    idle += 1;
    const seconds = patience - idle;
    if (seconds <= 0) { window.clearInterval(timer); form.submit(); return; }
    if (seconds > warning) return;
    if (!said.textContent) said.textContent = form.dataset.words;
    left.textContent = form.dataset.seconds.replace("{n}", seconds);
    form.classList.add("urgent");
  }

  ["pointerdown", "keydown", "input", "scroll", "wheel"].forEach((kind) => {
    document.addEventListener(kind, moved, { passive: true, capture: true });
  });
  document.querySelectorAll("form, input, textarea").forEach((one) => one.setAttribute("autocomplete", "off"));
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  const timer = window.setInterval(tick, 1000);
})();
