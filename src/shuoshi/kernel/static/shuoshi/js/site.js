/* Every page, deferred. It only adds: without it all pages work. No storage, no network of its own. */
"use strict";

// A composing input method never submits, and a form goes out once.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.isComposing || event.keyCode === 229)) return;
  event.stopPropagation();
  if (event.target.tagName === "INPUT") event.preventDefault();
}, true);

const sent = new WeakMap();
const uploading = new Map(); // form → the button that was pressed meanwhile, or null
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (uploading.has(form)) { // what was pressed waits for the photos
    event.preventDefault();
    event.stopPropagation();
    if (event.submitter && !event.submitter.closest("[data-photos]")) uploading.set(form, event.submitter);
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

// Photos go up one by one as they are chosen, each with what is written so far. Without script a button sends a few.
const plain = () => document.querySelectorAll("[data-photos] [data-plain]").forEach((part) => { part.hidden = true; });
const say = (text) => { document.getElementById("photos-said").textContent = text; };

async function send(form, file, nth) {
  const body = new FormData(form);
  body.delete("photo");
  body.append("photo", file);
  body.append("upload", "1");
  body.append("nth", nth);
  const answer = await fetch(location.href, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("photos");
}

async function upload(input) {
  const form = input.form;
  let box = input.closest("[data-photos]");
  const words = { ...box.dataset };
  const files = Array.from(input.files);
  const refusals = [];
  uploading.set(form, null);
  input.disabled = true;
  for (const [place, file] of files.entries()) {
    const nth = place + 1;
    if (file.size > 10 * 1024 * 1024) {
      refusals.push(words.large.replace("{n}", nth).replace("{size}", Math.ceil(file.size / 1024 / 1024)));
      continue;
    }
    say(words.busy.replace("{n}", nth).replace("{all}", files.length));
    const fresh = await send(form, file, nth).catch(() => null);
    if (!fresh) { refusals.push(words.failed.replace("{n}", nth)); break; }
    refusals.push(...Array.from(fresh.querySelectorAll("[data-refusal]"), (line) => line.textContent));
    box.replaceWith(fresh);
    box = fresh;
    plain();
    const rest = files.length - nth;
    if (rest && !box.querySelector("input[type=file]")) { refusals.push(words.full.replace("{n}", rest)); break; }
  }
  const note = box.querySelector("[data-refusals]");
  note.textContent = refusals.join(" ");
  note.closest(".err").hidden = !refusals.length;
  const again = box.querySelector("input[type=file]");
  if (again) { again.disabled = false; again.value = ""; }
  say(refusals.length ? "" : words.done.replace("{n}", files.length));
  const pressed = uploading.get(form);
  uploading.delete(form);
  if (!refusals.length && pressed) pressed.isConnected ? pressed.click() : form.submit();
}

if (window.fetch && window.DOMParser) {
  plain();
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-photos] input[type=file]") && event.target.files.length) upload(event.target);
  });
}

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
