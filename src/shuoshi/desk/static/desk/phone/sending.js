/* Sending while the page is open: the record of a visit, then each picture. The phone lets go of a thing when the server has
   answered with the digest of just that thing, and of a record last of all. Sent twice it counts once: the server knows the visit. */
"use strict";

const sending = (() => {
  class Away extends Error {} // no network, no session, no room, no time: everything stays, and is tried again
  const OF_ALL = [0, 1, 401, 403, 429, 503]; // 0: no answer, 1: an answer that is not ours
  class Refusal extends Error {} // the server says why

  const json = async (answer) => {
    const type = answer.headers.get("Content-Type") || "";
    const said = type.includes("json") ? await answer.json() : {};
    if (answer.ok && type.includes("json")) return said;
    if (answer.status === 409 && said.text) throw Object.assign(new Refusal(said.text), { code: said.code });
    throw Object.assign(new Away(said.text || ""), { status: answer.redirected ? 401 : answer.status });
  };
  const reach = async (address, options = {}) => {
    try {
      return await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "follow", ...options });
    } catch {
      throw Object.assign(new Away(""), { status: 0 });
    }
  };
  // Who is signed in, whether this phone may send, the server's key, the day: everything the phone asks before it sends.
  const state = async (device) => json(await reach(`state/?device=${encodeURIComponent(device || "")}`));
  // Whether the phone was revoked, for whom nobody is signed in.
  const standing = async ({ id, key }) => json(await reach(`standing/?device=${id}`, { headers: { "X-Phone-Key": key } }));
  const post = async (address, token, fields) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return json(await reach(address, { method: "POST", headers: { "X-CSRFToken": token }, body }));
  };
  const enrol = (token, name) => post("enrol/", token, { name });

  const one = async ({ id }, token) => {
    const item = await store.get("outbox", id);
    const sealed = new Blob([item.sealed], { type: "application/octet-stream" });
    const fields = { visit: item.visit, device: item.device, key: item.key, sealed };
    if (item.place === 0) {
      const answer = await post("record/", token, fields);
      if (answer.sealed !== item.digest) throw Object.assign(new Away(""), { status: 1 });
      return answer;
    }
    const answer = await post("file/", token, { ...fields, sha256: item.sha256 });
    if (answer.sha256 !== item.sha256 || answer.sealed !== item.digest) throw Object.assign(new Away(""), { status: 1 });
    return answer;
  };

  // Everything in the outbox. `tell(visit, what, words)` after each visit. What goes wrong with one visit keeps back no other; what
  // is wrong with all of them (no network, signed out, no room) ends it. Raises the first of what is no refusal.
  const all = async (token, tell) => {
    const visits = new Map();
    for (const item of await store.outbox()) visits.set(item.visit, [...(visits.get(item.visit) || []), item]);
    let first = null;
    for (const [visit, items] of visits) {
      try {
        const [record, ...files] = items;
        const answer = await one(record, token);
        for (const file of files) {
          await one(file, token);
          await store.sent(file.id);
        }
        await store.sent(record.id);
        tell(visit, answer.differs ? "differs" : "sent", "");
      } catch (wrong) {
        if (wrong instanceof Refusal) tell(visit, "refused", wrong.message);
        else if (wrong instanceof Away && !OF_ALL.includes(wrong.status)) first = first || wrong;
        else throw wrong;
      }
    }
    if (first) throw first;
  };
  // One at a time.
  const alone = (work) => navigator.locks.request("shuoshi-visits", { ifAvailable: true }, (lock) => (lock ? work() : null));
  return { state, standing, enrol, all, alone, Away, Refusal };
})();
