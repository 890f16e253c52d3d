/* What somebody is sent to, and what a unit has to handle. */
import { button, element, empty, field, light, panel, photos, words } from "./dom.js";
import { distance, draw, here, mapBox } from "./map.js";
import { send } from "./queue.js";
import { add, entries, meta } from "./store.js";

const ASKS = ["extension", "return", "suspension"];
const answered = async () => new Set((await entries()).filter((entry) => entry.state === "waiting" && entry.kind !== "report").map((entry) => entry.payload.case));

export const list = async (main) => {
  const bundle = await meta("bundle");
  const done = await answered();
  const tasks = (bundle?.tasks ?? []).filter((task) => !done.has(task.uid));
  if (!tasks.length) { main.append(empty(words.noTasks)); return; }
  main.append(element("ul", { className: "field-list" }, ...tasks.map((task) => element("li", {}, element("a", { href: `#/tasks/${task.uid}` }, element("b", {}, task.class_name), element("span", {}, task.address || task.number), element("span", { className: "meta" }, element("span", {}, task.state_name), light(task)))))));
};

const gallery = (title, pictures) => (pictures.length ? panel(title, element("div", { className: "photos" }, ...pictures.map(({ url }) => element("a", { href: url, target: "_blank" }, element("img", { src: `${url}?thumb=1`, alt: title, loading: "lazy" }))))) : "");

const form = (task) => {
  const note = element("textarea", { className: "form-control", rows: 2, name: "note" });
  const taken = photos(words.pictures, "photos");
  const problem = element("p", { className: "field-error", role: "alert" });
  const finish = async (kind, payload, label) => {
    await add(kind, { case: task.uid, note: note.value.trim(), ...payload }, { label: `${label} ${task.class_name}`, photos: { photos: taken.files } });
    send();
    location.hash = "#/";
  };
  const step = ({ action, name, reason }) => () => {
    if (reason && !note.value.trim()) { problem.textContent = words.giveReason; return; }
    if (["check_pass", "feedback"].includes(action) && !taken.files.length) { problem.textContent = words.takePictures; return; }
    finish("step", { action }, name);
  };
  const steps = task.steps.filter(({ action }) => !["apply_extend", "return"].includes(action));
  const handles = task.state === "handling" || task.state === "pending_handling";
  const ask = element("select", { className: "form-select", name: "request" }, element("option", { value: "" }, words.askFor), ...ASKS.map((kind) => element("option", { value: kind }, words[kind])));
  const until = element("input", { className: "form-control", type: "date", name: "until" });
  const request = () => {
    if (!ask.value || !note.value.trim()) { problem.textContent = words.giveReason; return; }
    finish("ask", { request: ask.value, until: until.value }, words[ask.value]);
  };
  if (!task.steps.length) return panel(words.instruct, field(words.opinion, note), problem, button(words.instruct, () => { if (note.value.trim()) finish("instruct", {}, words.instruct); else problem.textContent = words.giveReason; }));
  return panel(words.whatIFound, taken.box, field(words.opinion, note), problem, ...steps.map((row, place) => button(row.name, step(row), place ? "outline-danger" : "primary")), handles ? element("div", {}, ask, field(words.until, until), button(words.ask, request, "outline-primary")) : "");
};

export const task = async (main, uid) => {
  const bundle = await meta("bundle");
  const found = bundle?.tasks.find((row) => row.uid === uid);
  if (!found) { main.append(empty(words.taskGone)); return; }
  const box = mapBox(200);
  const far = element("p", { className: "note" });
  main.append(panel(`${found.class_name} · ${found.state_name}`, light(found), element("p", {}, found.description), element("p", { className: "note" }, `${found.address} ${found.number}`), found.closing ? element("p", { className: "note" }, `${words.closedWhen}: ${found.closing}`) : ""), gallery(words.before, found.before), gallery(words.after, found.after), panel(words.position, box, far, button(words.navigate, () => here().then((me) => { far.textContent = `${Math.round(distance(me, found))} m`; }).catch(() => { far.textContent = words.noPosition; }), "outline-primary")));
  if (found.steps.length || bundle.figures) main.append(form(found));
  draw(box, { at: found, cases: [found] });
};
