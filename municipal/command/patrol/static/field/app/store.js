/* What the phone keeps: the bundle, the queue in its order, photos, drafts. */
const { user } = document.body.dataset;
let opened;
export const db = () => {
  opened ??= idb.openDB(`field-${user}`, 1, {
    upgrade(made) {
      made.createObjectStore("meta");
      made.createObjectStore("entries", { keyPath: "seq" });
      made.createObjectStore("photos", { keyPath: "uid" });
      made.createObjectStore("drafts");
    },
  });
  return opened;
};
export const meta = async (key) => (await db()).get("meta", key);
export const keep = async (key, value) => (await db()).put("meta", value, key);
export const draft = async (key) => (await db()).get("drafts", key);
export const keepDraft = async (key, value) => (await db()).put("drafts", value, key);
export const dropDraft = async (key) => (await db()).delete("drafts", key);
export const entries = async () => (await db()).getAll("entries");

/* A UUID of version 7: its order is the order in time. */
export const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = BigInt(Date.now());
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = Number(time & 255n);
    time >>= 8n;
  }
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
};

/* Which queue this is; made once per person and phone. */
export const device = async () => {
  const store = (await db()).transaction("meta", "readwrite").store;
  const known = await store.get("device");
  if (known) return known;
  const made = uuid();
  await store.put(made, "device");
  return made;
};

/* Put something done at the end of the queue, with its photos, in one go. */
export const add = async (kind, payload, { label = "", photos = {} } = {}) => {
  const change = (await db()).transaction(["meta", "entries", "photos"], "readwrite");
  const seq = ((await change.objectStore("meta").get("seq")) ?? 0) + 1;
  const whole = { ...payload };
  for (const [name, files] of Object.entries(photos)) {
    whole[name] = [];
    for (const file of files) {
      const uid = uuid();
      await change.objectStore("photos").put({ uid, seq, name: file.name || `${uid}.jpg`, blob: file, sent: false });
      whole[name].push(uid);
    }
  }
  const entry = { seq, id: uuid(), kind, payload: whole, made_at: new Date().toISOString(), state: "waiting", label };
  await change.objectStore("entries").put(entry);
  await change.objectStore("meta").put(seq, "seq");
  await change.done;
  return entry;
};
export const change = async (seq, values) => {
  const store = (await db()).transaction("entries", "readwrite").store;
  const known = await store.get(seq);
  if (known) await store.put({ ...known, ...values });
};
