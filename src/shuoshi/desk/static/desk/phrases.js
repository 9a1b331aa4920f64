/* Phrases where somebody writes: a semicolon, an abbreviation and a space, or Alt+0 and a list. They change the text in the
   field and nothing else; without this file the link leads to the same list as a page. */
"use strict";

(() => {
  const opener = document.querySelector("[data-phrases]");
  const dialog = document.getElementById("phrases");
  if (!opener || !dialog?.showModal) return;
  const box = dialog.querySelector("[data-phrases-q]");
  const list = dialog.querySelector("[data-phrases-list]");
  const note = dialog.querySelector("[data-phrases-none]");
  const off = () => document.body.dataset.shortcuts === "off";
  const takes = (field) => field?.matches?.("main textarea") && field.form?.method === "post";
  let known = null; // what was asked for, once a page
  let field = null; // where somebody wrote last

  async function ask() {
    const answer = await fetch(opener.dataset.phrases, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.querySelectorAll("#phrase-list [data-short]")].map((one) => (
      { short: one.dataset.short, text: one.querySelector("[data-phrase]").textContent }));
  }
  const load = () => {
    known = known || ask().catch(() => { known = null; return null; });
    return known;
  };

  function put(text, from, to) {
    field.focus();
    field.setSelectionRange(from, to);
    if (document.execCommand("insertText", false, text)) return; // one step back takes it out again
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft
  }

  document.addEventListener("focusin", (event) => { if (takes(event.target)) field = event.target; });

  // ;hf and a space. The signs are looked at again when the phrases are there: somebody may have written on.
  const TYPED = /[;；]([a-z0-9]{1,12})[ \u3000]$/i;
  document.addEventListener("input", async (event) => {
    if (off() || event.isComposing || !takes(event.target)) return;
    const before = () => event.target.value.slice(0, event.target.selectionStart);
    const found = TYPED.exec(before());
    if (!found) { if (/[;；]$/.test(before())) load(); return; }
    const one = (await load())?.find((phrase) => phrase.short === found[1].toLowerCase());
    if (!one || !before().endsWith(found[0])) return;
    field = event.target;
    put(one.text, field.selectionStart - found[0].length, field.selectionStart);
  });

  // Alt+0 and the link open the list; what is chosen goes to where the caret was.
  async function open() {
    field = field?.isConnected ? field : document.querySelector("#doing textarea, main form[data-draft] textarea");
    if (!field) return;
    list.replaceChildren();
    note.textContent = "";
    box.value = "";
    dialog.showModal();
    box.focus();
    const phrases = await load();
    if (!phrases) { note.textContent = note.dataset.failed; return; }
    list.replaceChildren(...phrases.map((phrase) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn" });
      const short = document.createElement("b");
      short.className = "num";
      short.textContent = `;${phrase.short} `;
      button.append(short, phrase.text);
      button.addEventListener("click", () => choose(phrase));
      item.append(button);
      return item;
    }));
    narrow();
  }

  function choose(phrase) {
    const [from, to] = [field.selectionStart, field.selectionEnd];
    dialog.close();
    put(phrase.text, from, to);
  }

  function narrow() {
    const words = box.value.trim().toLowerCase().replace(/^[;；]/, "");
    [...list.children].forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(words); });
    const left = list.querySelector("li:not([hidden])");
    note.textContent = left ? "" : list.childElementCount ? note.dataset.none : note.dataset.empty;
  }

  opener.addEventListener("click", (event) => {
    if (!document.querySelector("main textarea")) return;
    event.preventDefault();
    open();
  });
  box.addEventListener("input", (event) => { if (!event.isComposing) narrow(); });
  box.addEventListener("compositionend", narrow);
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const buttons = [...list.querySelectorAll("li:not([hidden]) button")];
    if (event.key === "Enter" && event.target === box) {
      event.preventDefault();
      buttons[0]?.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const at = buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? box : buttons[Math.min(at, buttons.length - 1)])?.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (off() || event.isComposing || !event.altKey || event.ctrlKey || event.code !== "Digit0" || dialog.open) return;
    event.preventDefault();
    open();
  });
})();
