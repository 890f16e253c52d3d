/* Draw polygons and lines over a map into a form; click areas to choose their codes. */
(() => {
  const start = (bar) => {
    const node = document.getElementById(bar.dataset.gridDraw);
    const into = document.getElementById(bar.dataset.gridInto);
    const codes = document.getElementById(bar.dataset.gridCodes);
    const work = document.getElementById(bar.dataset.gridWork);
    const map = node.map;
    const { TerraDraw, TerraDrawPolygonMode, TerraDrawLineStringMode } = window.terraDraw;
    const { TerraDrawMapLibreGLAdapter } = window.terraDrawMaplibreGlAdapter;
    const draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
      modes: [new TerraDrawPolygonMode(), new TerraDrawLineStringMode()],
    });
    draw.start();
    node.dataset.drawing = "true";
    let mode = "";
    draw.on("finish", (id) => {
      const drawn = draw.getSnapshot().find((feature) => feature.id === id);
      draw.removeFeatures(draw.getSnapshot().filter((feature) => feature.id !== id && feature.properties.mode === mode).map((feature) => feature.id));
      into.value = JSON.stringify(drawn.geometry);
      into.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const highlight = () => {
      const chosen = codes.value.match(/\d+/g) || [];
      if (map.getLayer("area-edges")) map.setPaintProperty("area-edges", "line-width", ["case", ["in", ["get", "title"], ["literal", chosen]], 4, 1]);
    };
    const choose = (event) => {
      if (mode || !codes) return;
      const [feature] = map.queryRenderedFeatures(event.point, { layers: ["areas"] });
      if (!feature) return;
      const present = new Set(codes.value.match(/\d+/g) || []);
      const code = feature.properties.title;
      if (!present.delete(code)) present.add(code);
      codes.value = [...present].join("\n");
      codes.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const set = (wanted) => {
      mode = wanted;
      draw.setMode(mode || "static");
      bar.querySelectorAll("[data-grid-mode]").forEach((button) => button.classList.toggle("active", button.dataset.gridMode === mode));
    };
    map.on("click", choose);
    if (codes) { codes.addEventListener("change", highlight); highlight(); }
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if ("gridClear" in button.dataset) { draw.clear(); into.value = ""; return; }
      set(button.dataset.gridMode);
    });
    work?.addEventListener("change", () => set({ add: "polygon", redraw: "polygon", split: "linestring" }[work.value] || ""));
    set("");
    bar.dataset.ready = "true";
  };
  document.querySelectorAll("[data-grid-draw]").forEach((bar) => {
    const node = document.getElementById(bar.dataset.gridDraw);
    if (node.map) start(bar);
    else node.addEventListener("map-ready", () => start(bar), { once: true });
  });
})();
