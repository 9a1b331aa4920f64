/* What is sealed on the phone. To the server: HPKE (RFC 9180) with P-256, HKDF-SHA256 and AES-256-GCM, as kernel/crypto.py
   opens it; nothing here can open it again. For an open draft: AES-256-GCM under a key that only the PIN gives. */
"use strict";

const sealing = (() => {
  const ROUNDS = 600000; // PBKDF2-SHA256, OWASP 2023
  const KEM = [0x4b, 0x45, 0x4d, 0, 0x10], SUITE = [0x48, 0x50, 0x4b, 0x45, 0, 0x10, 0, 1, 0, 2]; // "KEM", "HPKE" with their numbers
  const utf8 = (text) => new TextEncoder().encode(text);
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", data));

  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  };
  const toBase64 = (buffer) => {
    let text = "";
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

  const hmac = async (key, data) => {
    const whole = key.length ? key : new Uint8Array(32); // an empty key is the same as one of zeros
    const made = await crypto.subtle.importKey("raw", whole, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
  };
  const extract = (suite, salt, label, material) => hmac(salt, join(utf8("HPKE-v1"), suite, utf8(label), material));
  const expand = async (suite, secret, label, info, length) =>
    (await hmac(secret, join([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]))).slice(0, length);

  // RFC 9180, SealBase with one message: what stands for the ephemeral key, then the ciphertext. 0x03 is our name of the suite.
  const toServer = async (publicKey, place, data) => {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const server = fromBase64(publicKey);
    const theirs = await crypto.subtle.importKey("raw", server, curve, false, []);
    const pair = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256));
    const kem = Uint8Array.from(KEM), suite = Uint8Array.from(SUITE), none = new Uint8Array(0);
    const secret = await expand(kem, await extract(kem, none, "eae_prk", shared), "shared_secret", join(point, server), 32);
    const about = join([3], utf8(place));
    const context = join([0], await extract(suite, none, "psk_id_hash", none), await extract(suite, none, "info_hash", about));
    const main = await extract(suite, secret, "secret", none);
    const key = await crypto.subtle.importKey("raw", await expand(suite, main, "key", context, 32), "AES-GCM", false, ["encrypt"]);
    const iv = await expand(suite, main, "base_nonce", context, 12);
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, data));
    return join([3], point, sealed).buffer;
  };
  const placeOfRecord = (visit) => `shuoshi visit\0record\0${visit}`;
  const placeOfFile = (visit, digest) => `shuoshi visit\0file\0${visit}\0${digest}`;

  const lock = async (key, data) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, data) };
  };
  const unlock = (key, kept) => crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, key, kept.sealed);
  const ofPin = async (pin, salt) => {
    const material = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  };
  const imported = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  // A new key for drafts, and what is kept of it: sealed under the PIN.
  const newPin = async (pin) => {
    const salt = crypto.getRandomValues(new Uint8Array(16)), raw = crypto.getRandomValues(new Uint8Array(32));
    return { key: await imported(raw), kept: { salt, ...(await lock(await ofPin(pin, salt), raw)) } };
  };
  // The key again; fails with a wrong PIN.
  const openPin = async (pin, kept) => imported(await unlock(await ofPin(pin, kept.salt), kept));

  return { hex, sha256, toBase64, fromBase64, toServer, placeOfRecord, placeOfFile, lock, unlock, newPin, openPin, utf8 };
})();
