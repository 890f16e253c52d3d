/* Duty: clock in and out, shifts, leave, roll calls, the work log, people to call. */
import { button, element, empty, field, panel, when, words } from "./dom.js";
import { here } from "./map.js";
import { send } from "./queue.js";
import { add, entries, meta } from "./store.js";
import { finish, follow, state } from "./track.js";

const clock = (text) => (text ? new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : "–");
const place = () => here().then(({ lon, lat, accuracy }) => ({ lon, lat, accuracy })).catch(() => ({}));
const busy = (control, action) => async () => { control.disabled = true; await action(); };
const waiting = async (kind) => (await entries()).filter((entry) => entry.kind === kind && entry.state === "waiting");
const list = (rows, nothing) => (rows.length ? element("ul", { className: "field-list" }, ...rows.map((parts) => element("li", { className: "field-row" }, ...parts))) : empty(nothing));
const shown = (text) => [element("b", {}, text)];
const under = (...parts) => element("span", { className: "meta" }, ...parts);
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

const clocked = async (kind, again) => {
  const where = await place();
  if (kind === "clock_out") await finish();
  await add(kind, where, { label: words[kind] });
  await follow();
  send();
  again();
};

/* The big button, and what is open against the track. */
export const card = async (again) => {
  const duty = (await meta("bundle"))?.duty;
  if (!duty) return "";
  const { since, waiting: unsent } = await state();
  const kind = since ? "clock_out" : "clock_in";
  const control = button(words[kind], () => {}, since ? "outline-primary" : "primary");
  control.dataset.clock = kind;
  control.addEventListener("click", busy(control, () => clocked(kind, again)));
  const shift = duty.roster.find((row) => Date.parse(row.ends_at) > Date.now() && row.day <= today());
  const marks = since && !unsent ? duty.marks : [];
  const section = panel(since ? `${words.onDuty} ${clock(since)}` : words.offDuty,
    element("p", { className: "note" }, shift ? `${shift.shift} ${clock(shift.begins_at)}–${clock(shift.ends_at)} ${shift.grid}` : words.noShift, unsent ? ` · ${words.waiting}` : ""),
    ...marks.map(({ name, since: from }) => element("p", { className: "field-error" }, `${name} ${clock(from)}`)), control);
  section.dataset.duty = since ? "on" : "off";
  return section;
};

/* Roll calls that wait; answered ones are gone at once. */
export const calls = async (again) => {
  const done = new Set((await entries()).filter((entry) => entry.kind === "roll_call").map((entry) => entry.payload.call));
  const open = ((await meta("bundle"))?.duty?.roll_calls ?? []).filter(({ call }) => !done.has(call));
  return open.map(({ call, until, note }) => {
    const control = button(words.answerRoll, () => {});
    control.addEventListener("click", busy(control, async () => { await add("roll_call", { call, ...await place() }, { label: words.rollCall }); send(); again(); }));
    const section = panel(`${words.rollCall} · ${words.until} ${clock(until)}`, note ? element("p", {}, note) : "", control);
    section.classList.add("field-alarm");
    return section;
  });
};

const days = (rows) => list(rows.map((row) => [...shown(`${row.day.slice(5)} ${row.shift} ${clock(row.begins_at)}–${clock(row.ends_at)}`), under(element("span", {}, row.grid))]), words.noRoster);
const past = (row) => [
  ...shown(`${row.day.slice(5)} ${row.shift}`),
  under(element("span", {}, `${clock(row.in)}–${clock(row.out)}`), element("span", {}, [row.state_name, row.late ? words.lateBy.replace("{minutes}", row.late) : "", row.early ? words.earlyBy.replace("{minutes}", row.early) : "", row.metres_outside ? `${words.outside} ${Math.round(row.metres_outside)} m` : ""].filter(Boolean).join(" · "))),
];
const LINKS = [["leave", "leave"], ["log", "log"], ["mine", "mine"], ["contacts", "contacts"], ["queue", "history"], ["help", "help"]];

export const duty = async (main, again) => {
  const bundle = await meta("bundle");
  main.append(...await calls(again), await card(again));
  main.append(panel("", element("div", { className: "field-links" }, ...LINKS.map(([to, word]) => element("a", { className: "btn btn-outline-primary", href: `#/${to}` }, words[word])))));
  if (!bundle?.duty) return;
  const coming = bundle.duty.roster.filter((row) => row.day >= today());
  main.append(panel(words.shifts, days(coming)), panel(words.attendance, list(bundle.duty.attendance.map(past), words.noAttendance)));
};

const dayInput = (name) => element("input", { className: "form-control", type: "date", name, min: today(), value: today() });
export const leave = async (main, again) => {
  const { leaves = [], leave_kinds: kinds = [] } = (await meta("bundle"))?.duty ?? {};
  const kind = element("select", { className: "form-select", name: "leave" }, ...kinds.map(({ code, name }) => element("option", { value: code }, name)));
  const [from, to] = [dayInput("from_day"), dayInput("to_day")];
  const reason = element("textarea", { className: "form-control", rows: 2, name: "reason" });
  const problem = element("p", { className: "field-error", role: "alert" });
  const submit = async () => {
    const wrong = (!reason.value.trim() && words.giveReason) || (to.value < from.value && words.endBeforeBegin);
    if (wrong) { problem.textContent = wrong; return; }
    await add("leave", { leave: kind.value, from_day: from.value, to_day: to.value, reason: reason.value.trim() }, { label: `${words.leave} ${from.value}` });
    send();
    again();
  };
  const unsent = (await waiting("leave")).map(({ payload }) => [...shown(`${payload.from_day} – ${payload.to_day}`), under(words.waiting)]);
  const asked = leaves.map((row) => [...shown(`${row.kind} ${row.from_day} – ${row.to_day}`), under(element("span", {}, row.state_name), element("span", {}, row.answer))]);
  main.append(panel(words.leave, field(words.leaveKind, kind), field(words.fromDay, from), field(words.toDay, to), field(words.reason, reason), problem, button(words.askLeave, submit)), list([...unsent, ...asked], words.noLeave));
};

export const log = async (main, again) => {
  const text = element("textarea", { className: "form-control", rows: 4, name: "log", maxLength: 2000 });
  const submit = async () => {
    if (!text.value.trim()) { text.focus(); return; }
    await add("log", { text: text.value.trim() }, { label: words.log });
    send();
    again();
  };
  const unsent = (await waiting("log")).reverse().map(({ payload, made_at: at }) => [element("p", {}, payload.text), under(element("span", {}, when(at)), element("span", {}, words.waiting))]);
  const kept = ((await meta("bundle"))?.duty?.logs ?? []).map((row) => [element("p", {}, row.text), under(when(row.at))]);
  main.append(panel(words.log, text, button(words.saveLog, submit)), list([...unsent, ...kept], words.noLog));
};

export const contacts = async (main) => {
  const people = (await meta("bundle"))?.contacts ?? [];
  const box = element("div");
  const search = element("input", { className: "form-control", type: "search", name: "who", placeholder: words.searchPerson });
  const draw = () => {
    const fits = people.filter((row) => Object.values(row).join(" ").includes(search.value.trim()));
    box.replaceChildren(list(fits.map((row) => [element(row.phone ? "a" : "div", row.phone ? { href: `tel:${row.phone}` } : {}, element("b", {}, row.name), under(element("span", {}, `${row.unit} ${row.post}`), element("span", {}, row.phone)))]), words.noContacts));
  };
  search.addEventListener("input", draw);
  draw();
  main.append(panel("", search), box);
};

export const help = async (main) => {
  const { version } = document.body.dataset;
  main.append(...["helpDuty", "helpTrack", "helpOffline", "helpRoll"].map((word) => panel("", element("p", {}, words[word]))), panel(words.version, element("p", { className: "note" }, version), button(words.lookForVersion, async () => { await (await navigator.serviceWorker?.getRegistration())?.update(); location.reload(); }, "outline-primary")));
};
