/* The command centre refreshes itself: one small question every few seconds. */
"use strict";

(function () {
  const root = document.getElementById("wall");
  if (!root || !window.echarts) return;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const config = read(root.dataset.config);
  let state = read(root.dataset.state);
  let metric = "today";
  let etag = "";
  let seen = new Set(state.stream.map((item) => item.key));
  const by = (id) => document.getElementById(id);
  const axis = {
    axisLine: { lineStyle: { color: "#31598c" } }, axisTick: { show: false },
    axisLabel: { color: "#9db4d6" }, splitLine: { lineStyle: { color: "#143560" } },
  };
  const colours = ["#4fb3ff", "#ffd166", "#4fe0a8", "#ff8f6b", "#b79cff", "#6fe0ff", "#f78fb3", "#8fa9c9"];
  const tooltip = {
    renderMode: "richText", backgroundColor: "#08203f", borderColor: "#3f7fc4",
    textStyle: { color: "#e6f1ff", fontSize: 12 },
  };

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function chart(id) {
    const made = echarts.init(by(id));
    made.on("click", (event) => {
      const url = event.data && event.data.url;
      if (url) window.location.assign(url);
    });
    new ResizeObserver(() => made.resize()).observe(by(id));
    return made;
  }

  const charts = { trend: chart("wall-trend"), classes: chart("wall-classes"), sources: chart("wall-sources") };
  const map = new WallMap(by("wall-map"), config, { drill: go });

  function drawKpi() {
    const strip = by("wall-kpi");
    const old = [...strip.children].map((tile) => tile.dataset.value);
    strip.replaceChildren(...state.kpi.map((item, index) => {
      const tile = element("a", "wall-tile" + (item.level ? " is-" + item.level : ""));
      const value = item.value === null ? "–" : item.value.toLocaleString();
      tile.href = item.url;
      tile.title = item.hint || item.label;
      tile.dataset.value = value;
      tile.append(element("span", "", item.label));
      const figure = element("b", "", value);
      if (item.unit && item.value !== null) figure.append(element("small", "", item.unit));
      tile.append(figure);
      if (old[index] !== undefined && old[index] !== value) tile.classList.add("is-new");
      return tile;
    }));
  }

  function drawTrend() {
    const trend = state.trend;
    by("trend-link").href = trend.url;
    charts.trend.setOption({
      color: colours, tooltip: { ...tooltip, trigger: "axis" },
      legend: { top: 0, right: 0, textStyle: { color: "#9db4d6" }, itemHeight: 8, itemWidth: 14 },
      grid: { left: 6, right: 12, top: 30, bottom: 2, containLabel: true },
      xAxis: { ...axis, type: "category", boundaryGap: false, data: trend.days.map((day) => day.slice(5)) },
      yAxis: { ...axis, type: "value", minInterval: 1 },
      series: trend.series.map((one) => ({
        name: one.name, type: "line", smooth: true, showSymbol: false, data: one.values,
        areaStyle: { opacity: 0.08 }, lineStyle: { width: 2 },
      })),
    });
  }

  function drawClasses() {
    const rows = state.classes.slice(0, 7);
    charts.classes.setOption({
      tooltip, grid: { left: 4, right: 44, top: 4, bottom: 4, containLabel: true },
      xAxis: { ...axis, type: "value", show: false },
      yAxis: {
        ...axis, type: "category", inverse: true, data: rows.map((row) => row.name),
        axisLabel: { color: "#d8e8ff", width: 112, overflow: "truncate" },
      },
      series: [{
        type: "bar", barMaxWidth: 12, data: rows.map((row) => ({ ...row })), cursor: "pointer",
        itemStyle: { color: "#3d9bf0", borderRadius: 2 },
        label: { show: true, position: "right", color: "#d8e8ff" },
      }],
    });
  }

  function drawSources() {
    const rows = state.sources.slice(0, 7);
    const rest = state.sources.slice(7).reduce((sum, row) => sum + row.value, 0);
    const data = rest ? [...rows, { name: config.labels.others, value: rest }] : rows;
    charts.sources.setOption({
      color: colours, tooltip: { ...tooltip, trigger: "item" },
      legend: {
        type: "scroll", orient: "vertical", right: 0, top: "middle", itemHeight: 8, itemWidth: 10,
        textStyle: { color: "#d8e8ff", width: 150, overflow: "truncate" }, pageTextStyle: { color: "#9db4d6" },
      },
      series: [{
        type: "pie", radius: ["46%", "76%"], center: ["27%", "50%"], data,
        label: { show: false }, itemStyle: { borderColor: "#071c38", borderWidth: 2 },
      }],
    });
  }

  function drawRanking() {
    const unit = metric === "rate" ? " %" : "";
    const rows = [...state.parts].sort((a, b) => (b[metric] ?? -1) - (a[metric] ?? -1)).slice(0, 16);
    const top = Math.max(...rows.map((row) => row[metric] || 0), 1);
    by("wall-metric-name").textContent = config.labels[metric];
    by("wall-ranking").replaceChildren(...rows.map((row, index) => {
      const line = element("a", "wall-rank");
      line.href = row.url;
      line.append(element("i", "", String(index + 1)), element("span", "", row.name));
      const bar = element("progress");
      bar.max = top;
      bar.value = row[metric] || 0;
      const value = row[metric];
      line.append(bar, element("b", "", value === null ? "–" : value.toLocaleString() + unit));
      return line;
    }));
    if (!rows.length) by("wall-ranking").append(element("p", "wall-empty", config.labels.nothing));
  }

  function drawStream() {
    by("wall-stream").replaceChildren(...state.stream.map((item) => {
      const line = element("li", (item.overdue ? "is-overdue" : "") + (seen.has(item.key) ? "" : " is-new"));
      const link = element("a");
      link.href = item.url;
      link.title = item.number;
      link.append(
        element("time", "", item.at), element("em", "step-" + item.step, item.state),
        element("span", "", item.title || item.class), element("small", "", item.place),
      );
      line.append(link);
      return line;
    }));
    seen = new Set(state.stream.map((item) => item.key));
    if (!state.stream.length) by("wall-stream").append(element("li", "wall-empty", config.labels.noCases));
  }

  function drawTrail() {
    by("wall-trail").replaceChildren(...state.trail.map((step, index) => {
      const last = index === state.trail.length - 1;
      const made = element(last ? "strong" : "button", "", step.name);
      if (!last) {
        made.type = "button";
        made.addEventListener("click", () => go(step.code));
      }
      return made;
    }));
    by("stream-link").href = config.casesUrl + "?division=" + state.division.code;
    by("wall-note").textContent = config.labels.updated + " " + state.at.slice(11, 19);
  }

  function draw() {
    drawKpi();
    drawTrend();
    drawClasses();
    drawSources();
    drawRanking();
    drawStream();
    drawTrail();
    map.show(state, metric);
  }

  async function refresh() {
    const division = state.division.code;
    const headers = { "X-Poll": "1", Accept: "application/json" };
    if (etag) headers["If-None-Match"] = etag;
    const response = await fetch(root.dataset.url + "?division=" + division, { headers, cache: "no-store" });
    if (response.status === 401) return window.location.reload();
    if (response.status === 304) return undefined;
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    if (answer.division.code !== state.division.code) return undefined;
    etag = response.headers.get("ETag") || "";
    state = answer;
    return draw();
  }

  async function go(code, quiet) {
    state = { ...state, division: { ...state.division, code } };
    etag = "";
    if (!quiet) history.pushState({ code }, "", "?division=" + code);
    await tick();
  }

  async function tick() {
    const banner = by("banner");
    try {
      await refresh();
      root.classList.remove("is-lost");
      if (banner && banner.dataset.wall) banner.hidden = true;
    } catch {
      root.classList.add("is-lost");
      if (banner) {
        banner.dataset.wall = "1";
        banner.textContent = document.body.dataset.textOffline;
        banner.hidden = false;
      }
    }
  }

  async function refreshWidgets() {
    for (const box of document.querySelectorAll("[data-widget]")) {
      try {
        const response = await fetch(box.dataset.widget, { headers: { "X-Poll": "1" } });
        if (response.ok) box.innerHTML = await response.text();
      } catch {
        continue;
      }
    }
  }

  by("wall-metrics").addEventListener("click", (event) => {
    const button = event.target.closest("[data-metric]");
    if (!button) return;
    metric = button.dataset.metric;
    for (const one of by("wall-metrics").children) {
      one.setAttribute("aria-pressed", String(one === button));
    }
    drawRanking();
    map.show(state, metric);
  });
  window.addEventListener("popstate", (event) => go((event.state && event.state.code) || config.home, true));

  draw();
  setInterval(() => { if (!document.hidden) tick(); }, config.interval);
  setInterval(() => { if (!document.hidden) refreshWidgets(); }, 10000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
})();
