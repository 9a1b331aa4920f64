/* The page for visits: its screens, the open draft, finishing, sending when there is a network. No words here: they are in #words. */
"use strict";

const at = (id) => document.getElementById(id);
const word = (name, values = {}) => {
  const text = document.querySelector(`#words [data-word="${name}"]`)?.textContent || name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
};
const told = (text) => { at("told").textContent = text; };
const full = (problem) => problem?.name === "QuotaExceededError" || problem?.inner?.name === "QuotaExceededError";
const moment = (text) => new Date(text).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

let lockKey = null, draft = null, pad = null, token = "", timer = 0, retry = 0, drawn = "", finishing = false, hiddenSince = 0;
const notes = new Map(); // what the server said of a visit

// ── screens ──
const screens = ["screen-enrol", "screen-new-pin", "screen-pin", "screen-home", "visit"];
const show = (name) => {
  for (const one of screens) at(one).hidden = one !== name;
  at("heading").focus();
  window.scrollTo(0, 0);
};
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
  at("send").hidden = !visits.length;
  return visits.length;
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
const start = async () => {
  if (!window.isSecureContext || !window.indexedDB || !crypto.subtle) {
    at("why-not").textContent = word(window.isSecureContext ? "old" : "insecure");
    at("why-not").hidden = false;
    return;
  }
  pad = pictures.pad(at("pad"), keepSignature);
  const stale = await store.stale();
  await showUnsent();
  const device = await store.get("kept", "device");
  if (!device) show("screen-enrol");
  else show((await store.get("kept", "pin")) ? "screen-pin" : "screen-new-pin");
  if (stale) told(word("wiped"));
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("worker.js", { scope: "./" }).catch(() => {});
  await navigator.storage?.persist?.();
  send();
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
  } catch (problem) { failed(problem); }
});
at("new-pin").addEventListener("submit", async (event) => {
  event.preventDefault();
  const pin = at("pin-1").value;
  if (pin.length < 6 || pin !== at("pin-2").value) { told(word(pin.length < 6 ? "short" : "unlike")); return; }
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

// ── the draft ──
const begin = async (given) => {
  if ((await store.keys("drafts")).includes("draft") && !window.confirm(word("replace"))) return;
  await store.clearDrafts();
  draft = { visit: crypto.randomUUID(), begun: new Date().toISOString(), book: false, plan: "", area: "", household: "", beside: "",
    met: null, signed: "", said: [], ...given };
  await openDraft();
};
at("begin").addEventListener("click", () => begin({}));
at("begin-book").addEventListener("click", () => begin({ book: true, met: true }));
at("resume").addEventListener("click", async () => {
  draft = JSON.parse(new TextDecoder().decode(await sealing.unlock(lockKey, await store.get("drafts", "draft"))));
  await openDraft();
});
const openDraft = async () => {
  const areas = (await store.get("kept", "areas")) || [];
  at("area").replaceChildren(...[["", word("choose")], ...areas].map(([value, name]) => new Option(name, value)));
  at("area").value = draft.area || (areas.length === 1 ? areas[0][0] : "");
  for (const name of ["household", "beside", "signed"]) at(name).value = draft[name];
  at("met-yes").checked = draft.met === true;
  at("met-no").checked = draft.met === false;
  at("at-home").hidden = draft.book;
  pad.clear();
  const signature = await store.get("drafts", "signature");
  if (signature) await pad.restore(await sealing.unlock(lockKey, signature));
  at("said").replaceChildren();
  const said = draft.said.length || !draft.book ? draft.said : [{}];
  for (const one of said) await addSaid(one);
  at("problem").hidden = true;
  met();
  show("visit");
  await save();
};
const met = () => {
  at("met-part").hidden = !at("met-yes").checked && !draft.book;
  const boxes = [...document.querySelectorAll("#said .said")];
  boxes.forEach((box, n) => { box.querySelector("h2").textContent = word("nth", { n: n + 1 }); });
  at("sign-part").hidden = !boxes.length;
  at("add-said").hidden = boxes.length >= 10;
};
let controls = 0;
const addSaid = async (given = {}) => {
  const box = at("one-said").content.cloneNode(true).querySelector(".said");
  for (const field of box.querySelectorAll(".field")) {
    const control = field.querySelector(".ctl");
    control.id = `said-${++controls}`;
    field.querySelector("label").htmlFor = control.id;
    if (given[control.dataset.name] !== undefined) control.value = given[control.dataset.name];
  }
  box.dataset.files = JSON.stringify(given.files || []);
  const naming = box.querySelector("[data-name=naming]");
  const who = () => box.querySelectorAll(".who").forEach((field) => { field.hidden = naming.value === "anonymous"; });
  naming.addEventListener("change", who);
  who();
  box.querySelector("[data-photos]").addEventListener("change", (event) => addPhotos(box, event.target));
  box.querySelector("[data-away]").addEventListener("click", () => { box.remove(); met(); save(); });
  at("said").append(box);
  for (const digest of JSON.parse(box.dataset.files)) {
    showPhoto(box, digest, await sealing.unlock(lockKey, await store.get("drafts", `file ${digest}`)));
  }
};
at("add-said").addEventListener("click", async () => {
  await addSaid();
  met();
  document.querySelector("#said .said:last-child textarea").focus();
});
const photosOf = () => [...document.querySelectorAll("#said .said")].flatMap((one) => JSON.parse(one.dataset.files));
const addPhotos = async (box, input) => {
  const chosen = [...input.files];
  input.value = "";
  for (const file of chosen) {
    if (photosOf().length >= 19) { problem(word("photos")); return; }
    try {
      const data = await pictures.reduced(file), digest = await sealing.sha256(data);
      const files = JSON.parse(box.dataset.files);
      if (files.includes(digest)) continue;
      await store.putDraft(`file ${digest}`, await sealing.lock(lockKey, data));
      box.dataset.files = JSON.stringify([...files, digest]);
      showPhoto(box, digest, data);
      await save();
    } catch (wrong) { problem(word(full(wrong) ? "full" : "no-picture", { name: file.name })); }
  }
};
const showPhoto = (box, digest, data) => {
  const line = document.createElement("li"), picture = new Image(), away = document.createElement("button");
  picture.src = URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));
  picture.alt = word("photo");
  Object.assign(away, { type: "button", className: "btn", textContent: word("away") });
  away.addEventListener("click", async () => {
    URL.revokeObjectURL(picture.src);
    line.remove();
    box.dataset.files = JSON.stringify(JSON.parse(box.dataset.files).filter((one) => one !== digest));
    await save();
  });
  line.append(picture, away);
  box.querySelector("[data-shown]").append(line);
};
const read = () => {
  for (const name of ["area", "household", "beside", "signed"]) draft[name] = at(name).value.trim();
  if (!draft.book) draft.met = at("met-yes").checked ? true : at("met-no").checked ? false : null;
  draft.said = [...document.querySelectorAll("#said .said")].map((box) => {
    const one = { files: JSON.parse(box.dataset.files) };
    for (const control of box.querySelectorAll("[data-name]")) one[control.dataset.name] = control.value.trim();
    return one;
  });
};
// One after another, so that nothing is written behind the back of finishing.
let saved = Promise.resolve();
const save = () => {
  window.clearTimeout(timer);
  saved = saved.then(saveNow);
  return saved;
};
const saveNow = async () => {
  if (!draft || !lockKey || finishing || at("visit").hidden) return;
  read();
  try {
    await store.putDraft("draft", await sealing.lock(lockKey, sealing.utf8(JSON.stringify(draft))));
  } catch (wrong) { problem(word(full(wrong) ? "full" : "unsaved")); }
};
const keepSignature = async () => {
  try {
    await store.putDraft("signature", await sealing.lock(lockKey, await pad.drawn()));
  } catch (wrong) { problem(word(full(wrong) ? "full" : "unsaved")); }
};
at("visit").addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(save, 400); });
at("visit").addEventListener("change", () => { met(); save(); });
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) hiddenSince = Date.now();
  await save();
  if (!document.hidden && lockKey && Date.now() - hiddenSince > 600000) window.location.reload(); // ten minutes in a pocket: locked
});
at("clear-pad").addEventListener("click", async () => { pad.clear(); await store.dropDraft("signature"); });
at("later").addEventListener("click", async () => { await save(); await home(); });
at("drop").addEventListener("click", async () => {
  if (!window.confirm(word("drop"))) return;
  draft = null;
  window.clearTimeout(timer);
  await store.clearDrafts();
  await home();
});

// ── finishing ──
const problem = (text) => {
  at("problem").textContent = text;
  at("problem").hidden = false;
  at("problem").focus();
};
const missing = () => {
  if (!draft.area) return "no-area";
  if (draft.met === null) return "no-met";
  if (!draft.met) return "";
  if (draft.book && !draft.said.length) return "no-content";
  if (draft.said.some((one) => !one.content)) return "no-content";
  if (draft.said.some((one) => one.naming !== "anonymous" && !one.name && !one.phone)) return "no-name";
  return "";
};
at("visit").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (finishing) return;
  await save();
  const wrong = missing();
  if (wrong) { problem(word(wrong)); return; }
  finishing = true;
  try {
    await finish();
    draft = null;
    told(word("kept"));
    await showUnsent();
    drawn = "";
    await home();
    send();
  } catch (failure) { problem(word(full(failure) ? "full" : "unsaved")); } finally { finishing = false; }
});
const finish = async () => {
  const device = await store.get("kept", "device"), server = await store.get("kept", "public"), finished = new Date().toISOString();
  const files = new Map();
  const said = draft.met ? draft.said.map((one) => (one.naming === "anonymous" ? { ...one, name: "", phone: "" } : one)) : [];
  for (const digest of said.flatMap((one) => one.files)) {
    files.set(digest, { kind: "photo", data: await sealing.unlock(lockKey, await store.get("drafts", `file ${digest}`)) });
  }
  if (said.length && pad.signed()) {
    const data = await pad.drawn();
    files.set(await sealing.sha256(data), { kind: "signature", data });
  }
  const { visit, begun, book, plan, area, household, beside, met: there, signed } = draft;
  const record = { visit, device: device.id, key: device.key, begun, ended: finished, book, plan, area, household, beside, met: there,
    signed: said.length ? signed : "", said, files: [...files].map(([sha256, { kind }]) => ({ sha256, kind })) };
  const item = async (place, sha256, sealed) => ({ id: `${visit} ${place}`, visit, place, sha256, sealed, at: finished,
    device: device.id, key: device.key, digest: await sealing.sha256(sealed) });
  const text = sealing.utf8(JSON.stringify(record));
  const items = [await item(0, "", await sealing.toServer(server, sealing.placeOfRecord(visit), text))];
  for (const [sha256, { data }] of files) {
    items.push(await item(items.length, sha256, await sealing.toServer(server, sealing.placeOfFile(visit, sha256), data)));
  }
  if (!(await store.keys("drafts")).includes("draft")) throw new Error("finished in another window");
  await store.finish(items);
};

// ── sending ──
const keepState = async (known) => {
  token = known.csrf;
  await store.keep("public", known.public);
  await store.keep("areas", known.areas);
  if (lockKey && known.device === "ok") await store.keep("day", await sealing.lock(lockKey, sealing.utf8(JSON.stringify(known.plans))));
};
const failed = (wrong) => {
  at("sign-in").hidden = wrong.status !== 401;
  if (wrong instanceof sending.Refusal) { told(wrong.message); return; }
  if (!(wrong instanceof sending.Away)) { told(word(full(wrong) ? "full" : "unsaved")); return; }
  at("online").textContent = word(wrong.status === 0 ? "offline" : wrong.status === 401 ? "signed-out" : "server");
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
    if (["revoked", "unknown"].includes(known.device)) {
      await store.keep("day", null);
      if (at("visit").hidden) show("screen-enrol");
    }
    if (!at("screen-home").hidden) await drawHome();
    if (await showUnsent()) {
      await sending.all(token, (visit, what, words) => {
        if (what === "refused") notes.set(visit, words);
        else if (what === "differs") told(word("differs"));
        else told(word("sent"));
      });
      await keepState(await sending.state(device.id));
      if (!at("screen-home").hidden) await drawHome();
    }
  } catch (wrong) { failed(wrong); }
  if ((await showUnsent()) && !notes.size) retry = window.setTimeout(send, 20000);
});
at("send").addEventListener("click", () => { notes.clear(); send(); });
window.addEventListener("online", send);

// ── the rescue file ──
at("rescue").addEventListener("click", async () => {
  const items = (await store.outbox()).map(({ visit, place, sha256, sealed }) => ({ visit, place, sha256, sealed: sealing.toBase64(sealed) }));
  if (!items.length) { told(word("nothing")); return; }
  const whole = new Blob([JSON.stringify({ shuoshi: "visits", version: 1, items })], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(whole), download: `${word("file")}.json` });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  told(word("rescued"));
});

start().catch(failed);
