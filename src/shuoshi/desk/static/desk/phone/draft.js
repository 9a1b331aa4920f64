/* The one visit that is being written down: kept under the PIN after each change, until it is finished and sealed to the server. */
"use strict";

const MOST_PHOTOS = 19, LINE = 200; // with a signature: MOST_FILES and LINE of channels/visits
let draft = null, pad = null, timer = 0;
let submitting = false, finishing = false; // finishing: what is written now is sealed, nothing is kept as a draft any more

const begin = async (given) => {
  if ((await store.keys("drafts")).includes("draft") && !window.confirm(word("replace"))) return;
  await store.clearDrafts();
  draft = { visit: crypto.randomUUID(), begun: new Date().toISOString(), book: false, plan: "", area: "", household: "", beside: "",
    met: null, signed: "", said: [], ...given };
  draft.household = draft.household.slice(0, LINE);
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
  at("visit-title").textContent = word(draft.book ? "book" : "visit");
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
  box.querySelector("[data-away]").addEventListener("click", () => {
    const written = JSON.parse(box.dataset.files).length || box.querySelector("[data-name=content]").value.trim();
    if (written && !window.confirm(word("drop-said"))) return;
    box.remove();
    met();
    at("add-said").focus();
    save();
  });
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
// One choice after another, since each takes a while; finishing waits for the last of them.
let adding = Promise.resolve(), lost = 0;
const addPhotos = (box, input) => {
  const chosen = [...input.files];
  input.value = "";
  adding = adding.then(() => addEach(box, chosen));
  return adding;
};
const addEach = async (box, chosen) => {
  for (const file of chosen) {
    if (!box.isConnected) return;
    if (photosOf().length >= MOST_PHOTOS) { lost += 1; problem(word("photos")); return; }
    try {
      const data = await pictures.reduced(file), digest = await sealing.sha256(data);
      const sealed = await sealing.lock(lockKey, data);
      if (!draft || !box.isConnected) return;
      if (JSON.parse(box.dataset.files).includes(digest)) continue;
      await store.putDraft(`file ${digest}`, sealed);
      box.dataset.files = JSON.stringify([...JSON.parse(box.dataset.files), digest]);
      showPhoto(box, digest, data);
      await save();
    } catch (wrong) { lost += 1; problem(word(full(wrong) ? "full" : "no-picture", { name: file.name })); }
  }
};
const numberPhotos = (box) => [...box.querySelectorAll("[data-shown] li")].forEach((line, n) => {
  line.querySelector("img").alt = word("photo", { n: n + 1 });
  line.querySelector("button").setAttribute("aria-label", word("away-nth", { n: n + 1 }));
});
const showPhoto = (box, digest, data) => {
  const line = document.createElement("li"), picture = new Image(), away = document.createElement("button");
  picture.src = URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));
  Object.assign(away, { type: "button", className: "btn", textContent: word("away") });
  away.addEventListener("click", async () => {
    URL.revokeObjectURL(picture.src);
    const next = line.nextElementSibling || line.previousElementSibling;
    line.remove();
    numberPhotos(box);
    (next?.querySelector("button") || box.querySelector("[data-photos]")).focus();
    box.dataset.files = JSON.stringify(JSON.parse(box.dataset.files).filter((one) => one !== digest));
    await save();
  });
  line.append(picture, away);
  box.querySelector("[data-shown]").append(line);
  numberPhotos(box);
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
// One after another, so that nothing is written behind the back of finishing, or of letting go.
let saved = Promise.resolve();
const inTurn = (work) => {
  const mine = draft;
  saved = saved.then(async () => {
    if (!mine || draft !== mine || !lockKey || finishing) return;
    try {
      await work(() => draft === mine && !finishing);
    } catch (wrong) { problem(word(full(wrong) ? "full" : "unsaved")); }
  });
  return saved;
};
const save = () => {
  window.clearTimeout(timer);
  return inTurn(async (still) => {
    if (at("visit").hidden) return;
    read();
    const sealed = await sealing.lock(lockKey, sealing.utf8(JSON.stringify(draft)));
    if (still()) await store.putDraft("draft", sealed);
  });
};
const keepSignature = () => inTurn(async (still) => {
  const sealed = await sealing.lock(lockKey, await pad.drawn());
  if (still()) await store.putDraft("signature", sealed);
});
at("visit").addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(save, 400); });
at("visit").addEventListener("change", () => { met(); save(); });
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) hiddenSince = Date.now();
  await save();
  if (!document.hidden && lockKey && Date.now() - hiddenSince > 600000) window.location.reload(); // ten minutes in a pocket: locked
});
at("clear-pad").addEventListener("click", () => { pad.clear(); inTurn(() => store.dropDraft("signature")); });
at("later").addEventListener("click", async () => { await adding; await save(); await home(); });
at("drop").addEventListener("click", async () => {
  if (!window.confirm(word("drop"))) return;
  draft = null;
  window.clearTimeout(timer);
  await adding;
  await saved; // what was on its way is written before it is cleared
  await store.clearDrafts();
  await home();
});

// ── finishing ──
const missing = () => {
  if (!draft.area) return "no-area";
  if (draft.met === null) return "no-met";
  if (!draft.met) return draft.said.some((one) => one.content || one.files.length) ? "said-but-away" : "";
  if (draft.book && !draft.said.length) return "no-content";
  if (draft.said.some((one) => !one.content)) return "no-content";
  if (draft.said.some((one) => one.naming !== "anonymous" && !one.name && !one.phone)) return "no-name";
  return "";
};
at("visit").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (submitting || !draft) return;
  submitting = true;
  try {
    await submit();
  } catch (wrong) { problem(word(full(wrong) ? "full" : "unsaved")); } finally { submitting = finishing = false; }
});
const submit = async () => {
  const before = lost;
  await adding;
  await save();
  if (!draft || lost !== before) return; // a photo was still on its way and did not get here: that is said
  const wrong = missing();
  if (wrong) { problem(word(wrong)); return; }
  finishing = true;
  await finish();
  draft = null;
  told(word("kept"));
  await showUnsent();
  drawn = "";
  await home();
  send();
};
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

