/* What was found or chosen on the map, and what is ordered about it. */
"use strict";
(() => {
  const { make } = WallPanels;
  const by = (id) => document.getElementById(id);
  const box = by("cw-found");
  const KINDS = ["cases", "people", "components"];
  let found = { cases: [], people: [], components: [] };
  let kind = "cases";
  const chosen = { cases: new Set(), people: new Set() };

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const post = async (url, given) => {
    const answer = await fetch(url, { method: "POST", body: given, credentials: "same-origin", headers: { "X-CSRFToken": token(), Accept: "application/json" } });
    if (!answer.ok) throw new Error(await Wall.why(answer));
    return answer.json();
  };
  const keyOf = (row) => row.uid || String(row.pk || row.code);
  const link = (url, text) => {
    const made = make(url ? "a" : "span", "", text);
    if (url) made.href = url;
    return made;
  };

  const texts = (row) => {
    if (kind === "cases") return [row.title, [row.number, row.state, row.unit].filter(Boolean).join(" · ")];
    if (kind === "people") return [row.name, row.phone];
    return [row.name, row.code];
  };
  const line = (row) => {
    const label = make("label");
    const key = keyOf(row);
    const check = make("input");
    Object.assign(check, { type: "checkbox", checked: chosen[kind]?.has(key) || false, disabled: !chosen[kind] });
    check.addEventListener("change", () => {
      if (check.checked) chosen[kind].add(key); else chosen[kind].delete(key);
      count();
    });
    const [title, small] = texts(row);
    const text = make("span", "", title);
    text.append(make("small", "", small));
    const more = make("span");
    if (kind === "people" && row.phone) more.append(link(`tel:${row.phone}`, Wall.config.text.call));
    else more.append(link(row.url, "›"));
    label.append(check, text, more);
    return label;
  };
  const count = () => {
    [["cw-act", "cases"], ["cw-message", "people"]].forEach(([id, name]) => {
      const form = by(id);
      if (!form) return;
      form.hidden = kind !== name || !found[name].length;
      form.querySelectorAll("[data-act], [type=submit]").forEach((button) => { button.disabled = !chosen[name].size; });
      const all = form.querySelector("[data-all]");
      all.checked = found[name].length > 0 && chosen[name].size >= Math.min(found[name].length, Wall.config.most);
      form.querySelector("[data-count]").textContent = chosen[name].size;
    });
  };
  const chooseAll = (name, on) => {
    chosen[name].clear();
    if (on) found[name].slice(0, Wall.config.most).forEach((one) => chosen[name].add(keyOf(one)));
    draw();
  };
  const draw = () => {
    box.hidden = false;
    by("cw-tabs").replaceChildren(...KINDS.map((name) => {
      const tab = make("button", "", `${Wall.config.text[name]} ${found[name].length}${found[name].length === found.most ? "+" : ""}`);
      tab.type = "button";
      tab.setAttribute("aria-selected", String(name === kind));
      tab.addEventListener("click", () => { kind = name; draw(); });
      return tab;
    }));
    const rows = found[kind].map(line);
    by("cw-rows").replaceChildren(...(rows.length ? rows : [make("p", "cw-empty", Wall.config.text.none)]));
    count();
  };
  const reset = () => {
    found = { cases: [], people: [], components: [] };
    Object.values(chosen).forEach((set) => set.clear());
  };

  const form = (action, more = {}) => {
    const given = new FormData(by("cw-act"));
    given.set("action", action);
    chosen.cases.forEach((key) => given.append("cases", key));
    Object.entries(more).forEach(([name, value]) => given.set(name, value));
    return given;
  };
  const row = (number, text, good) => {
    const made = make("li", "", number);
    made.append(make("em", good ? "is-down" : "is-up", text));
    return made;
  };
  const say = (title, rows, confirm, url = "") => {
    by("cw-dialog-title").textContent = title;
    by("cw-dialog-rows").replaceChildren(...rows);
    by("cw-confirm").hidden = !confirm;
    by("cw-confirm").onclick = confirm || null;
    by("cw-dialog-link").hidden = !url;
    if (url) by("cw-dialog-link").href = url;
    if (!by("cw-dialog").open) by("cw-dialog").showModal();
  };
  const run = async (action, label) => {
    const { text, urls } = Wall.config;
    try {
      const told = await post(urls.act, form(action, { confirm: "1" }));
      const done = told.done.map((number) => row(number, text.done, true));
      const left = told.left.map(([number, why]) => row(number, `${text.left}: ${why}`, false));
      say(`${label}: ${text.done} ${told.done.length} · ${text.left} ${told.left.length}`, [...done, ...left], null, told.url);
      chosen.cases.clear();
      draw();
    } catch (error) { say(label, [row("", error.message, false)], null); }
  };
  const preview = async (action) => {
    const { text, urls } = Wall.config;
    try {
      const told = await post(urls.act, form(action));
      const rows = told.rows.map((one) => row(`${one.number} ${one.title}`, one.problem || text.goes, !one.problem));
      const some = told.rows.some((one) => !one.problem);
      say(told.label, rows, some ? () => run(action, told.label) : null);
    } catch (error) { say(text.failed, [row("", error.message, false)], null); }
  };
  const send = async (event) => {
    event.preventDefault();
    const { text, urls } = Wall.config;
    const given = new FormData(by("cw-message"));
    chosen.people.forEach((key) => given.append("people", key));
    try {
      const told = await post(urls.message, given);
      say(`${text.told}: ${told.told}`, [], null);
      by("cw-message").reset();
    } catch (error) { say(text.failed, [row("", error.message, false)], null); }
  };

  [["cw-act", "cases"], ["cw-message", "people"]].forEach(([id, name]) => {
    by(id)?.querySelector("[data-all]").addEventListener("change", (event) => chooseAll(name, event.target.checked));
  });
  box.querySelector("[data-close]").addEventListener("click", () => { box.hidden = true; });
  by("cw-act")?.querySelectorAll("[data-act]").forEach((button) => button.addEventListener("click", () => preview(button.dataset.act)));
  by("cw-message")?.addEventListener("submit", send);
  by("cw-dialog").querySelector("[data-dialog-close]").addEventListener("click", () => by("cw-dialog").close());

  window.WallCommand = {
    query: async (asked) => {
      reset();
      try {
        const answer = await Wall.ask(Wall.config.urls.inside, asked);
        found = await answer.json();
        // Nothing is ordered about more cases than can go at once: one chooses.
        if (found.cases.length <= Wall.config.most) found.cases.forEach((one) => chosen.cases.add(keyOf(one)));
        kind = found.cases.length || !found.people.length ? "cases" : "people";
        draw();
      } catch (error) { say(Wall.config.text.failed, [row("", error.message, false)], null); }
    },
    begin: () => { reset(); kind = "cases"; draw(); },
    pick: ({ code, title, state }) => {
      if (!found.cases.some((one) => one.uid === code)) found.cases.push({ uid: code, title, number: "", state: Wall.config.states[state], unit: "", url: "" });
      if (chosen.cases.has(code)) chosen.cases.delete(code); else chosen.cases.add(code);
      kind = "cases";
      draw();
    },
    close: () => { box.hidden = true; reset(); },
  };
})();
