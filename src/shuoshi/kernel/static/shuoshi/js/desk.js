/* The desk, deferred, after htmx and site.js. Focus after a swap, words for the live region, drafts every five seconds. */
"use strict";

const say = (text) => { const region = document.getElementById("said"); if (region) region.textContent = text; };

// After a swap focus goes to the new heading (or the first wrong field), and the flash is said.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt && event.detail.elt.isConnected ? event.detail.elt : document.getElementById(event.detail.target?.id);
  if (!part || part.dataset?.quiet !== undefined) return;
  const target = part.querySelector("[data-first-error], [autofocus]") || part.querySelector("h1, h2, h3") || part;
  if (!target.matches("input, select, textarea, button, a")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: false });
  const flash = document.querySelector("#flash .flash");
  if (flash) say(flash.textContent);
});
document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

// Drafts: a form with data-draft="/address" is posted there five seconds after the last change.
document.querySelectorAll("form[data-draft]").forEach((form) => {
  let timer = 0;
  const note = form.querySelector("[data-draft-note]");
  const save = async () => {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: data, credentials: "same-origin" });
      if (note && answer.ok) note.textContent = await answer.text();
    } catch { if (note) note.textContent = form.dataset.draftFailed || ""; }
  };
  form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(save, 5000); });
  form.addEventListener("submit", () => window.clearTimeout(timer));
});

// Alt+1…7 open what the rail prints; Ctrl+Enter submits; Esc closes an opened form after asking.
const off = () => document.body.dataset.shortcuts === "off";
document.addEventListener("keydown", (event) => {
  if (off() || event.isComposing) return;
  if (event.altKey && !event.ctrlKey && /^[1-9]$/.test(event.key)) {
    const own = document.querySelector(`[data-group-key="${event.key}"]`);
    if (own) { event.preventDefault(); (own.querySelector("input, select, textarea, button, summary") || own).focus(); return; }
    const link = document.querySelector(`.rail [data-keys="Alt+${event.key}"]`);
    if (link) { event.preventDefault(); link.click(); }
  }
  const form = event.target.closest?.("form");
  if (event.key === "Enter" && event.ctrlKey && form) {
    const next = form.querySelector(event.shiftKey ? "[data-and-next]" : "[data-plain-save]");
    event.preventDefault();
    form.requestSubmit(next || form.querySelector("button.main, button:not([type=button])") || undefined);
  }
  if (event.key === "Escape" && form?.dataset.close) {
    const typed = [...form.querySelectorAll("textarea, input[type=text]")].some((box) => box.value !== box.defaultValue);
    if (!typed || window.confirm(form.dataset.closeAsk || "")) location.assign(form.dataset.close);
  }
});
