/* The palette behind Ctrl+K: what is there is narrowed at once, and a moment later the server says what fits; arrows go
   through the links, Enter takes the first. Nothing is sent while an input method composes. */
"use strict";

const palette = document.getElementById("palette");
const opener = document.querySelector("[data-palette]");

if (palette && opener && palette.showModal) {
  const form = palette.querySelector("[data-palette-form]");
  const box = palette.querySelector("[data-palette-q]");
  const place = palette.querySelector("[data-palette-links]");
  const said = palette.querySelector("[data-palette-said]");
  const links = () => [...place.querySelectorAll("li:not([hidden]) a")];
  let shown = null; // what the links answer to; null before any are there
  let asking = 0;
  let timer = 0;
  let go = false; // Enter was pressed before the answer came

  const tell = () => { said.textContent = said.dataset.paletteSaid.replace("{n}", links().length); };
  const narrow = (words) => {
    place.querySelectorAll("li").forEach((item) => { item.hidden = !item.textContent.includes(words); });
    place.querySelectorAll("section").forEach((part) => { part.hidden = !part.querySelector("li:not([hidden])"); });
  };
  const leave = () => { const first = links()[0]; if (first) first.click(); };
  const ask = async () => {
    window.clearTimeout(timer);
    timer = 0;
    const words = box.value.trim();
    const mine = asking += 1;
    const data = new FormData(form);
    data.set("at", location.pathname);
    try {
      const answer = await fetch(form.dataset.paletteForm, { method: "POST", body: data, credentials: "same-origin" });
      if (mine !== asking) return;
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asking) return;
      place.replaceChildren(...page.body.children);
      shown = words;
      tell();
      if (go) leave();
    } catch {
      if (mine === asking && shown === null) location.assign(opener.href);
    }
    go = false;
  };
  const typed = (event) => {
    if (event.isComposing) return;
    narrow(box.value.trim());
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 250);
  };
  const open = () => {
    box.value = "";
    narrow("");
    palette.showModal();
    box.focus();
    ask();
  };

  opener.addEventListener("click", (event) => { event.preventDefault(); open(); });
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.shortcuts === "off" || event.isComposing) return;
    if (event.ctrlKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); if (!palette.open) open(); }
  });
  box.addEventListener("input", typed);
  box.addEventListener("compositionend", () => typed(new Event("input")));
  form.addEventListener("submit", (event) => event.preventDefault());
  palette.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && event.target === box) {
      event.preventDefault();
      if (shown === box.value.trim()) { leave(); return; }
      go = true;
      ask();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = links();
    const to = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (event.target === box && event.key === "ArrowUp") return;
    event.preventDefault();
    if (to < 0) box.focus();
    else if (to < all.length) all[to].focus();
  });
}
