/* The wall refreshes itself, turns its pages and hands its data to the panels. */
"use strict";
(() => {
  const root = document.getElementById("cw");
  if (!root || !window.echarts) return;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const config = read(root.dataset.config);
  const by = (id) => document.getElementById(id);
  const pages = [...root.querySelectorAll(".cw-page")];
  const TURN = 12000; // how long a tab stays in front
  const PEOPLE = 10000;
  const chosen = {};
  const kit = {
    config,
    people: null,
    isNew: (key) => key > newest,
    tab: (name, choices) => {
      if (!choices.some(([code]) => code === chosen[name]?.code)) chosen[name] = { code: choices[0][0] };
      chosen[name].choices = choices.map(([code]) => code);
      return chosen[name].code;
    },
    choose: (name, code) => {
      chosen[name] = { code, held: Date.now() };
      draw();
    },
  };
  let state = read(root.dataset.state);
  let newest = Math.max(0, ...state.stream.map((row) => row.key));
  let etag = "";
  let place = 0;

  const waits = {
    ranking: () => !state.ranking.some((one) => one.rows.length),
    people: () => !kit.people?.total,
  };
  const draw = () => {
    WallPanels.strip(by("cw-kpi"), state, kit);
    const panels = [...pages[place].querySelectorAll(".cw-panel")];
    // A panel that waits for its first data leaves its room to the others.
    panels.forEach((panel) => { panel.hidden = waits[panel.dataset.panel]?.() || false; });
    panels.filter((panel) => !panel.hidden).forEach((panel) => {
      WallPanels[panel.dataset.panel]?.(panel.querySelector("[data-body]"), state, kit);
    });
    newest = Math.max(newest, ...state.stream.map((row) => row.key));
  };

  const show = (wanted) => {
    place = (wanted + pages.length) % pages.length;
    pages.forEach((page, index) => { page.hidden = index !== place; });
    [...by("cw-dots").children].forEach((dot, index) => dot.setAttribute("aria-pressed", String(index === place)));
    const slot = pages[place].querySelector(".cw-map");
    const inner = by("cw-map-inner");
    if (slot && inner.parentElement !== slot) slot.append(inner);
    window.WallMap?.fit();
    draw();
  };

  const lost = (is) => {
    const line = by("cw-line");
    line.classList.toggle("is-lost", is);
    const banner = by("banner");
    if (is) {
      banner.textContent = document.body.dataset.textOffline;
      banner.dataset.wall = "1";
    }
    if (banner.dataset.wall) banner.hidden = !is;
  };

  const why = async (answer) => {
    const told = await answer.json().catch(() => ({}));
    return told.message || told.error?.message || config.text.failed;
  };
  const ask = async (url, given = {}, headers = {}) => {
    const query = new URLSearchParams({ area: config.area, ...given });
    const answer = await fetch(`${url}?${query}`, { headers: { "X-Poll": "1", Accept: "application/json", ...headers }, cache: "no-store", credentials: "same-origin" });
    if (answer.status === 401) location.reload();
    if (!answer.ok && answer.status !== 304) throw new Error(await why(answer));
    return answer;
  };

  const refresh = async () => {
    try {
      const given = { span: config.span, ...(config.screen ? { screen: config.screen } : {}) };
      const answer = await ask(config.urls.data, given, etag ? { "If-None-Match": etag } : {});
      lost(false);
      if (answer.status === 304) return;
      etag = answer.headers.get("ETag") || "";
      state = await answer.json();
      if (config.screen && state.revision !== config.revision) location.reload();
      draw();
      window.WallMap?.changed();
    } catch { lost(true); }
  };

  const followPeople = async () => {
    try {
      const answer = await ask(config.urls.people);
      if (answer.status !== 200) return;
      kit.people = await answer.json();
      window.WallMap?.people(kit.people.points);
      draw();
    } catch { /* the other question shows a lost line */ }
  };

  const turnTabs = () => {
    Object.values(chosen).forEach((one) => {
      if (!one.choices || Date.now() - (one.held || 0) < 3 * TURN) return;
      one.code = one.choices[(one.choices.indexOf(one.code) + 1) % one.choices.length];
    });
    draw();
  };

  pages.forEach((page, index) => {
    if (pages.length < 2) return;
    const dot = WallPanels.make("button", "", index + 1);
    dot.type = "button";
    dot.title = page.dataset.title;
    dot.addEventListener("click", () => show(index));
    by("cw-dots").append(dot);
  });
  const change = (name, value) => {
    const url = new URL(location.href);
    url.searchParams.set(name, value);
    location.assign(url);
  };
  document.querySelectorAll("[data-span]").forEach((button) => button.addEventListener("click", () => change("span", button.dataset.span)));
  document.querySelector("[data-submit]").addEventListener("change", (event) => change("area", event.target.value));
  window.Wall = { config, ask, why, make: WallPanels.make, busy: () => !by("cw-found").hidden || by("cw-dialog").open };
  window.WallMap?.start();
  show(0);
  followPeople();
  const live = (act) => () => { if (!document.hidden) act(); };
  setInterval(live(refresh), config.interval);
  setInterval(live(followPeople), PEOPLE);
  setInterval(live(turnTabs), TURN);
  if (config.seconds && pages.length > 1) setInterval(live(() => { if (!Wall.busy()) show(place + 1); }), config.seconds * 1000);
  document.addEventListener("visibilitychange", live(refresh));
})();
