/* The queue as people read it: what waits, what was taken, what was refused and why. */
import { button, element, empty, panel, when, words } from "./dom.js";
import { discard, send } from "./queue.js";
import { entries, keepDraft, meta } from "./store.js";

const COLORS = { waiting: "yellow", applied: "green", refused: "red", dropped: "grey", mended: "grey" };

const mend = async ({ payload, seq }) => {
  const { class_kind: kind, class_code: code, photos: _photos, after: _after, ...rest } = payload;
  await keepDraft("report", { ...rest, problem: `${kind}:${code}`, mends: seq });
  location.hash = "#/report";
};

const row = (entry) => element("li", { className: "ledger-row", "data-state": entry.state },
  element("div", {}, element("b", {}, entry.label || words[`kind_${entry.kind}`] || entry.kind), " ", element("span", { className: `badge badge-${COLORS[entry.state]}` }, words[entry.state])),
  element("div", { className: "note" }, `${when(entry.made_at)} · ${entry.seq}${entry.result?.number ? ` · ${entry.result.number}` : ""}`),
  entry.reason ? element("p", { className: "field-error" }, entry.reason) : "",
  entry.clock_wrong ? element("p", { className: "note" }, words.clockWrong) : "",
  entry.state === "refused" && entry.kind === "report" ? button(words.mend, () => mend(entry), "outline-primary") : "",
  entry.state === "waiting" ? button(words.discard, () => { if (confirm(words.discardAsk)) discard(entry); }, "outline-secondary") : "");

export const show = async (main) => {
  const all = (await entries()).filter((entry) => entry.kind !== "track" || entry.state === "refused").reverse();
  const contact = await meta("contact");
  const trouble = await meta("trouble");
  const waiting = all.filter((entry) => entry.state === "waiting").length;
  main.append(panel(`${words.waiting}: ${waiting}`, element("p", { className: "note" }, contact ? `${words.lastContact}: ${when(contact.at)}` : words.noContact), trouble === "signed-out" ? element("p", {}, element("a", { href: document.body.dataset.login }, words.signInAgain)) : "", button(words.sendNow, send, "outline-primary")));
  main.append(all.length ? element("ul", { className: "field-list ledger" }, ...all.slice(0, 200).map(row)) : empty(words.emptyQueue));
};
