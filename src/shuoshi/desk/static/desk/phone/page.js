/* What the page for visits says and shows: its words (they are in #words), its screens, and what went wrong. */
"use strict";

const at = (id) => document.getElementById(id);
const word = (name, values = {}) => {
  const text = document.querySelector(`#words [data-word="${name}"]`)?.textContent || name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
};
const told = (text) => { at("told").textContent = text; };
const problem = (text) => {
  at("problem").textContent = text;
  at("problem").hidden = false;
  at("problem").focus();
};
const full = (wrong) => wrong?.name === "QuotaExceededError" || wrong?.inner?.name === "QuotaExceededError";
const moment = (text) => new Date(text).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

const screens = ["screen-enrol", "screen-new-pin", "screen-pin", "screen-home", "visit"];
const show = (name) => {
  for (const one of screens) at(one).hidden = one !== name;
  (at(name).querySelector("h2[tabindex]") || at("heading")).focus();
  window.scrollTo(0, 0);
};
const unable = (why) => {
  at("why-not").textContent = word(why);
  at("why-not").hidden = false;
};
// Nothing goes wrong without a word: neither what is caught, nor what nobody caught.
const failed = (wrong) => {
  at("sign-in").hidden = wrong?.status !== 401;
  if (wrong instanceof sending.Refusal) { told(wrong.message); return; }
  if (wrong instanceof sending.Away) {
    const why = wrong.status === 0 ? "offline" : wrong.status === 401 ? "signed-out" : "server";
    at("online").textContent = wrong.message || word(why);
    return;
  }
  (at("visit").hidden ? told : problem)(word(full(wrong) ? "full" : "unsaved"));
};
window.addEventListener("unhandledrejection", (event) => failed(event.reason));
