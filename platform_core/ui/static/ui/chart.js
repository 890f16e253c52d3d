/* Draws every [data-chart]; colours come from the page's tokens. */
"use strict";
(() => {
  const token = (node, name) => getComputedStyle(node).getPropertyValue(name).trim();
  const drawn = new Set();
  const white = "rgba(255,255,255,.38)";
  const DECALS = [{ symbol: "none" }, { color: white, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
    { color: white, symbol: "circle", symbolSize: 0.7, dashArrayX: [[7, 7], [0, 7, 7, 0]], dashArrayY: [6, 0] },
    { color: white, dashArrayX: [1, 0], dashArrayY: [2, 5] }, { color: white, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 2 }];

  const theme = (node) => {
    const dark = Boolean(node.closest(".centre"));
    const ink = token(node, "--ink-soft");
    const line = token(node, "--line");
    const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink },
      splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: ink } };
    return { dark, ink, axis, color: dark
      ? ["#62a8ff", "#4fd0c0", "#ffc93d", "#ff8f66", "#b69cff", "#7ddc7a"]
      : ["#1a5fb4", "#2a9d8f", "#e0a100", "#d9622b", "#7a5ea8", "#5b8c3a"] };
  };
  const list = (value) => (Array.isArray(value) ? value : [value]);
  const complete = (node, option) => {
    const { ink, axis, color, dark } = theme(node);
    const legend = option.legend?.show;
    const full = { animationDuration: 300, color, textStyle: { fontFamily: getComputedStyle(node).fontFamily, color: ink },
      grid: { left: 8, right: 16, top: legend ? 32 : 14, bottom: 6, containLabel: true },
      aria: { enabled: true, decal: { show: option.series?.length > 1, decals: DECALS } },
      ...option };
    full.tooltip = { trigger: option.xAxis ? "axis" : "item", confine: true, backgroundColor: dark ? "#0c2547" : "#fff",
      borderColor: token(node, "--line-strong"), textStyle: { color: token(node, "--ink"), fontSize: 12 }, ...option.tooltip };
    full.legend = { top: 0, textStyle: { color: ink }, itemHeight: 9, itemWidth: 14, type: "scroll", ...option.legend };
    for (const side of ["xAxis", "yAxis"]) {
      if (option[side]) full[side] = list(option[side]).map((given) => ({ ...axis, ...given }));
    }
    full.series = list(option.series || []).map((series) => decorate(series, ink, dark));
    return full;
  };
  const decorate = (series, ink, dark) => {
    const shape = { bar: { barMaxWidth: 26 }, line: { lineStyle: { width: 2 } },
      pie: { label: { color: ink, formatter: "{b} {c}" }, itemStyle: { borderColor: dark ? "#0c2547" : "#fff", borderWidth: 2 }, top: 18 } };
    return { ...(shape[series.type] || {}), ...series };
  };
  const draw = (node) => {
    const source = document.getElementById(node.dataset.chart);
    if (!source || !window.echarts) return;
    const option = complete(node, JSON.parse(source.textContent));
    const chart = window.echarts.getInstanceByDom(node) || window.echarts.init(node);
    chart.setOption(option, true);
    chart.off("click");
    chart.on("click", (event) => { if (event.data?.url) location.assign(event.data.url); });
    if (!drawn.has(node)) { drawn.add(node); watch.observe(node); }
  };
  const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => window.echarts.getInstanceByDom(target)?.resize()));
  const drawAll = () => {
    drawn.forEach((node) => {
      if (!node.isConnected) { watch.unobserve(node); window.echarts.getInstanceByDom(node)?.dispose(); drawn.delete(node); }
    });
    document.querySelectorAll("[data-chart]").forEach((node) => { if (!drawn.has(node)) draw(node); });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-chart-table]");
    if (!button) return;
    const name = button.dataset.chartTable;
    const table = document.getElementById(`${name}-table`);
    table.hidden = !table.hidden;
    document.getElementById(name).hidden = !table.hidden;
    button.setAttribute("aria-expanded", String(!table.hidden));
  });
  document.addEventListener("content-changed", drawAll);
  drawAll();
})();
