/* What the phone keeps, in one IndexedDB: `kept` (this phone, areas, PIN), `drafts` (under the PIN), `outbox` (sealed to the server).
   Every change is one transaction that lies on the disk before it counts: a crash leaves the whole of it, or nothing. */
"use strict";

const store = (() => {
  const TRIES = 10, DAYS = 7;
  let opened = null;

  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const database = () => {
    opened = opened || new Promise((done, failed) => {
      const request = indexedDB.open("shuoshi-visits", 2);
      request.onupgradeneeded = ({ oldVersion }) => {
        if (oldVersion < 1) {
          for (const name of ["kept", "drafts"]) request.result.createObjectStore(name);
          request.result.createObjectStore("outbox", { keyPath: "id" });
        }
        request.transaction.objectStore("outbox").createIndex("order", ["at", "visit", "place"]);
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = null; };
        done(request.result);
      };
      request.onerror = () => failed(request.error);
    });
    return opened;
  };
  // `work` gets the stores by name and must only ask them: nothing else may be waited for inside.
  const change = async (names, work) => {
    const base = await database();
    const transaction = base.transaction(names, "readwrite", { durability: "strict" });
    const ended = new Promise((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onabort = () => failed(transaction.error || new Error("aborted"));
    });
    try {
      work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    } catch (wrong) { // the disk may say no at once, or at the end: nothing of it stays either way
      ended.catch(() => {});
      transaction.abort();
      throw wrong;
    }
    await ended;
  };
  const get = async (name, key) => asked((await database()).transaction(name).objectStore(name).get(key));
  const keys = async (name) => asked((await database()).transaction(name).objectStore(name).getAllKeys());
  const keep = (key, value) => change(["kept"], ({ kept }) => kept.put(value, key));

  // What is to be sent, in order: when, which visit, its how manieth thing (0: the record). Without the things, which are large.
  const outbox = async () => {
    const found = [], index = (await database()).transaction("outbox").objectStore("outbox").index("order");
    await new Promise((done, failed) => {
      const request = index.openKeyCursor();
      request.onerror = () => failed(request.error);
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) { done(); return; }
        const [when, visit, place] = cursor.key;
        found.push({ id: cursor.primaryKey, at: when, visit, place });
        cursor.continue();
      };
    });
    return found;
  };
  const sent = (id) => change(["outbox"], ({ outbox: box }) => box.delete(id));
  // A finished record and its pictures take the place of the draft, all at once.
  const finish = (items) => change(["outbox", "drafts"], ({ outbox: box, drafts }) => {
    for (const item of items) box.add(item); // never over another
    drafts.clear();
  });

  const putDraft = (name, value) => change(["drafts"], ({ drafts }) => drafts.put(value, name));
  const dropDraft = (name) => change(["drafts"], ({ drafts }) => drafts.delete(name));
  const clearDrafts = () => change(["drafts"], ({ drafts }) => drafts.clear());
  const wipe = () => change(["kept", "drafts"], ({ kept, drafts }) => { drafts.clear(); kept.delete("pin"); kept.delete("day"); });

  const setPin = (pin) => keep("pin", { ...pin, wrong: 0, last: Date.now() });
  // A try is counted before it is made: who switches the phone off in between has used it up. How many are left.
  const tryPin = async (pin) => {
    await keep("pin", { ...pin, wrong: pin.wrong + 1 });
    return TRIES - pin.wrong - 1;
  };
  // Whether what is under the PIN was left too long or guessed at too often; then it is gone. A clock set back counts as too long.
  const stale = async () => {
    const pin = await get("kept", "pin");
    if (!pin) return false;
    const age = Date.now() - pin.last;
    if (pin.wrong < TRIES && age < DAYS * 86400000 && age > -86400000) return false;
    await wipe();
    return true;
  };
  return { get, keys, keep, outbox, sent, finish, putDraft, dropDraft, clearDrafts, wipe, setPin, tryPin, stale };
})();
