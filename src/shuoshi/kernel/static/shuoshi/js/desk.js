/* The desk, deferred, after htmx and site.js. Focus after a swap, words for the live region, drafts, what is typed and not sent. */
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

// Drafts: a form with data-draft="/address" is posted there five seconds after the first change that is not kept yet.
// What could not be kept is said in the place of the note, and tried again; what is left with the page goes at once.
const keeping = new WeakSet();
function keeps(form) {
  if (keeping.has(form)) return;
  keeping.add(form);
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let under = null; // the request that is on its way
  const later = (seconds) => { timer = timer || window.setTimeout(save, seconds * 1000); };
  const typedNow = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    return data;
  };
  const tell = (words, failed) => {
    if (!note) return;
    note.textContent = words || "";
    note.classList.toggle("late", failed);
  };
  const save = async () => {
    timer = 0;
    under = new AbortController();
    try {
      const options = { method: "POST", body: typedNow(), credentials: "same-origin", signal: under.signal };
      const answer = await fetch(form.dataset.draft, options);
      if (answer.ok) { tell(await answer.text(), false); return; }
      if (answer.status === 401) signedOut();
      tell(form.dataset.draftFailed, true);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      tell(form.dataset.draftFailed, true);
    }
    later(15);
  };
  form.addEventListener("input", () => later(5));
  form.addEventListener("submit", () => { window.clearTimeout(timer); timer = 0; under?.abort(); });
  const now = () => {
    if (!timer) return;
    window.clearTimeout(timer);
    timer = 0;
    navigator.sendBeacon(form.dataset.draft, typedNow());
  };
  window.addEventListener("pagehide", now);
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target?.contains(form)) now(); });
}
const keepAll = (part) => part.querySelectorAll("form[data-draft]").forEach(keeps);
keepAll(document);
window.htmx?.onLoad(keepAll); // forms that come in later

// What is typed and not sent: a control that is no longer as the page brought it, or words a form came back with.
const words = 'textarea, input:not([type="hidden"], [type="radio"], [type="checkbox"], [type="file"])';
const changed = (control) => {
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.type === "file") return control.files.length > 0;
  if (control.multiple) return [...control.options].some((one) => one.selected !== one.defaultSelected);
  if (control.options) return control.selectedIndex !== Math.max(0, [...control.options].findIndex((one) => one.defaultSelected));
  return control.value !== control.defaultValue;
};
const typed = (form) => form.dataset.kept !== undefined && [...form.querySelectorAll(words)].some((one) => one.value.trim())
  || [...form.elements].some((one) => one.type !== "hidden" && one.type !== "submit" && one.name && changed(one));
const opened = () => document.querySelector("form[data-close]");
let sending = false; // or left on purpose
const mayLeave = (form) => !form || !typed(form) || window.confirm(form.dataset.closeAsk || "");
document.addEventListener("submit", (event) => { if (event.target === opened()) sending = true; });
window.addEventListener("pageshow", () => { sending = false; });
window.addEventListener("beforeunload", (event) => {
  if (sending || !opened() || !typed(opened())) return;
  event.preventDefault();
  event.returnValue = true;
});

// Another action takes the place of the form that is open: only when its words may go.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[hx-target='#doing']");
  if (!link || mayLeave(opened())) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// The session is over: what is typed on this page stays on it, and the sign-in opens beside it.
function signedOut() {
  const line = document.createElement("p");
  const link = document.createElement("a");
  line.className = "flash mb4";
  link.href = document.body.dataset.signIn;
  link.target = "_blank";
  link.textContent = document.body.dataset.signInWords;
  line.append(`${document.body.dataset.signedOut} `, link);
  document.getElementById("flash")?.replaceChildren(line);
  line.scrollIntoView({ block: "center" });
}
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401 || ![...document.forms].some((form) => form.method === "post" && typed(form))) return;
  event.preventDefault();
  signedOut();
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
  if (event.key === "Escape" && form?.dataset.close && mayLeave(form)) {
    sending = true;
    location.assign(form.dataset.close);
  }
});
