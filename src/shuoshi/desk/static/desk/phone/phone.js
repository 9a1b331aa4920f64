/* The page for visits: what it shows first, the PIN, sending when there is a network, the rescue file. */
"use strict";

const SOON = 20000, LATE = 640000, SHORTEST = 8; // ms between two tries to send; signs of a PIN
let lockKey = null, token = "", retry = 0, pause = SOON, drawn = "", hiddenSince = 0;
const notes = new Map(); // what the server said of a visit

// ── what is here ──
const showUnsent = async () => {
  const items = await store.outbox();
  const visits = [...new Map(items.map((item) => [item.visit, item])).values()];
  at("unsent").textContent = visits.length;
  at("list").replaceChildren(...visits.map((item) => {
    const line = document.createElement("li");
    line.textContent = word("finished", { at: moment(item.at) });
    const note = notes.get(item.visit);
    if (note) line.append(document.createElement("br"), note);
    return line;
  }));
  at("send").hidden = at("rescue-part").hidden = !visits.length;
  return visits.map((item) => item.visit);
};
const drawHome = async () => {
  at("resume-line").hidden = !(await store.keys("drafts")).includes("draft");
  const day = await store.get("kept", "day");
  const text = day ? new TextDecoder().decode(await sealing.unlock(lockKey, day)) : "[]";
  if (text === drawn) return;
  drawn = text;
  const plans = JSON.parse(text).filter((plan) => plan.route.length);
  at("no-route").hidden = plans.length > 0;
  at("routes").replaceChildren(...plans.flatMap((plan) => {
    const heading = document.createElement("h3");
    heading.textContent = word("plan", { area: plan.name, ends: plan.ends });
    const route = [...plan.route].sort((one, other) => one[1] - other[1]); // where nobody was yet stands first
    return [heading, ...route.map(([household, done]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn" });
      button.textContent = done ? word("been", { household }) : household;
      button.addEventListener("click", () => begin({ plan: plan.id, area: plan.area, household }));
      return button;
    })];
  }));
};
const home = async () => {
  draft = null;
  await drawHome();
  show("screen-home");
};
// Two open pages would write over each other. A page that was just left or loaded anew lets go within the time waited here.
const only = () => new Promise((done) => {
  const waited = new AbortController();
  window.setTimeout(() => waited.abort(), 2000);
  navigator.locks.request("shuoshi-visits-page", { signal: waited.signal }, () => {
    done(true);
    return new Promise(() => {}); // as long as the page is there
  }).catch(() => done(false));
});
// Whether it opens without a network from now on, and whether the browser may clear what is kept here: one is told beforehand.
const settled = async () => {
  const lasts = await navigator.storage?.persist?.();
  at("lasting").textContent = lasts ? "" : word("not-lasting");
  at("ready").textContent = word(navigator.serviceWorker.controller ? "ready" : "not-ready");
  navigator.serviceWorker.register("worker.js", { scope: "./" }).catch(() => {}); // no certificate: it stands there
  await navigator.serviceWorker.ready;
  at("ready").textContent = word("ready");
};
const start = async () => {
  if (!window.isSecureContext) { unable("insecure"); return; }
  const known = window.indexedDB && crypto.subtle && crypto.randomUUID && navigator.locks && navigator.serviceWorker;
  if (!known) { unable("old"); return; }
  if (!(await only())) { unable("elsewhere"); return; }
  pad = pictures.pad(at("pad"), keepSignature);
  const stale = await store.stale();
  await showUnsent();
  const device = await store.get("kept", "device");
  if (!device) show("screen-enrol");
  else show((await store.get("kept", "pin")) ? "screen-pin" : "screen-new-pin");
  if (stale) told(word("wiped"));
  send();
  await settled();
};

// ── the phone and its PIN ──
at("enrol").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const known = await sending.state("");
    const made = await sending.enrol(known.csrf, at("phone-name").value);
    await store.keep("device", { id: made.id, key: made.key });
    await keepState(known);
    show((await store.get("kept", "pin")) ? (lockKey ? "screen-home" : "screen-pin") : "screen-new-pin");
    told(word("enrolled"));
    if (lockKey) await home();
  } catch (wrong) { failed(wrong); }
});
at("new-pin").addEventListener("submit", async (event) => {
  event.preventDefault();
  const pin = at("pin-1").value;
  if (pin.length < SHORTEST || pin !== at("pin-2").value) { told(word(pin.length < SHORTEST ? "short" : "unlike")); return; }
  const made = await sealing.newPin(pin);
  await store.setPin(made.kept);
  lockKey = made.key;
  at("new-pin").reset();
  told("");
  await home();
  send();
});
at("pin").addEventListener("submit", async (event) => {
  event.preventDefault();
  const kept = await store.get("kept", "pin");
  const typed = at("pin-0").value;
  at("pin").reset();
  const left = await store.tryPin(kept);
  try {
    lockKey = await sealing.openPin(typed, kept);
  } catch {
    if (left > 0) told(word("wrong", { n: left }));
    else { await store.wipe(); told(word("wiped")); show("screen-new-pin"); }
    return;
  }
  await store.setPin(kept);
  told("");
  await home();
  send();
});
at("forgot").addEventListener("click", async () => {
  if (!window.confirm(word("forgot"))) return;
  await store.wipe();
  show("screen-new-pin");
});

// ── sending ──
const keepState = async (known) => {
  token = known.csrf;
  await store.keep("public", known.public);
  await store.keep("areas", known.areas);
  if (lockKey && known.device === "ok") await store.keep("day", await sealing.lock(lockKey, sealing.utf8(JSON.stringify(known.plans))));
};
// Whoever has it now may be anybody: what is under the PIN goes, unless somebody writes just now; what is finished stays sealed.
const revoked = async () => {
  told(word("revoked"));
  if (!at("visit").hidden) return;
  await store.wipe();
  lockKey = null;
  drawn = "";
  show("screen-enrol");
};
const send = () => sending.alone(async () => {
  window.clearTimeout(retry);
  const device = await store.get("kept", "device");
  if (!device) return;
  try {
    const known = await sending.state(device.id);
    await keepState(known);
    at("sign-in").hidden = true;
    at("online").textContent = word("online", { name: known.person });
    if (known.device !== "ok") told(word(known.device));
    if (known.device === "revoked") await revoked();
    if (known.device === "unknown") {
      await store.keep("day", null);
      if (at("visit").hidden) show("screen-enrol");
    }
    if (!at("screen-home").hidden) await drawHome();
    if ((await showUnsent()).length) {
      await sending.all(token, (visit, what, words) => {
        if (what === "refused") { notes.set(visit, words); return; }
        notes.delete(visit);
        told(word(what));
      });
      await keepState(await sending.state(device.id));
      if (!at("screen-home").hidden) await drawHome();
    }
    pause = SOON;
  } catch (wrong) {
    failed(wrong);
    if (wrong.status === 401 && (await sending.standing(device).catch(() => ({}))).device === "revoked") await revoked();
    pause = Math.min(pause * 2, LATE);
  }
  // What was refused waits for a person; all else is tried again by itself.
  if ((await showUnsent()).some((visit) => !notes.has(visit))) retry = window.setTimeout(send, pause);
});
at("send").addEventListener("click", () => { notes.clear(); pause = SOON; send(); });
window.addEventListener("online", () => { pause = SOON; send(); });

// ── the rescue files ──
// No file is larger than what the server takes in; a record comes before its pictures, in the same file or an earlier one.
at("rescue").addEventListener("click", async () => {
  const most = Number(at("rescue").dataset.most), head = '{"shuoshi":"visits","version":1,"items":[', tail = "]}";
  const files = [];
  let texts = [], size = head.length + tail.length;
  const cut = () => {
    files.push(new Blob([head, texts.join(","), tail], { type: "application/json" }));
    texts = [];
    size = head.length + tail.length;
  };
  for (const { id } of await store.outbox()) {
    const { visit, place, sha256, sealed } = await store.get("outbox", id);
    const text = JSON.stringify({ visit, place, sha256, sealed: sealing.toBase64(sealed) });
    if (texts.length && size + text.length + 1 > most) cut();
    texts.push(text);
    size += text.length + 1;
  }
  if (texts.length) cut();
  for (const [n, file] of files.entries()) {
    const name = files.length > 1 ? word("file-nth", { n: n + 1 }) : word("file");
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `${name}.json` });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    await new Promise((done) => window.setTimeout(done, 500)); // a browser takes one after another
  }
  told(files.length > 1 ? word("rescued-many", { n: files.length }) : word("rescued"));
});

start().catch(failed);
