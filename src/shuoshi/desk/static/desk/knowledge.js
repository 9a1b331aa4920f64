/* The knowledge base beside a form: looks while somebody types, and takes an entry into the answer without a reload.
   Without this file the same buttons post the form, and the server does it. */
"use strict";

const LOOKED_AT = "#register [name=content], [data-look]";
let pause = 0;

function lookSoon(event) {
  if (event.isComposing || !event.target.matches?.(LOOKED_AT)) return;
  window.clearTimeout(pause);
  pause = window.setTimeout(lookNow, 600);
}

function lookNow() {
  window.clearTimeout(pause);
  if (document.getElementById("known")) htmx.trigger("#known", "looked");
}

document.addEventListener("input", lookSoon);
document.addEventListener("compositionend", lookSoon);
document.addEventListener("change", (event) => { if (event.target.matches("#register [name=category]")) lookNow(); });
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-look-now]")) return;
  event.preventDefault();
  lookNow();
});

// Enter in the box looks; in another line of the same form it sends the form by its main button, never by a button here.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.target.tagName !== "INPUT") return;
  if (event.target.matches("[data-look]")) { event.preventDefault(); lookNow(); return; }
  const form = event.target.closest("#doing form");
  if (!form || !form.querySelector("[data-cites]")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.main"));
});

// 引用，填进答复: nothing that was typed is written over.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cite]");
  const form = button?.form;
  if (!form) return;
  event.preventDefault();
  const known = button.closest("li");
  const answer = known.querySelector("[data-answer]").textContent;
  const box = form.elements.answer || form.elements.reply;
  if (!box.value.includes(answer)) box.value = [box.value.trim(), answer].filter(Boolean).join("\n");
  fillEmpty(form.elements.basis, known.querySelector("[data-basis]").dataset.basis);
  const question = known.querySelector("[data-question]").textContent;
  if (Array.from(question).length <= 40) fillEmpty(form.elements.spot_title || form.elements.title, question);
  fillEmpty(form.elements.category, button.dataset.category);
  cite(form.querySelector("[data-cites]"), button.dataset.cite, question);
  const spot = box.closest("#on-spot");
  if (spot && !spot.matches(".on")) location.hash = "on-spot";
  form.dispatchEvent(new Event("input", { bubbles: true })); // the draft
  box.focus();
});

function fillEmpty(field, value) {
  if (field && !field.value && value) field.value = value;
}

function cite(list, value, question) {
  const held = [...list.querySelectorAll("input")].find((box) => box.value === value);
  if (held) { held.checked = true; return; }
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "cites", value, checked: true });
  const words = document.createElement("span");
  words.textContent = question;
  label.className = "opt";
  label.append(box, words);
  list.append(label);
}
