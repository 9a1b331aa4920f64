/* Only the page of the house: whether the computer it is read on and the server agree about the time. */
"use strict";

const told = document.querySelector("[data-server-now]");
const apart = told ? Math.round(Math.abs(Date.now() / 1000 - Number(told.dataset.serverNow)) / 60) : 0;
if (apart > 2) {
  told.querySelector("span").textContent = told.dataset.words.replace("{n}", apart);
  told.hidden = false;
}
