/* The one map of the wall: cases, heat, grids, components, inspectors, time, queries. */
"use strict";
(() => {
  const LIGHTS = { red: "#ff6f63", yellow: "#ffc93d", green: "#4fd07f", grey: "#93aecf" };
  const STATES = { pending_accept: "#6fe0ff", verifying: "#b79cff", pending_filing: "#4fb3ff", pending_dispatch: "#ffd166", returned: "#f78fb3", pending_handling: "#ff8f6b", handling: "#ff9f43", rework: "#ff6f63", pending_check: "#4fe0a8", checking: "#7ddc7a", pending_close: "#c5f06b" };
  const DAYS = 30;
  const GRIDS_FROM = 12.5;
  const MOST_TRACKS = 40;
  const EMPTY = { type: "FeatureCollection", features: [] };
  const node = document.getElementById("wall-map");
  const inner = document.getElementById("cw-map-inner");
  const { make } = WallPanels;
  const find = (selector) => inner.querySelector(selector);
  let map;
  let module;
  let points = EMPTY;
  let stamp = 0;
  let ago = 0;

  const day = () => {
    const date = new Date(Date.now() - ago * 86400000);
    return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  };
  const query = () => {
    const given = new URLSearchParams();
    if (find("[data-filter-state]").value) given.set("state", find("[data-filter-state]").value);
    if (find("[data-filter-major]").value) given.set("major", find("[data-filter-major]").value);
    if (ago) { given.set("reported_from", day()); given.set("reported_to", day()); }
    if (Wall.config.area.slice(-2) !== "00") given.set("division", Wall.config.area);
    if (stamp) given.set("at", stamp);
    return given.toString();
  };
  const reload = () => {
    const found = query();
    map.getSource("vector").setTiles([location.origin + Wall.config.urls.cases + (found ? `?${found}` : "")]);
  };
  const match = (name, colours) => ["match", ["get", name], ...Object.entries(colours).flat(), LIGHTS.grey];
  const isOn = (name) => Boolean(find(`[data-layer="${name}"]`)?.checked);
  const visible = (name, on) => { if (map.getLayer(name)) map.setLayoutProperty(name, "visibility", on ? "visible" : "none"); };
  const apply = () => {
    ["tile-points", "tile-clusters"].forEach((name) => visible(name, isOn("cases")));
    ["heat-far", "heat-near"].forEach((name) => visible(name, isOn("heat")));
    ["wall-grids", "wall-grid-edges"].forEach((name) => visible(name, isOn("grids")));
    ["component-clusters", "component-points"].forEach((name) => visible(name, isOn("components")));
    ["people-rings", "people-dots"].forEach((name) => visible(name, isOn("people")));
    visible("tracks", isOn("tracks"));
    visible("video", isOn("video"));
    if (isOn("video")) video();
    if (isOn("grids")) grids();
    if (isOn("tracks")) tracks();
    legend();
  };
  const legend = () => {
    const byState = find("[data-paint]").value === "state";
    const { text, states } = Wall.config;
    const rows = byState ? Object.entries(STATES).map(([code, colour]) => [states[code], colour, ""])
      : [[text.late, LIGHTS.red, ""], [text.nearDue, LIGHTS.yellow, ""], [text.inTime, LIGHTS.green, ""]];
    if (isOn("video")) rows.push([text.video, "#4fd07f", "is-ring"]);
    if (isOn("people")) rows.push([text.people, "#6fe0ff", "is-square"]);
    find("[data-legend]").replaceChildren(...rows.map(([label, colour, shape]) => {
      const line = make("li");
      const dot = make("i", shape);
      dot.style.background = colour;
      line.append(dot, label);
      return line;
    }));
  };
  const paint = () => {
    const byState = find("[data-paint]").value === "state";
    map.setPaintProperty("tile-points", "circle-color", byState ? match("state", STATES) : match("level", LIGHTS));
    legend();
  };

  const grids = async () => {
    if (map.getZoom() < GRIDS_FROM) { map.getSource("wall-grids").setData(EMPTY); return; }
    const box = map.getBounds().toArray().flat().map((value) => value.toFixed(5)).join(",");
    const answer = await fetch(`${Wall.config.urls.grids}?bbox=${box}`, { credentials: "same-origin" });
    if (answer.ok) map.getSource("wall-grids").setData(await answer.json());
  };
  const track = async (key) => {
    const answer = await Wall.ask(Wall.config.urls.track.replace("{key}", key));
    return (await answer.json()).features;
  };
  const tracks = async () => {
    const keys = points.features.slice(0, MOST_TRACKS).map((one) => one.properties.person);
    const found = await Promise.all(keys.map((key) => track(key).catch(() => [])));
    map.getSource("tracks").setData({ ...EMPTY, features: found.flat() });
  };
  const video = async () => {
    const answer = await fetch(Wall.config.urls.video, { credentials: "same-origin" });
    if (answer.ok) map.getSource("video").setData(await answer.json());
  };
  const onlyTrack = async (key) => {
    find('[data-layer="tracks"]').checked = true;
    visible("tracks", true);
    map.getSource("tracks").setData({ ...EMPTY, features: await track(key) });
  };

  const addLayers = () => {
    const vector = (url) => ({ type: "vector", tiles: [location.origin + url], maxzoom: 17 });
    map.addSource("wall-grids", { type: "geojson", data: EMPTY });
    map.addSource("components", vector(Wall.config.urls.components));
    map.addSource("tracks", { type: "geojson", data: EMPTY });
    map.addSource("people", { type: "geojson", data: points });
    map.addSource("video", { type: "geojson", data: EMPTY });
    map.addSource("wall-shape", { type: "geojson", data: EMPTY });
    const hidden = { layout: { visibility: "none" } };
    const size = ["interpolate", ["linear"], ["get", "count"], 1, 5, 100, 9, 5000, 16];
    map.addLayer({ id: "wall-grids", type: "fill", source: "wall-grids", ...hidden, paint: { "fill-color": "#3d9bf0", "fill-opacity": 0.06 } }, "tile-clusters");
    map.addLayer({ id: "wall-grid-edges", type: "line", source: "wall-grids", ...hidden, paint: { "line-color": "#5b9be6", "line-width": 0.8, "line-opacity": 0.7 } }, "tile-clusters");
    map.addLayer({ id: "component-clusters", type: "circle", source: "components", "source-layer": "clusters", ...hidden, paint: { "circle-color": "#b79cff", "circle-opacity": 0.45, "circle-radius": size } }, "tile-clusters");
    map.addLayer({ id: "component-points", type: "circle", source: "components", "source-layer": "points", ...hidden, paint: { "circle-color": "#b79cff", "circle-radius": 3.5 } }, "tile-clusters");
    const heat = { "heatmap-radius": 34, "heatmap-opacity": 0.75 };
    map.addLayer({ id: "heat-far", type: "heatmap", source: "vector", "source-layer": "clusters", ...hidden, paint: { ...heat, "heatmap-weight": ["interpolate", ["linear"], ["get", "count"], 0, 0, 50, 1] } }, "tile-clusters");
    map.addLayer({ id: "heat-near", type: "heatmap", source: "vector", "source-layer": "points", ...hidden, paint: { ...heat, "heatmap-weight": 0.4 } }, "tile-clusters");
    map.addLayer({ id: "tracks", type: "line", source: "tracks", ...hidden, layout: { "line-cap": "round", "line-join": "round", visibility: "none" }, paint: { "line-color": "#6fe0ff", "line-width": 2.5, "line-opacity": 0.8 } });
    map.addLayer({ id: "video", type: "circle", source: "video", ...hidden, paint: { "circle-radius": 6, "circle-color": "#0a2040", "circle-stroke-color": match("level", LIGHTS), "circle-stroke-width": 3 } });
    map.addLayer({ id: "people-rings", type: "circle", source: "people", paint: { "circle-radius": 11, "circle-color": "#6fe0ff", "circle-opacity": 0.28, "circle-stroke-color": "#6fe0ff", "circle-stroke-width": 1.5 } });
    map.addLayer({ id: "people-dots", type: "circle", source: "people", paint: { "circle-radius": 5, "circle-color": match("level", LIGHTS) } });
    map.addLayer({ id: "wall-shape", type: "fill", source: "wall-shape", paint: { "fill-color": "#ffd166", "fill-opacity": 0.16 } });
    map.addLayer({ id: "wall-shape-edge", type: "line", source: "wall-shape", paint: { "line-color": "#ffd166", "line-width": 2, "line-dasharray": [2, 1.5] } });
  };

  const inspector = (feature) => {
    const { title, text, person, url } = feature.properties;
    const box = make("div");
    box.append(make("b", "", title), make("div", "", text));
    const phone = (text.match(/^[+\d-]{5,}/) || [])[0];
    const more = make("div");
    const line = make("button", "btn btn-sm btn-outline-primary", Wall.config.text.track);
    line.type = "button";
    line.addEventListener("click", () => onlyTrack(person));
    more.append(line);
    if (phone) {
      const call = make("a", "btn btn-sm btn-outline-primary", Wall.config.text.call);
      call.href = `tel:${phone}`;
      more.append(" ", call);
    }
    if (url) {
      const replay = make("a", "btn btn-sm btn-outline-primary", Wall.config.text.replay);
      replay.href = url;
      more.append(" ", replay);
    }
    box.append(more);
    return box;
  };
  const camera = ({ properties }) => {
    const title = make(properties.url ? "a" : "b", "", properties.title);
    if (properties.url) title.href = properties.url;
    const box = make("div");
    box.append(title, make("div", "", properties.text || ""));
    return box;
  };
  const names = () => Wall.config.places.forEach(({ name, lon, lat }) => {
    const label = make("span", "cw-name", name);
    new module.Marker({ element: label, offset: [0, -26] }).setLngLat([lon, lat]).addTo(map);
  });
  const bigger = () => {
    const count = ["get", "count"];
    map.setPaintProperty("tile-clusters", "circle-radius", ["interpolate", ["linear"], count, 1, 13, 20, 18, 200, 25, 5000, 38]);
    map.setPaintProperty("tile-clusters", "circle-color", ["step", count, "#2f8ff0", 10, "#12a5a0", 50, "#e0a100", 500, "#e0603a"]);
  };
  const clicks = () => map.on("click", (event) => {
    if (find('[data-draw="pick"]').getAttribute("aria-pressed") === "true") return pick(event);
    const [feature] = map.queryRenderedFeatures(event.point, { layers: ["people-dots", "people-rings"] });
    if (feature) new module.Popup().setLngLat(feature.geometry.coordinates).setDOMContent(inspector(feature)).addTo(map);
    const [eye] = map.queryRenderedFeatures(event.point, { layers: ["video"] });
    if (eye && !feature) new module.Popup().setLngLat(eye.geometry.coordinates).setDOMContent(camera(eye)).addTo(map);
    return undefined;
  });
  const pick = (event) => {
    const [feature] = map.queryRenderedFeatures(event.point, { layers: ["tile-points"] });
    setTimeout(() => document.querySelectorAll(".maplibregl-popup").forEach((one) => one.remove()), 0);
    if (feature) window.WallCommand?.pick(feature.properties);
  };

  const ring = (lon, lat, metres) => {
    const across = metres / (111320 * Math.cos(lat * Math.PI / 180));
    return Array.from({ length: 65 }, (_, step) => {
      const angle = step * Math.PI / 32;
      return [lon + across * Math.cos(angle), lat + metres / 110574 * Math.sin(angle)];
    });
  };
  const outline = (kind, from, to) => {
    if (kind === "circle") return ring(from.lng, from.lat, from.distanceTo(to));
    return [[from.lng, from.lat], [to.lng, from.lat], [to.lng, to.lat], [from.lng, to.lat], [from.lng, from.lat]];
  };
  const shape = (coordinates) => map.getSource("wall-shape").setData({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [coordinates] } });
  const asked = (kind, from, to) => {
    if (kind === "circle") return { lon: from.lng.toFixed(6), lat: from.lat.toFixed(6), radius: Math.max(1, from.distanceTo(to)).toFixed(1) };
    const lon = [from.lng, to.lng].sort((a, b) => a - b);
    const lat = [from.lat, to.lat].sort((a, b) => a - b);
    return { bbox: [lon[0], lat[0], lon[1], lat[1]].map((value) => value.toFixed(6)).join(",") };
  };
  const clear = () => {
    map.getSource("wall-shape").setData(EMPTY);
    find("[data-clear]").hidden = true;
    window.WallCommand?.close();
  };
  const drawShape = (kind) => {
    inner.parentElement.classList.add("is-drawing");
    map.dragPan.disable();
    map.once("mousedown", (start) => {
      const move = (event) => shape(outline(kind, start.lngLat, event.lngLat));
      map.on("mousemove", move);
      map.once("mouseup", (end) => {
        map.off("mousemove", move);
        map.dragPan.enable();
        inner.parentElement.classList.remove("is-drawing");
        find("[data-clear]").hidden = false;
        shape(outline(kind, start.lngLat, end.lngLat));
        window.WallCommand?.query({ ...Object.fromEntries(new URLSearchParams(query())), ...asked(kind, start.lngLat, end.lngLat) });
      });
    });
  };
  const tools = () => {
    inner.querySelectorAll("[data-layer]").forEach((box) => box.addEventListener("change", apply));
    find("[data-paint]").addEventListener("change", paint);
    ["[data-filter-state]", "[data-filter-major]"].forEach((name) => find(name).addEventListener("change", reload));
    ["box", "circle"].forEach((kind) => find(`[data-draw="${kind}"]`).addEventListener("click", () => drawShape(kind)));
    find('[data-draw="pick"]').addEventListener("click", (event) => {
      const button = event.currentTarget;
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      if (on) window.WallCommand?.begin();
    });
    find("[data-clear]").addEventListener("click", clear);
  };
  const time = () => {
    const slider = find("[data-time]");
    const label = find("[data-time-label]");
    const set = () => {
      ago = DAYS - Number(slider.value);
      label.textContent = ago ? day() : Wall.config.text.now;
      reload();
    };
    slider.addEventListener("change", set);
    slider.addEventListener("input", () => { ago = DAYS - Number(slider.value); label.textContent = ago ? day() : Wall.config.text.now; });
    let playing;
    find("[data-time-play]").addEventListener("click", (event) => {
      const button = event.currentTarget;
      if (playing) { clearInterval(playing); playing = undefined; button.textContent = "▶"; return; }
      button.textContent = "❚❚";
      if (slider.value === slider.max) slider.value = slider.min;
      playing = setInterval(() => {
        slider.value = Number(slider.value) + 1;
        set();
        if (slider.value === slider.max) { clearInterval(playing); playing = undefined; button.textContent = "▶"; }
      }, 1500);
    });
  };

  const ready = async () => {
    map = node.map;
    module = await import(JSON.parse(document.getElementById(node.dataset.map).textContent).library);
    const { box } = Wall.config;
    if (box.length) map.fitBounds([box.slice(0, 2), box.slice(2)], { padding: { top: 70, bottom: 90, left: 250, right: 60 }, animate: false, maxZoom: 14 });
    addLayers();
    reload();
    tools();
    time();
    clicks();
    names();
    bigger();
    paint();
    apply();
    map.on("moveend", () => { if (isOn("grids")) grids(); });
    inner.dataset.ready = "true";
  };

  window.WallMap = {
    start: () => { if (node.map) ready(); else node.addEventListener("map-ready", ready, { once: true }); },
    fit: () => map?.resize(),
    people: (found) => { points = found; map?.getSource("people")?.setData(found); },
    changed: () => {
      if (!map?.getSource("wall-shape") || ago) return;
      const now = Math.floor(Date.now() / 10000);
      if (now !== stamp) { stamp = now; reload(); }
    },
    go: (lon, lat) => map?.easeTo({ center: [lon, lat], zoom: 16 }),
  };
})();
