/* Draws every [data-map] with MapLibre; needs no tile server. */
const LEVELS = { green: "#1e8e45", blue: "#1a5fb4", yellow: "#c98a00", orange: "#d9622b", red: "#c62f25", grey: "#6b7785" };
const LIGHT = { ground: "#e9eef4", land: "#fbfcfd", edge: "#9fb0c4", name: "#465362", heat: "#1a5fb4" };
const DARK = { ground: "#0a2040", land: "#113360", edge: "#3b74bd", name: "#b8cbe4", heat: "#62a8ff" };
const EMPTY = { type: "FeatureCollection", features: [] };
let library;

const load = async (settings) => {
  if (!library) {
    library = import(settings.library).then((module) => {
      module.setWorkerUrl?.(settings.worker);
      return module;
    });
  }
  return library;
};
const json = async (url) => {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
};
const coordinates = (value, found = []) => {
  if (typeof value?.[0] === "number") found.push(value);
  else if (Array.isArray(value)) value.forEach((inner) => coordinates(inner, found));
  return found;
};
const bounds = (collection) => {
  const all = collection.features.flatMap((feature) => coordinates(feature.geometry?.coordinates));
  if (!all.length) return null;
  const lon = all.map((point) => point[0]);
  const lat = all.map((point) => point[1]);
  const least = (list) => list.reduce((a, b) => Math.min(a, b));
  const most = (list) => list.reduce((a, b) => Math.max(a, b));
  return [[least(lon), least(lat)], [most(lon), most(lat)]];
};
const style = (settings, paint) => {
  const sources = {};
  const layers = [{ id: "ground", type: "background", paint: { "background-color": paint.ground } }];
  if (settings.tiles) {
    sources.tiles = { type: "raster", tiles: [settings.tiles], tileSize: 256, attribution: settings.attribution };
    layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  return { version: 8, sources, layers };
};
const colour = (fallback) => ["match", ["get", "level"], ...Object.entries(LEVELS).flat(), fallback];

const focused = (data, settings) => {
  const own = data.features.filter((feature) => String(feature.properties?.code) === settings.focus);
  return own.length ? { ...data, features: own } : data;
};
const addBoundaries = (map, data, settings, paint) => {
  map.addSource("boundaries", { type: "geojson", data });
  const own = ["==", ["get", "code"], settings.focus];
  const few = focused(data, settings) !== data;
  if (!settings.tiles) map.addLayer({ id: "land", type: "fill", source: "boundaries", paint: { "fill-color": paint.land, "fill-opacity": few ? ["case", own, 1, 0.45] : 1 } });
  map.addLayer({ id: "edges", type: "line", source: "boundaries", paint: { "line-color": paint.edge, "line-width": few ? ["case", own, 2, 1] : 1 } });
};
const middle = (feature) => {
  const rings = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
  const largest = rings.map((polygon) => polygon[0]).reduce((a, b) => (a.length >= b.length ? a : b));
  const [[west, south], [east, north]] = bounds({ features: [{ geometry: { coordinates: largest } }] });
  return [(west + east) / 2, (south + north) / 2];
};
const addNames = (map, data, module, paint) => {
  data.features.filter((feature) => feature.properties?.name && feature.geometry).forEach((feature) => {
    const label = document.createElement("span");
    label.className = "map-name";
    label.textContent = feature.properties.name;
    label.style.cssText = `color:${paint.name};font-size:12px;pointer-events:none;text-shadow:0 0 3px ${paint.land},0 0 3px ${paint.land}`;
    new module.Marker({ element: label }).setLngLat(feature.properties.centroid || middle(feature)).addTo(map);
  });
};
const addAreas = (map, data, paint) => {
  map.addSource("areas", { type: "geojson", data });
  const values = data.features.map((feature) => Number(feature.properties?.value) || 0);
  const most = Math.max(1, ...values);
  const share = ["/", ["coalesce", ["to-number", ["get", "value"]], 0], most];
  map.addLayer({ id: "areas", type: "fill", source: "areas", paint: { "fill-color": colour(paint.heat), "fill-opacity": ["+", 0.08, ["*", 0.55, share]] } });
  map.addLayer({ id: "area-edges", type: "line", source: "areas", paint: { "line-color": colour(paint.heat), "line-width": 1, "line-opacity": 0.6 } });
};
const circle = { "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 };
const addPoints = (map, data, settings, paint) => {
  const cluster = settings.layer === "cluster";
  map.addSource("points", { type: "geojson", data, cluster, clusterRadius: 44, clusterMaxZoom: 15 });
  if (settings.layer === "heat") {
    map.addLayer({ id: "heat", type: "heatmap", source: "points", paint: { "heatmap-radius": 22, "heatmap-opacity": 0.8 } });
    return;
  }
  if (cluster) {
    const size = ["interpolate", ["linear"], ["get", "point_count"], 2, 11, 50, 18, 500, 28];
    map.addLayer({ id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": paint.heat, "circle-opacity": 0.85, "circle-radius": size, ...circle } });
  }
  map.addLayer({ id: "points", type: "circle", source: "points", filter: ["!", ["has", "point_count"]], paint: { "circle-color": colour(paint.heat), "circle-radius": 6, ...circle } });
};
const addVectorTiles = (map, settings, paint) => {
  map.addSource("vector", { type: "vector", tiles: [location.origin + settings.tilesUrl], maxzoom: 17 });
  const size = ["interpolate", ["linear"], ["get", "count"], 1, 9, 100, 15, 5000, 26, 100000, 36];
  map.addLayer({ id: "tile-clusters", type: "circle", source: "vector", "source-layer": "clusters", paint: { "circle-color": paint.heat, "circle-opacity": 0.85, "circle-radius": size, ...circle } });
  map.addLayer({ id: "tile-points", type: "circle", source: "vector", "source-layer": "points", paint: { "circle-color": colour(paint.heat), "circle-radius": 5, ...circle } });
};
const short = (count) => (count < 10000 ? String(count) : `${Math.round(count / 1000)}k`);
const labelClusters = (map, module, layer, key, text) => {
  const shown = new Map();
  const update = () => {
    const wanted = new Map(map.queryRenderedFeatures({ layers: [layer] }).map((feature) => [key(feature), feature]));
    shown.forEach((marker, id) => { if (!wanted.has(id)) { marker.remove(); shown.delete(id); } });
    wanted.forEach((feature, id) => {
      if (shown.has(id)) return;
      const label = document.createElement("span");
      label.textContent = text(feature);
      label.style.cssText = "color:#fff;font:600 12px sans-serif;pointer-events:none";
      shown.set(id, new module.Marker({ element: label }).setLngLat(feature.geometry.coordinates).addTo(map));
    });
  };
  map.on("idle", update);
};
const popup = (feature, settings) => {
  const box = document.createElement("div");
  const { code, url = code && settings.tilesLink ? settings.tilesLink.replace("{code}", code) : "" } = feature.properties;
  const title = document.createElement(url ? "a" : "b");
  title.textContent = feature.properties.title || "";
  if (url) title.href = url;
  box.append(title);
  const text = feature.properties.text || code;
  if (text) {
    const line = document.createElement("div");
    line.textContent = text;
    box.append(line);
  }
  return box;
};
const clicks = (map, module, settings) => {
  const layers = ["points", "tile-points", "areas", "clusters", "tile-clusters"].filter((name) => map.getLayer(name));
  layers.forEach((name) => {
    map.on("mouseenter", name, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", name, () => { map.getCanvas().style.cursor = ""; });
  });
  map.on("click", async (event) => {
    if ("drawing" in map.getContainer().dataset) return; // a popup would lie in the way of the drawing
    const [feature] = map.queryRenderedFeatures(event.point, { layers });
    if (!feature) return;
    if (feature.layer.id === "clusters") {
      const zoom = await map.getSource("points").getClusterExpansionZoom(feature.properties.cluster_id);
      map.easeTo({ center: feature.geometry.coordinates, zoom });
    } else if (feature.layer.id === "tile-clusters") {
      map.easeTo({ center: feature.geometry.coordinates, zoom: Math.floor(map.getZoom()) + 2 });
    } else if (feature.properties.title) {
      new module.Popup().setLngLat(event.lngLat).setDOMContent(popup(feature, settings)).addTo(map);
    }
  });
};
const picker = (map, module, settings) => {
  const inputs = settings.pick.map((id) => document.getElementById(id.trim()));
  if (inputs.some((input) => !input)) return;
  const marker = new module.Marker({ draggable: true, color: "#c62f25" });
  const place = (lon, lat) => marker.setLngLat([lon, lat]).addTo(map);
  const write = ({ lng, lat }) => {
    place(lng, lat);
    [lng, lat].forEach((value, index) => {
      inputs[index].value = value.toFixed(6);
      inputs[index].dispatchEvent(new Event("input", { bubbles: true }));
      inputs[index].dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  const read = () => {
    const [lon, lat] = inputs.map((input) => parseFloat(input.value));
    if (Number.isFinite(lon) && Number.isFinite(lat)) { place(lon, lat); return [lon, lat]; }
    return null;
  };
  map.on("click", (event) => write(event.lngLat));
  marker.on("dragend", () => write(marker.getLngLat()));
  const show = () => {
    const present = read();
    if (present && !map.getBounds().contains(present)) map.jumpTo({ center: present, zoom: Math.max(map.getZoom(), 14) });
  };
  inputs.forEach((input) => input.addEventListener("change", show));
  const present = read();
  if (present) map.jumpTo({ center: present, zoom: Math.max(map.getZoom(), 14) });
  const locate = () => navigator.geolocation?.getCurrentPosition(({ coords }) => {
    write({ lng: coords.longitude, lat: coords.latitude });
    map.easeTo({ center: [coords.longitude, coords.latitude], zoom: 16 });
  });
  const node = map.getContainer();
  node.addEventListener("locate", locate);
  if ("wanted" in node.dataset) locate(); // asked for before the map was there
};
const boxTool = (map, node, settings) => {
  const input = document.getElementById(settings.box);
  if (!input) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary map-tool";
  button.textContent = node.dataset.textBox;
  node.parentElement.append(button);
  button.addEventListener("click", () => {
    node.parentElement.classList.add("is-drawing");
    map.dragPan.disable();
    map.once("mousedown", (start) => {
      const frame = document.createElement("div");
      frame.className = "map-rectangle";
      node.parentElement.append(frame);
      const move = (event) => {
        const [left, top] = [Math.min(start.point.x, event.point.x), Math.min(start.point.y, event.point.y)];
        frame.style.cssText = `left:${left}px;top:${top}px;width:${Math.abs(event.point.x - start.point.x)}px;height:${Math.abs(event.point.y - start.point.y)}px`;
      };
      map.on("mousemove", move);
      map.once("mouseup", (end) => {
        map.off("mousemove", move);
        frame.remove();
        node.parentElement.classList.remove("is-drawing");
        map.dragPan.enable();
        const lon = [start.lngLat.lng, end.lngLat.lng].sort((a, b) => a - b);
        const lat = [start.lngLat.lat, end.lngLat.lat].sort((a, b) => a - b);
        input.value = [lon[0], lat[0], lon[1], lat[1]].map((value) => value.toFixed(6)).join(",");
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
  });
};
const refresh = (map, node, settings) => {
  const timer = setInterval(async () => {
    if (!node.isConnected) { clearInterval(timer); map.remove(); return; }
    if (document.hidden) return;
    for (const [name, url] of [["points", settings.pointsUrl], ["areas", settings.areasUrl]]) {
      if (url && map.getSource(name)) {
        try { map.getSource(name).setData(await json(url)); } catch { /* the page's own poll shows a lost line */ }
      }
    }
  }, settings.refresh * 1000);
};
const collect = async (settings) => {
  const boundary = settings.outline ? json(`${settings.boundaries}${settings.outline}.json`).catch(() => EMPTY) : EMPTY;
  const points = settings.points || (settings.pointsUrl ? json(settings.pointsUrl) : null);
  const areas = settings.areas || (settings.areasUrl ? json(settings.areasUrl) : null);
  return Promise.all([boundary, points, areas]);
};
const draw = async (node) => {
  const settings = JSON.parse(document.getElementById(node.dataset.map).textContent);
  const paint = node.closest(".centre") ? DARK : LIGHT;
  const [module, [boundary, points, areas]] = await Promise.all([load(settings), collect(settings)]);
  const map = new module.Map({ container: node, locale: settings.locale, style: style(settings, paint), attributionControl: settings.tiles ? {} : false, center: settings.center || [105, 36], zoom: settings.zoom || (settings.center ? 14 : 3), dragRotate: false, maxZoom: 19 });
  map.touchZoomRotate.disableRotation();
  map.addControl(new module.NavigationControl({ showCompass: false }), "top-right");
  const extent = (areas && bounds(areas)) || (boundary.features.length ? bounds(focused(boundary, settings)) : null) || (points && bounds(points));
  if (!settings.center && extent) map.fitBounds(extent, { padding: 24, animate: false, maxZoom: 16 });
  if (settings.pick) picker(map, module, settings); // needs no drawing: a slow machine can be told the place at once
  map.on("load", () => {
    addBoundaries(map, boundary, settings, paint);
    if (areas) addAreas(map, areas, paint);
    addNames(map, boundary, module, paint);
    if (points) addPoints(map, points, settings, paint);
    if (settings.tilesUrl) addVectorTiles(map, settings, paint);
    if (map.getLayer("clusters")) labelClusters(map, module, "clusters", (one) => one.properties.cluster_id, (one) => one.properties.point_count_abbreviated);
    if (map.getLayer("tile-clusters")) labelClusters(map, module, "tile-clusters", (one) => `${one.geometry.coordinates}/${one.properties.count}`, (one) => short(one.properties.count));
    if (!settings.pick) clicks(map, module, settings);
    if (settings.box) boxTool(map, node, settings);
    if (settings.refresh) refresh(map, node, settings);
    if (settings.layersUrl) import(settings.layersScript).then((layers) => layers.offer(map, node, module, settings)).catch((error) => console.warn(error));
    node.map = map;
    node.dataset.ready = "true";
    node.dispatchEvent(new CustomEvent("map-ready"));
  });
};
const drawAll = () => document.querySelectorAll("[data-map]:not([data-drawn])").forEach((node) => {
  node.dataset.drawn = "true";
  draw(node).catch((error) => {
    console.warn(error);
    node.textContent = node.dataset.textUnavailable;
    node.classList.add("map-unavailable");
  });
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-map-locate]");
  const node = button && document.getElementById(button.dataset.mapLocate);
  if (!node) return;
  node.dataset.wanted = "true";
  node.dispatchEvent(new CustomEvent("locate"));
});
document.addEventListener("content-changed", drawAll);
drawAll();
