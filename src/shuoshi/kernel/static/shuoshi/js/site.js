/* Every page, deferred. It only adds: without it all pages work. No storage, no network of its own. */
"use strict";

// A composing input method never submits, and a form goes out once.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.isComposing || event.keyCode === 229)) return;
  event.stopPropagation();
  if (event.target.tagName === "INPUT") event.preventDefault();
}, true);

const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.held) { // something of it is still on its way; whoever holds it presses again
    event.preventDefault();
    event.stopPropagation();
    form.dispatchEvent(new CustomEvent("pressed", { detail: event.submitter }));
    return;
  }
  if ((form.method || "").toLowerCase() !== "post" || form.target) return;
  const last = sent.get(form);
  if (last && Date.now() - last < 8000) { event.preventDefault(); event.stopPropagation(); return; }
  sent.set(form, Date.now());
  const button = event.submitter;
  if (button && button.dataset.busy) {
    button.dataset.was = button.textContent;
    window.setTimeout(() => { button.textContent = button.dataset.busy; }, 0);
  }
}, true);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form").forEach((form) => sent.delete(form));
  document.querySelectorAll("button[data-was]").forEach((button) => { button.textContent = button.dataset.was; });
});
document.addEventListener("htmx:afterRequest", (event) => sent.delete(event.target.closest("form")));

// How many characters are left, said near the end only.
function count(area) {
  const limit = Number(area.dataset.counter);
  let note = area.nextElementSibling;
  if (!note || !note.classList.contains("counter")) {
    note = document.createElement("p");
    note.className = "hint counter";
    note.setAttribute("aria-live", "polite");
    area.after(note);
  }
  const used = Array.from(area.value).length;
  note.textContent = used > limit * 0.8 ? `${used.toLocaleString()} / ${limit.toLocaleString()}` : "";
}
document.addEventListener("input", (event) => { if (event.target.dataset.counter) count(event.target); });

// Minutes on a clock are renewed each minute; days come with the next page.
window.setInterval(() => {
  document.querySelectorAll("time[data-over]").forEach((time) => {
    const minutes = Math.round((new Date(time.dateTime) - Date.now()) / 60000);
    const words = minutes > 0 ? time.dataset.left : time.dataset.over;
    if (words && Math.abs(minutes) < 60) time.textContent = words.replace("{n}", String(Math.max(1, Math.abs(minutes))));
  });
}, 60000);

// The first wrong field gets the focus; what is marked data-print opens the print dialog.
document.querySelector("fieldset [data-first-error], .summary")?.focus?.();
document.querySelector("[data-first-error]")?.focus();
document.querySelectorAll("[data-counter]").forEach(count);
document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
document.querySelectorAll("[data-second]").forEach((link) => { link.classList.remove("main"); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-print]");
  if (link) { event.preventDefault(); window.print(); }
});

// 用我的位置: only when asked, and only into the form.
const locate = document.querySelector("[data-locate]");
if (locate && navigator.geolocation && window.isSecureContext) {
  locate.hidden = false;
  locate.addEventListener("click", () => {
    const note = document.getElementById(locate.dataset.locate);
    note.textContent = locate.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      (found) => {
        document.querySelector("[name=latitude]").value = found.coords.latitude.toFixed(5);
        document.querySelector("[name=longitude]").value = found.coords.longitude.toFixed(5);
        note.textContent = locate.dataset.done;
      },
      () => { note.textContent = locate.dataset.failed; },
      { timeout: 15000 },
    );
  });
}

// A receipt's QR code opens /track/#number.code: the fragment goes into the form, never to a server by itself.
const track = document.querySelector("form[data-track]");
if (track && location.hash.length > 9) {
  const [number, code] = decodeURIComponent(location.hash.slice(1)).split(".");
  history.replaceState(null, "", location.pathname);
  if (number && code) {
    track.elements.number.value = number;
    track.elements.code.value = code;
    track.requestSubmit ? track.requestSubmit() : track.submit();
  }
}

// A page that waits for something long looks again by itself; its link does the same without script.
const again = document.querySelector("[data-reload]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.reload) * 1000);
