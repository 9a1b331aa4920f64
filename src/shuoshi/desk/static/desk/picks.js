/* Rows that can be ticked: how many are, all of this page, a range with Shift, and the bar that stays in sight meanwhile. */
"use strict";

document.querySelectorAll("[data-picks]").forEach((list) => {
  const bar = list.querySelector(".bar-of-picks");
  const all = list.querySelector("[data-pick-all]");
  const said = list.querySelector("[data-picked]");
  const none = said.textContent;
  const boxes = [...list.querySelectorAll("input[name=rows]")];
  let last = -1;
  let shift = false;

  const tell = () => {
    const n = boxes.filter((box) => box.checked).length;
    said.textContent = n ? said.dataset.picked.replace("{n}", n) : none;
    bar.classList.toggle("on", n > 0);
    all.firstElementChild.checked = n === boxes.length;
    all.firstElementChild.indeterminate = n > 0 && n < boxes.length;
  };
  list.addEventListener("mousedown", (event) => {
    shift = event.shiftKey;
    if (shift && event.target.closest(".pick")) event.preventDefault(); // no text is marked on the way
  });
  list.addEventListener("keydown", (event) => { shift = event.shiftKey; });
  list.addEventListener("change", (event) => {
    const at = boxes.indexOf(event.target);
    if (event.target === all.firstElementChild) boxes.forEach((box) => { box.checked = event.target.checked; });
    else if (at >= 0) {
      if (shift && last >= 0) boxes.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((box) => { box.checked = event.target.checked; });
      last = at;
    }
    tell();
  });
  all.hidden = false;
  tell();
  window.addEventListener("pageshow", tell);
});
