/* Report a problem, or what was solved on the spot. */
import { button, element, field, panel, photos, voice, words } from "./dom.js";
import { draw, here, mapBox } from "./map.js";
import { call, send } from "./queue.js";
import { add, change, draft, dropDraft, keep, keepDraft, meta } from "./store.js";

const KEY = "report";
const MOST_FAVOURITES = 8;

const classPicker = (bundle, favourites, saved) => {
  const major = element("select", { className: "form-select", name: "major" }, element("option", { value: "" }, words.chooseMajor));
  const minor = element("select", { className: "form-select", name: "problem" });
  const search = element("input", { className: "form-control", type: "search", placeholder: words.searchClass, name: "search" });
  const all = bundle.classes.flatMap((group) => group.classes.map((row) => ({ ...row, group: group.code, value: `${row.kind}:${row.code}` })));
  const show = (rows, chosen = "") => {
    minor.replaceChildren(element("option", { value: "" }, words.chooseClass), ...rows.map((row) => element("option", { value: row.value, selected: row.value === chosen }, `${row.code} ${row.name}`)));
  };
  bundle.classes.forEach((group) => major.append(element("option", { value: group.code }, group.name)));
  if (favourites.length) major.append(element("option", { value: "favourites" }, words.favourites));
  const rows = () => (major.value === "favourites" ? all.filter((row) => favourites.includes(row.value)) : all.filter((row) => !major.value || row.group === major.value));
  major.addEventListener("change", () => show(rows()));
  search.addEventListener("input", () => {
    const fits = all.filter((row) => `${row.code}${row.name}`.includes(search.value.trim()));
    show(fits, fits[0]?.value);
    minor.dispatchEvent(new Event("change", { bubbles: true }));
  });
  show(all, saved);
  return { minor, box: element("div", {}, field(words.problemClass, search), major, minor) };
};

const phraseList = (bundle, text) => {
  const list = element("select", { className: "form-select", onchange: () => { text.value = [text.value, list.value].filter(Boolean).join("\n"); list.value = ""; text.dispatchEvent(new Event("input", { bubbles: true })); } }, element("option", { value: "" }, words.choosePhrase), ...(bundle.phrases?.description ?? []).map((row) => element("option", { value: row.text }, row.text)));
  return list;
};

export const show = async (main) => {
  const bundle = await meta("bundle");
  if (!bundle) { main.append(element("p", {}, words.onceOnline)); return; }
  const saved = (await draft(KEY)) ?? {};
  const favourites = (await meta("favourites")) ?? [];
  const { minor, box: classes } = classPicker(bundle, favourites, saved.problem);
  const text = element("textarea", { className: "form-control", name: "description", rows: 3, value: saved.description ?? "" });
  const address = element("input", { className: "form-control", name: "address", value: saved.address ?? "" });
  const place = { lon: saved.lon, lat: saved.lat, component_code: saved.component_code ?? "" };
  const where = element("p", { className: "note" });
  const solved = element("input", { type: "checkbox", name: "self_handled", checked: saved.self_handled ?? false });
  const before = photos(words.pictures, "photos");
  const after = photos(words.picturesAfter, "after");
  const problem = element("p", { className: "field-error", role: "alert" });
  const remember = () => keepDraft(KEY, { problem: minor.value, description: text.value, address: address.value, self_handled: solved.checked, mends: saved.mends, ...place });
  const setPlace = (found, component = "") => {
    Object.assign(place, { lon: Number(found.lon.toFixed(7)), lat: Number(found.lat.toFixed(7)), component_code: component });
    where.textContent = `${place.lon.toFixed(6)}, ${place.lat.toFixed(6)} ${component}`;
    remember();
    if (navigator.onLine && !address.value) {
      call(`/api/v1/reverse?lon=${place.lon}&lat=${place.lat}`).then((answer) => (answer.ok ? answer.json() : null)).then((told) => { if (told && !address.value) address.value = told.text ?? told.address ?? ""; }).catch(() => {});
    }
  };
  after.box.hidden = !solved.checked;
  solved.addEventListener("change", () => { after.box.hidden = !solved.checked; });
  const submit = async () => {
    const [kind, code] = minor.value.split(":");
    const missing = [[code, words.chooseClass], [text.value.trim(), words.describe], [place.lon, words.choosePlace], [before.files.length || saved.mends, words.takePictures], [!solved.checked || after.files.length, words.picturesAfter]].find(([given]) => !given);
    if (missing) { problem.textContent = missing[1]; problem.scrollIntoView(); return; }
    await add("report", { class_kind: kind, class_code: code, description: text.value.trim(), address: address.value.trim(), lon: place.lon, lat: place.lat, component_code: place.component_code, self_handled: solved.checked }, { label: minor.selectedOptions[0].textContent, photos: solved.checked ? { photos: before.files, after: after.files } : { photos: before.files } });
    if (saved.mends) await change(saved.mends, { state: "mended" });
    await keep("favourites", [minor.value, ...favourites.filter((row) => row !== minor.value)].slice(0, MOST_FAVOURITES));
    await dropDraft(KEY);
    send();
    location.hash = "#/queue";
  };
  const box = mapBox();
  main.append(
    panel("", before.box, voice(before.files)),
    panel("", classes, field(words.description, text), phraseList(bundle, text), field(words.address, address)),
    panel(words.position, box, where, button(words.whereIAm, () => here().then((found) => drawn.then(({ put }) => put(found))).catch(() => { problem.textContent = words.noPosition; }), "outline-primary")),
    panel("", element("label", { className: "form-check" }, solved, element("span", {}, words.solvedOnTheSpot)), after.box),
    problem,
    button(words.report, submit),
  );
  main.addEventListener("input", remember);
  const drawn = draw(box, { pick: (found) => setPlace(found), chosen: (component, found) => setPlace(found, component.code), at: place.lon ? place : undefined });
  if (!place.lon) here().then((found) => drawn.then(({ put }) => put(found))).catch(() => {});
};
