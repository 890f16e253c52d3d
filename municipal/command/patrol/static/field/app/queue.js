/* Sends the queue: photos first, piece by piece, then entries in their order. */
import { change, db, device, entries, keep } from "./store.js";

const PIECE = 256 * 1024;
const BATCH = 50;
const REST = 15_000;
const { csrfCookie, version } = document.body.dataset;
const listeners = new Set();
export const watch = (listener) => listeners.add(listener);
const tell = () => listeners.forEach((listener) => listener());

const token = () => document.cookie.split("; ").find((part) => part.startsWith(`${csrfCookie}=`))?.split("=")[1] ?? "";
export class SignedOut extends Error {}
export const call = async (url, options = {}) => {
  const answer = await fetch(url, { credentials: "same-origin", ...options, headers: { Accept: "application/json", "X-CSRFToken": token(), ...options.headers } });
  if (answer.status === 401 || answer.status === 403) throw new SignedOut();
  return answer;
};
const post = (url, body) => call(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const hash = async (blob) => {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/* One photo, from where the platform says it stands; false if it cannot be taken. */
const sendPhoto = async (photo) => {
  const begun = await post("/api/v1/files/uploads", { uid: photo.uid, name: photo.name, size: photo.blob.size, sha256: await hash(photo.blob) });
  if (!begun.ok) return false;
  let { received, attachment } = await begun.json();
  while (!attachment) {
    const answer = await call(`/api/v1/files/uploads/${photo.uid}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(received) },
      body: photo.blob.slice(received, received + PIECE),
    });
    if (!answer.ok && answer.status !== 409) return false;
    const state = answer.ok ? await answer.json() : await (await call(`/api/v1/files/uploads/${photo.uid}`)).json();
    if (answer.ok && !state.attachment && state.received === 0) return false;
    ({ received, attachment } = state);
  }
  return true;
};

const sendPhotos = async () => {
  const store = await db();
  for (const photo of await store.getAll("photos")) {
    if (photo.sent) continue;
    if (await sendPhoto(photo)) await store.delete("photos", photo.uid);
  }
};

const settle = async (answer) => {
  for (const row of answer.entries) {
    await change(row.seq, { state: row.state, reason: row.reason, result: row.result, clock_wrong: row.clock_wrong, sent: true });
  }
  await keep("contact", { at: new Date().toISOString(), offset: answer.clock_offset });
};

const sendEntries = async () => {
  const open = (await entries()).filter((entry) => entry.state === "waiting" || (entry.state === "dropped" && !entry.sent));
  for (let start = 0; start < open.length; start += BATCH) {
    const part = open.slice(start, start + BATCH).map(({ id, seq, kind, made_at, payload, state }) => ({ id, seq, kind, made_at, payload, dropped: state === "dropped" }));
    const answer = await post("/api/v1/field/sync", {
      device: await device(),
      device_clock: new Date().toISOString(),
      name: navigator.platform,
      version,
      entries: part,
    });
    if (!answer.ok) throw new Error(`sync ${answer.status}`);
    await settle(await answer.json());
  }
};

/* Send what waits; only one page of the app does it at a time. */
export const send = () => navigator.locks.request("field-send", { ifAvailable: true }, async (lock) => {
  if (!lock || !navigator.onLine) return;
  try {
    await sendPhotos();
    await sendEntries();
    await keep("trouble", "");
  } catch (error) {
    await keep("trouble", error instanceof SignedOut ? "signed-out" : "offline");
  }
  tell();
});

/* Give up something that waits; the others can go on. */
export const discard = async (entry) => {
  const store = await db();
  for (const photo of await store.getAll("photos")) {
    if (photo.seq === entry.seq) await store.delete("photos", photo.uid);
  }
  if (entry.sent && entry.state === "waiting") {
    const answer = await post(`/api/v1/field/sync/${await device()}/${entry.id}/drop`, {});
    if (!answer.ok) return;
  }
  await change(entry.seq, { state: "dropped", sent: entry.sent ?? false });
  tell();
  send();
};

export const start = () => {
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(send, REST);
  send();
};
