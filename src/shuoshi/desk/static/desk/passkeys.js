/* Passkeys: the form of a button marked data-passkey is sent once the device has answered what the server asked. Where the
   browser has none, the buttons stay away and the words about it stay. */
"use strict";

const able = Boolean(window.isSecureContext && window.PublicKeyCredential && navigator.credentials);
document.querySelectorAll("[data-passkey], [data-passkey-able]").forEach((part) => { part.hidden = !able; });
document.querySelectorAll("[data-passkey-unable]").forEach((part) => { part.hidden = able; });

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

function toText(bytes) {
  const plain = Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

async function question(button) {
  const token = button.form.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ purpose: button.dataset.passkey, csrfmiddlewaretoken: token });
  const answer = await fetch(button.dataset.ask, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const asked = await answer.json();
  asked.challenge = toBytes(asked.challenge);
  if (asked.user) asked.user.id = toBytes(asked.user.id);
  (asked.allowCredentials || asked.excludeCredentials || []).forEach((one) => { one.id = toBytes(one.id); });
  return asked;
}

async function answered(button) {
  const publicKey = await question(button);
  const found = button.dataset.passkey === "add"
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  const response = {};
  ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((part) => {
    if (found.response[part]) response[part] = toText(found.response[part]);
  });
  return JSON.stringify({ id: found.id, rawId: toText(found.rawId), type: found.type, response });
}

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button || !button.matches("[data-passkey]") || !able) return;
  event.preventDefault();
  const said = button.form.querySelector("[data-passkey-said]");
  said.textContent = button.dataset.asking;
  button.disabled = true;
  try {
    button.form.querySelector("[data-passkey-answer]").value = await answered(button);
    button.form.submit();
  } catch (error) {
    const known = error && error.name === "InvalidStateError";
    said.textContent = known ? button.dataset.known : button.dataset.failed;
    button.disabled = false;
  }
});
