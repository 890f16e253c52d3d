/* Draws a point, line or area on a map into a text field as GeoJSON. */
const MODES = { Point: "point", LineString: "linestring", Polygon: "polygon" };
const NAMES = { Point: "textPoint", LineString: "textLine", Polygon: "textArea" };

const begin = (tool, map) => {
  const input = document.getElementById(tool.dataset.draw);
  const { TerraDraw, TerraDrawPointMode, TerraDrawLineStringMode, TerraDrawPolygonMode } = window.terraDraw;
  const draw = new TerraDraw({
    adapter: new window.terraDrawMaplibreGlAdapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }),
    modes: [new TerraDrawPointMode(), new TerraDrawLineStringMode(), new TerraDrawPolygonMode()],
  });
  draw.start();
  map.getContainer().dataset.drawing = "true";
  const show = () => {
    draw.clear();
    let geometry;
    try { geometry = JSON.parse(input.value); } catch { return; }
    if (!MODES[geometry?.type]) return;
    draw.addFeatures([{ type: "Feature", geometry, properties: { mode: MODES[geometry.type] } }]);
  };
  draw.on("finish", (id) => {
    const feature = draw.getSnapshot().find((one) => one.id === id);
    draw.removeFeatures(draw.getSnapshot().filter((one) => one.id !== id).map((one) => one.id));
    input.value = JSON.stringify(feature.geometry);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    draw.setMode("static");
  });
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline-primary";
    made.textContent = text;
    made.addEventListener("click", act);
    tool.append(made, " ");
  };
  tool.dataset.drawKinds.split(",").filter((kind) => MODES[kind]).forEach((kind) => {
    button(tool.dataset[NAMES[kind]], () => draw.setMode(MODES[kind]));
  });
  button(tool.dataset.textClear, () => { draw.clear(); input.value = ""; });
  input.addEventListener("change", show);
  show();
};
document.querySelectorAll("[data-draw]").forEach((tool) => {
  const node = document.getElementById(tool.dataset.drawMap);
  if (node.map) begin(tool, node.map);
  else node.addEventListener("map-ready", () => begin(tool, node.map), { once: true });
});
