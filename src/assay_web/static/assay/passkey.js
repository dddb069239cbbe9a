// Passkeys: asks the browser for a credential and sends it as a form field. Every page that loads this says what works without it.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

const creation = (o) => ({
  ...o,
  challenge: bytes(o.challenge),
  user: { ...o.user, id: bytes(o.user.id) },
  excludeCredentials: (o.excludeCredentials || []).map((c) => ({ ...c, id: bytes(c.id) })),
});
const request = (o) => ({
  ...o,
  challenge: bytes(o.challenge),
  allowCredentials: (o.allowCredentials || []).map((c) => ({ ...c, id: bytes(c.id) })),
});
const created = (c) => ({
  type: c.type, id: c.id, rawId: text(c.rawId),
  authenticatorAttachment: c.authenticatorAttachment,
  clientExtensionResults: c.getClientExtensionResults(),
  response: {
    clientDataJSON: text(c.response.clientDataJSON),
    attestationObject: text(c.response.attestationObject),
    transports: c.response.getTransports ? c.response.getTransports() : [],
  },
});
const asserted = (c) => ({
  type: c.type, id: c.id, rawId: text(c.rawId),
  authenticatorAttachment: c.authenticatorAttachment,
  clientExtensionResults: c.getClientExtensionResults(),
  response: {
    clientDataJSON: text(c.response.clientDataJSON),
    authenticatorData: text(c.response.authenticatorData),
    signature: text(c.response.signature),
    userHandle: c.response.userHandle ? text(c.response.userHandle) : null,
  },
});

const WORDS = {
  NotAllowedError: "No passkey was given. Try again, or use another way.",
  InvalidStateError: "This device has a passkey for your account already.",
  TooOften: "This was tried too often. Wait five minutes, then try again.",
};

async function options(form) {
  if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.dataset.options, { headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
  if (answer.status === 429) throw Object.assign(new Error(), { name: "TooOften" });
  return answer.json();
}

async function ask(form) {
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy")) return;
  said.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const given = await options(form);
    const credential = given.creation_options
      ? created(await navigator.credentials.create({ publicKey: creation(given.creation_options.publicKey) }))
      : asserted(await navigator.credentials.get({ publicKey: request(given.request_options.publicKey) }));
    form.querySelector("[name=credential]").value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    said.textContent = WORDS[error.name] || "This browser could not use a passkey here. Use another way.";
    said.hidden = false;
    button.removeAttribute("aria-busy");
  }
}

const known = Boolean(window.PublicKeyCredential);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !known;
  form.querySelector("button").addEventListener("click", (event) => { event.preventDefault(); ask(form); });
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(form); });
}
for (const instead of document.querySelectorAll("[data-without-passkey]")) instead.hidden = known;
