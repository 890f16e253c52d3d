/* The app: screens by the address behind #, the bundle, the counts in the tabs. */
import { button, element, empty, panel, when, words } from "./dom.js";
import * as duty from "./duty.js";
import * as ledger from "./ledger.js";
import { draw, mapBox } from "./map.js";
import { call, send, start, watch } from "./queue.js";
import * as report from "./report.js";
import { add, entries, keep, meta } from "./store.js";
import * as tasks from "./tasks.js";
import { follow, tidy } from "./track.js";

const main = document.getElementById("content");
const heading = document.querySelector("h1");
const FRESH = 60_000;
const REDRAWN = ["", "duty"];  // screens without anything typed in

/* Another version of the app: its worker is fetched, the person is asked to go on. */
const newVersion = () => {
  document.getElementById("update").hidden = false;
  navigator.serviceWorker?.getRegistration().then((known) => known?.update()).catch(() => {});
};

/* Take along what is needed without a line. */
const refresh = async () => {
  if (!navigator.onLine) return;
  try {
    const known = await meta("bundle-etag");
    const decided = Math.max(0, ...(await entries()).filter((entry) => entry.state !== "waiting").map((entry) => entry.seq));
    const answer = await call("/api/v1/field/bundle", { headers: known ? { "If-None-Match": known } : {} });
    if (answer.ok || answer.status === 304) await keep("bundle-seq", decided);
    if (answer.status !== 200) return;
    const bundle = await answer.json();
    await keep("bundle", bundle);
    await keep("bundle-etag", answer.headers.get("ETag"));
    if (bundle.app_version !== document.body.dataset.version) newVersion();
    if (REDRAWN.includes(location.hash.replace(/^#\/?/, ""))) route();
  } catch { /* tried again by the clock */ }
};

const home = async () => {
  main.append(...await duty.calls(route));
  await tasks.list(main);
  const bundle = await meta("bundle");
  if (bundle?.figures) main.append(panel(words.today, element("dl", { className: "field-figures" }, ...bundle.figures.flatMap(({ label, value, url }) => [element("dt", {}, label), element("dd", {}, element("a", { href: url }, String(value)))]))));
  main.append(element("p", {}, element("a", { className: "btn btn-primary w-100", href: "#/report" }, words.report)));
};
const mine = async () => {
  const rows = (await meta("bundle"))?.mine ?? [];
  main.append(rows.length ? element("ul", { className: "field-list" }, ...rows.map((row) => element("li", {}, element("a", { href: `/field/tasks/${row.uid}/` }, element("b", {}, row.class_name), element("span", {}, row.address || row.number), element("span", { className: "meta" }, row.state_name, " ", when(row.reported_at)))))) : empty(words.noReports));
};
const messages = async () => {
  const rows = (await meta("bundle"))?.notices ?? [];
  main.append(rows.length ? element("ul", { className: "field-list" }, ...rows.map((row) => element("li", { className: "field-row" }, element("b", {}, row.title), element("p", {}, row.body)))) : empty(words.noMessages));
  const sent = new Set((await entries()).filter((entry) => entry.kind === "read" && entry.state !== "refused").flatMap((entry) => entry.payload.notices));
  const open = rows.filter((row) => !row.read && !sent.has(row.id)).map((row) => row.id);
  if (open.length) main.append(button(words.markRead, async () => { await add("read", { notices: open }, { label: words.markRead }); send(); route(); }, "outline-primary"));
};
const browse = async () => {
  const box = mapBox(Math.max(320, window.innerHeight - 260));
  const told = element("p", { className: "note" }, words.measure);
  let sum = 0;
  const layers = element("div", { className: "field-layers" });
  main.append(panel("", layers, box, told));
  const { view } = await draw(box, { cases: (await meta("bundle"))?.tasks ?? [], measure: (metres) => { sum += metres; told.textContent = `${words.measure} ${Math.round(sum)} m`; }, chosen: ({ code = "", name }) => { told.textContent = `${name} ${code}`; } });
  layers.append(...["grids", "components", "cases"].map((name) => {
    const tick = element("input", { type: "checkbox", name, checked: true });
    tick.addEventListener("change", () => { if (view.getLayer(name)) view.setLayoutProperty(name, "visibility", tick.checked ? "visible" : "none"); });
    return element("label", { className: "form-check" }, tick, words[`layer_${name}`]);
  }));
};

const screens = { "": [words.tasks, home], report: [words.report, () => report.show(main)], tasks: [words.task, (uid) => tasks.task(main, uid)], queue: [words.queue, () => ledger.show(main)], mine: [words.mine, mine], messages: [words.messages, messages], map: [words.map, browse], duty: [words.duty, () => duty.duty(main, route)], leave: [words.leave, () => duty.leave(main, route)], log: [words.log, () => duty.log(main, route)], contacts: [words.contacts, () => duty.contacts(main)], help: [words.help, () => duty.help(main)] };
const turn = async () => {
  const [name = "", argument] = location.hash.replace(/^#\/?/, "").split("/");
  const [title, show] = screens[name] ?? screens[""];
  heading.textContent = title;
  document.querySelectorAll("[data-tab]").forEach((tab) => tab.classList.toggle("active", tab.dataset.tab === name));
  main.replaceChildren();
  await show(argument);
  main.dataset.screen = name || "home";
};
let last = Promise.resolve();
const route = () => { last = last.then(turn, turn); return last; };  // one after the other
const count = async () => {
  const all = await entries();
  const waiting = all.filter((entry) => entry.state === "waiting" && entry.kind !== "track").length;
  const refused = all.filter((entry) => entry.state === "refused").length;
  document.querySelectorAll("[data-count]").forEach((mark) => { mark.textContent = waiting + refused ? String(waiting + refused) : ""; });
  document.getElementById("line").hidden = navigator.onLine;
};

window.addEventListener("hashchange", route);
window.addEventListener("online", () => { count(); refresh(); });
window.addEventListener("offline", count);
watch(async () => { await tidy(); await count(); await refresh(); await follow(); if (location.hash === "#/queue") route(); });
navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data === "updated") document.getElementById("update").hidden = false; });
document.getElementById("update").addEventListener("click", () => location.reload());
navigator.serviceWorker?.register("sw.js", { scope: "./" });
navigator.storage?.persist?.();
setInterval(refresh, FRESH);
await refresh();
await route();
await count();
await follow();
start();
document.body.dataset.ready = "true";
