/* Lets people choose base map and overlays on a map.

   GCJ-02 tiles are cut anew on the way in, so that they fit CGCS2000 below our own
   layers: a tile is put together from the up to four that cover its shifted place. */
const SIZE = 256;
const AXIS = 6378245.0;
const ECCENTRICITY = 0.00669342162296594323;
const PI = Math.PI;
const below = ["land", "edges"];

const shift = (lon, lat) => {
  const [x, y] = [lon - 105, lat - 35];
  const wave = (20 * Math.sin(6 * x * PI) + 20 * Math.sin(2 * x * PI)) * 2 / 3;
  const dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + wave + (20 * Math.sin(y * PI) + 40 * Math.sin(y / 3 * PI)) * 2 / 3 + (160 * Math.sin(y / 12 * PI) + 320 * Math.sin(y * PI / 30)) * 2 / 3;
  const dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + wave + (20 * Math.sin(x * PI) + 40 * Math.sin(x / 3 * PI)) * 2 / 3 + (150 * Math.sin(x / 12 * PI) + 300 * Math.sin(x / 30 * PI)) * 2 / 3;
  const phi = lat * PI / 180;
  const magic = 1 - ECCENTRICITY * Math.sin(phi) ** 2;
  return [dlon * 180 / (AXIS / Math.sqrt(magic) * Math.cos(phi) * PI), dlat * 180 / (AXIS * (1 - ECCENTRICITY) / (magic * Math.sqrt(magic)) * PI)];
};
const column = (lon, side) => (lon + 180) / 360 * side;
const row = (lat, side) => (1 - Math.asinh(Math.tan(lat * PI / 180)) / PI) / 2 * side;
const place = (z, x, y) => {
  const side = 2 ** z;
  const lon = (x + 0.5) / side * 360 - 180;
  const lat = Math.atan(Math.sinh(PI * (1 - 2 * (y + 0.5) / side))) * 180 / PI;
  const [dlon, dlat] = shift(lon, lat);
  return [column(lon + dlon, side) - 0.5, row(lat + dlat, side) - 0.5];
};
const shifted = async ({ url }, abort) => {
  const [, z, x, y, address] = url.match(/^gcj02:\/\/(\d+)\/(\d+)\/(\d+)\/(.+)$/);
  const [left, top] = place(+z, +x, +y);
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const pen = canvas.getContext("2d");
  const [firstX, firstY] = [Math.floor(left), Math.floor(top)];
  const parts = [0, 1].flatMap((i) => [0, 1].map((j) => [firstX + i, firstY + j]));
  await Promise.all(parts.map(async ([tx, ty]) => {
    const source = decodeURIComponent(address).replace("{z}", z).replace("{x}", tx).replace("{y}", ty);
    const response = await fetch(source, { signal: abort.signal });
    if (!response.ok) return;
    pen.drawImage(await createImageBitmap(await response.blob()), Math.round((tx - left) * SIZE), Math.round((ty - top) * SIZE), SIZE, SIZE);
  }));
  return { data: await (await canvas.convertToBlob()).arrayBuffer() };
};
let ready = false;

const source = (layer) => {
  if (layer.service === "geojson" || layer.service === "points") return { type: "geojson", data: layer.url };
  const tiles = layer.coordSys === "gcj02" ? `gcj02://{z}/{x}/{y}/${encodeURIComponent(layer.url)}` : layer.url;
  const kind = layer.service === "vector" ? "vector" : "raster";
  return { type: kind, tiles: [tiles], tileSize: SIZE, minzoom: layer.minZoom, maxzoom: layer.maxZoom, attribution: layer.attribution };
};
const styles = (layer, name) => {
  const common = { source: name, minzoom: layer.minZoom, maxzoom: Math.min(24, layer.maxZoom + 1) };
  if (layer.service === "xyz" || layer.service === "wmts") return [{ id: name, type: "raster", source: name }];
  const part = layer.service === "vector" ? { "source-layer": layer.sourceLayer } : {};
  return [
    { id: `${name}-fill`, type: "fill", ...common, ...part, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": layer.colour, "fill-opacity": 0.2 } },
    { id: `${name}-line`, type: "line", ...common, ...part, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": layer.colour, "line-width": 1.5 } },
    { id: `${name}-dot`, type: "circle", ...common, ...part, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": layer.colour, "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 1 } },
  ];
};
const show = (map, layer, visible) => {
  const name = `layer-${layer.id}`;
  const made = styles(layer, name);
  const under = layer.use === "base" ? map.getStyle().layers.find((one) => one.id !== "ground" && one.id !== "tiles" && !one.id.startsWith("layer-"))?.id : undefined;
  if (visible && !map.getSource(name)) {
    map.addSource(name, source(layer));
    made.forEach((one) => map.addLayer(one, under));
  }
  made.filter((one) => map.getLayer(one.id)).forEach((one) => map.setLayoutProperty(one.id, "visibility", visible ? "visible" : "none"));
};
const remembered = () => { try { return JSON.parse(localStorage.getItem("map-layers")); } catch { return null; } };

const popups = (map, module, layers) => map.on("click", (event) => {
  const names = layers.flatMap((layer) => styles(layer, `layer-${layer.id}`)).map((one) => one.id).filter((id) => id.endsWith("-dot") && map.getLayer(id));
  const [feature] = names.length ? map.queryRenderedFeatures(event.point, { layers: names }) : [];
  if (!feature?.properties.title) return;
  new module.Popup().setLngLat(event.lngLat).setText([feature.properties.title, feature.properties.text].filter(Boolean).join(" · ")).addTo(map);
});

export const offer = async (map, node, module, settings) => {
  const response = await fetch(settings.layersUrl, { credentials: "same-origin" });
  const { layers } = response.ok ? await response.json() : { layers: [] };
  if (!layers.length) return;
  if (!ready) { module.addProtocol("gcj02", shifted); ready = true; }
  const kept = remembered();
  const chosen = new Set(kept || layers.filter((layer) => layer.shown).map((layer) => layer.id));
  const box = document.createElement("details");
  box.className = "map-layers";
  box.style.cssText = "position:absolute;left:10px;top:10px;z-index:3;background:#fff;border:1px solid #ccd5e0;border-radius:4px;padding:4px 10px;max-height:80%;overflow:auto";
  const head = document.createElement("summary");
  head.textContent = node.dataset.textLayers;
  box.append(head);
  const apply = () => {
    layers.forEach((layer) => show(map, layer, chosen.has(layer.id)));
    const based = layers.some((layer) => layer.use === "base" && chosen.has(layer.id));
    below.slice(0, 1).filter((id) => map.getLayer(id)).forEach((id) => map.setLayoutProperty(id, "visibility", based ? "none" : "visible"));
  };
  const line = (type, text, checked, act) => {
    const label = document.createElement("label");
    label.style.cssText = "display:block;white-space:nowrap";
    const input = document.createElement("input");
    Object.assign(input, { type, checked, name: `${node.id}-layers` });
    input.addEventListener("change", () => {
      act(input.checked);
      try { localStorage.setItem("map-layers", JSON.stringify([...chosen])); } catch { /* private window */ }
      apply();
    });
    label.append(input, " ", text);
    box.append(label);
  };
  const bases = layers.filter((layer) => layer.use === "base");
  const none = (keep) => bases.forEach((layer) => { if (layer !== keep) chosen.delete(layer.id); });
  const present = bases.find((layer) => chosen.has(layer.id));
  none(present);
  if (bases.length) line("radio", node.dataset.textNone, !present, () => none());
  bases.forEach((layer) => line("radio", layer.name, layer === present, () => { none(layer); chosen.add(layer.id); }));
  layers.filter((layer) => layer.use !== "base").forEach((layer) => line("checkbox", layer.name, chosen.has(layer.id), (on) => { if (on) chosen.add(layer.id); else chosen.delete(layer.id); }));
  node.parentElement.append(box);
  popups(map, module, layers);
  apply();
  node.dataset.layers = "ready";
};
