/* The slip opens the print dialog by itself; the button does the same again. Leaving, the list takes the slip's place in
   the browser's history, so that going back never asks for the slip a second time. */
"use strict";
const list = document.querySelector("[data-leave-after]");
const leave = () => location.replace(list.href);
window.addEventListener("load", () => window.print());
list.addEventListener("click", (event) => { event.preventDefault(); leave(); });
setTimeout(leave, Number(list.dataset.leaveAfter) * 1000);
