/* Pages with photos, deferred. They go up one by one as they are chosen, each with what is written so far; without script
   a button sends a few at a time. What is pressed meanwhile waits for the last of them. */
"use strict";

(() => {
  const LARGEST = 10 * 1024 * 1024;
  const said = document.getElementById("photos-said");
  const hidePlain = () => document.querySelectorAll("[data-photos] [data-plain]").forEach((part) => { part.hidden = true; });

  async function send(form, file, nth) {
    const body = new FormData(form);
    body.delete("photo");
    body.delete("voice"); // it goes out with the form, once, unless its speaker deletes it
    body.append("photo", file);
    body.append("upload", "1");
    body.append("nth", nth);
    const answer = await fetch(location.href, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById("photos");
  }

  async function sendAll(form, box, files) {
    const words = { ...box.dataset };
    const refusals = [];
    for (const [place, file] of files.entries()) {
      const nth = place + 1;
      if (file.size > LARGEST) {
        refusals.push(words.large.replace("{n}", nth).replace("{size}", Math.ceil(file.size / 1024 / 1024)));
        continue;
      }
      said.textContent = words.busy.replace("{n}", nth).replace("{all}", files.length);
      const fresh = await send(form, file, nth).catch(() => null);
      if (!fresh) { refusals.push(words.failed.replace("{n}", nth)); break; }
      refusals.push(...Array.from(fresh.querySelectorAll("[data-refusal]"), (line) => line.textContent));
      box.replaceWith(fresh);
      box = fresh;
      hidePlain();
      const rest = files.length - nth;
      if (rest && !box.querySelector("input[type=file]")) { refusals.push(words.full.replace("{n}", rest)); break; }
    }
    const note = box.querySelector("[data-refusals]");
    note.textContent = refusals.join(" ");
    note.closest(".err").hidden = !refusals.length;
    said.textContent = refusals.length ? "" : words.done.replace("{n}", files.length);
    return [box, refusals.length === 0];
  }

  async function upload(input) {
    const form = input.form;
    const files = Array.from(input.files);
    let button = null;
    const remember = (event) => {
      if (event.detail && !event.detail.closest("[data-photos]")) button = event.detail;
    };
    form.addEventListener("pressed", remember);
    form.dataset.held = "photos";
    input.disabled = true;
    const [box, all] = await sendAll(form, input.closest("[data-photos]"), files);
    form.removeEventListener("pressed", remember);
    delete form.dataset.held;
    const next = box.querySelector("input[type=file]");
    if (next) { next.disabled = false; next.value = ""; }
    if (all && button) button.click();
  }

  if (!window.fetch || !window.DOMParser) return;
  const photos = "[data-photos] input[type=file]";
  hidePlain();
  document.addEventListener("change", (event) => {
    if (event.target.matches(photos) && event.target.files.length) upload(event.target);
  });
  document.querySelectorAll(photos).forEach((input) => { if (input.files.length) upload(input); });  // chosen before we came
})();
