/* Where the phone is while on duty: few positions, kept until they are sent in one go. */
import { here } from "./map.js";
import { send } from "./queue.js";
import { add, db, entries, keep, meta } from "./store.js";

const OFFLINE = 60;        // positions in one entry while there is no line
const STILL = 15;          // metres: less is the same place
const REST = 4;            // in the same place only each fourth position is kept
const OLDEST = 7 * 86_400; // seconds that the platform takes back
const CLOCKS = ["clock_in", "clock_out"];
let watching;
let timer;
let turn = Promise.resolve();
const oneByOne = (action) => { turn = turn.then(action, action); return turn; };

/* Whether one is on duty: what the bundle does not know of yet counts before it. */
export const state = async () => {
  const known = (await meta("bundle-seq")) ?? 0;
  const last = (await entries()).filter((entry) => CLOCKS.includes(entry.kind) && (entry.state === "waiting" || (entry.state === "applied" && entry.seq > known))).at(-1);
  if (last) return { since: last.kind === "clock_in" ? last.made_at : null, waiting: last.state === "waiting" };
  return { since: (await meta("bundle"))?.duty?.since ?? null, waiting: false };
};

/* Put the kept positions into the queue as one entry. */
const flush = async () => {
  const points = (await meta("track")) ?? [];
  if (!points.length) return;
  const now = Date.now();
  const rows = points.map(({ at, lon, lat, accuracy }) => [Math.max(0, (now - at) / 1000), lon, lat, accuracy]).filter(([before]) => before < OLDEST);
  if (rows.length) await add("track", { points: rows });
  await keep("track", []);
};
export const finish = () => oneByOne(flush);

const far = (a, b) => Math.hypot((b.lon - a.lon) * Math.cos(a.lat * Math.PI / 180), b.lat - a.lat) * 111_195;
const take = async ({ lon, lat, accuracy }) => {
  const { interval = 30, send_every: every = 4 } = (await meta("bundle"))?.duty ?? {};
  const points = (await meta("track")) ?? [];
  const last = await meta("track-last");
  const now = Date.now();
  const place = { at: now, lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)), accuracy: Math.round(accuracy ?? 0) };
  const passed = last ? (now - last.at) / 1000 : Infinity;
  if (passed >= 0 && passed < interval * 0.9) return;
  if (passed >= 0 && passed < interval * REST * 0.9 && far(last, place) < STILL) return;
  await keep("track", [...points, place]);
  await keep("track-last", place);
  if (points.length + 1 < (navigator.onLine ? every : OFFLINE)) return;
  await flush();
  send();
};
const seen = (place) => oneByOne(() => take(place));

/* Watch as long as one is on duty; the timer asks where nothing moves. */
export const follow = async () => {
  const on = Boolean((await state()).since) && "geolocation" in navigator;
  if (on && watching === undefined) {
    watching = navigator.geolocation.watchPosition(({ coords }) => seen({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }), () => {}, { enableHighAccuracy: true, maximumAge: 15_000 });
    const { interval = 30 } = (await meta("bundle"))?.duty ?? {};
    timer = setInterval(() => here().then(seen).catch(() => {}), interval * 1000);
  } else if (!on && watching !== undefined) {
    navigator.geolocation.clearWatch(watching);
    clearInterval(timer);
    watching = undefined;
    await finish();
  }
  document.body.dataset.tracking = String(on);
};

/* Positions that arrived need no place in the phone. */
export const tidy = async () => {
  const store = await db();
  for (const entry of await entries()) if (entry.kind === "track" && entry.state === "applied") await store.delete("entries", entry.seq);
};
