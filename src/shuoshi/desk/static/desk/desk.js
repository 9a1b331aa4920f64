/* Only the desk: 用这个人 on the registration page, where the keyboard begins on a matter that was opened from a queue,
   a box that narrows a long select, a category that is offered above it. */
"use strict";

document.addEventListener("click", (event) => {
  const use = event.target.closest("[data-use-person]");
  if (!use) return;
  event.preventDefault();
  document.querySelector("#register [name=person]").value = use.dataset.usePerson;
  document.getElementById("register").dispatchEvent(new Event("input", { bubbles: true })); // the draft
  htmx.trigger("#beside", "chosen");
});

/* Whoever works through a queue has read the rail: the next Tab leads into the matter, and its title is read out. */
const begin = document.querySelector("[data-begin]");
if (begin && document.activeElement === document.body) begin.focus({ preventScroll: true });

/* A select of ninety choices cannot be typed into with an input method: a box above it leaves those that hold what is
   typed there, in their own name or that of their group. A single one left is chosen; Enter goes on to the select. */
function narrows(select) {
  const all = Array.from(select.children);
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "search", className: "ctl", autocomplete: "off" });
  label.className = "narrows";
  label.append(select.dataset.narrow, box);
  select.before(label);

  const holding = (part, words) => {
    if (part.tagName !== "OPTGROUP") return !part.value || part.textContent.includes(words) ? part : null;
    if (!words || part.label.includes(words)) return part;
    const group = part.cloneNode(true);
    Array.from(group.children).forEach((option) => { if (!option.textContent.includes(words)) option.remove(); });
    return group.childElementCount ? group : null;
  };
  const look = (event) => {
    if (event.isComposing) return;
    const words = box.value.trim();
    const before = select.value;
    select.replaceChildren(...all.map((part) => holding(part, words)).filter(Boolean));
    const left = Array.from(select.options).filter((option) => option.value);
    const kept = left.some((option) => option.value === before) ? before : "";
    select.value = words && left.length === 1 ? left[0].value : kept;
    if (select.value !== before) select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  box.addEventListener("input", look);
  box.addEventListener("compositionend", look);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    select.focus();
  });
}
window.htmx?.onLoad((part) => part.querySelectorAll("select[data-narrow]").forEach(narrows));

/* A category that is offered goes into the choice when it is pressed, whatever the box above it left of the choice. */
document.addEventListener("click", (event) => {
  const offered = event.target.closest("[data-pick]");
  const select = offered?.form?.elements.category;
  if (!select) return;
  event.preventDefault();
  const box = select.parentElement.querySelector(".narrows > input");
  if (box && box.value) {
    box.value = "";
    box.dispatchEvent(new Event("input"));
  }
  select.value = offered.value;
  select.dispatchEvent(new Event("input", { bubbles: true })); // the draft
  select.dispatchEvent(new Event("change", { bubbles: true }));
  select.focus();
});
