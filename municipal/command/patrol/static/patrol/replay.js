/* Replays the track of a day: the way so far, where the inspector was, marks in red. */
const box = document.querySelector("[data-replay]");
const node = document.getElementById(box.dataset.replay);
const slider = box.querySelector("[data-time]");
const shown = box.querySelector("[data-shown]");
const speed = box.querySelector("[data-speed]");
const empty = { type: "FeatureCollection", features: [] };
const line = (rows) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: rows.map(({ lon, lat }) => [lon, lat]) } });
const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false, timeZone: box.dataset.zone });

const place = (rows, time) => {
  const next = rows.findIndex((row) => row.at > time);
  if (next <= 0) return next ? rows.at(-1) : rows[0];
  const [a, b] = [rows[next - 1], rows[next]];
  const share = (time - a.at) / (b.at - a.at);
  return { lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share };
};

const draw = (map, rows, marks, area) => {
  const source = (id, data) => map.addSource(id, { type: "geojson", data });
  const within = (at) => marks.some((mark) => mark.kind === "out" && at >= Date.parse(mark.begins_at) && at <= (Date.parse(mark.ends_at) || Infinity));
  source("area", area);
  source("whole", line(rows));
  source("outside", { ...empty, features: rows.slice(1).flatMap((row, index) => (within(row.at) ? [line([rows[index], row])] : [])) });
  source("past", empty);
  map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": "#1a5fb4", "fill-opacity": 0.1 } });
  map.addLayer({ id: "area-edge", type: "line", source: "area", paint: { "line-color": "#1a5fb4", "line-width": 0.6 } });
  map.addLayer({ id: "whole", type: "line", source: "whole", paint: { "line-color": "#6b7785", "line-width": 2, "line-opacity": 0.6 } });
  map.addLayer({ id: "outside", type: "line", source: "outside", paint: { "line-color": "#c62f25", "line-width": 4, "line-opacity": 0.6 } });
  map.addLayer({ id: "past", type: "line", source: "past", paint: { "line-color": "#1a5fb4", "line-width": 4 } });
  source("now", empty);
  map.addLayer({ id: "now", type: "circle", source: "now", paint: { "circle-radius": 8, "circle-color": "#1e8e45", "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
};

const run = (map, { points, marks, area }) => {
  const rows = points.map(([at, lon, lat]) => ({ at: Date.parse(at), lon, lat }));
  if (!rows.length) { shown.textContent = box.dataset.textNone; return; }
  draw(map, rows, marks, area);
  const [lons, lats] = [rows.map((row) => row.lon), rows.map((row) => row.lat)];
  map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 60, maxZoom: 16, animate: false });
  Object.assign(slider, { min: rows[0].at, max: rows.at(-1).at, step: 1000, value: rows[0].at });
  const show = () => {
    const time = Number(slider.value);
    const here = place(rows, time);
    map.getSource("past").setData(line([...rows.filter((row) => row.at <= time), here]));
    map.getSource("now").setData({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [here.lon, here.lat] } });
    shown.textContent = clock(time);
  };
  let last = 0;
  let playing = false;
  const step = (now) => {
    if (!playing) return;
    slider.value = Number(slider.value) + (now - last) * Number(speed.value);
    last = now;
    show();
    playing = Number(slider.value) < Number(slider.max) - 1000;
    box.toggleAttribute("data-playing", playing);
    requestAnimationFrame(step);
  };
  box.querySelector("[data-play]").addEventListener("click", () => {
    playing = !playing;
    if (playing && Number(slider.value) >= Number(slider.max) - 1000) slider.value = slider.min;
    last = performance.now();
    requestAnimationFrame(step);
  });
  slider.addEventListener("input", show);
  document.addEventListener("click", ({ target }) => {
    const moment = target.closest("[data-seek]")?.dataset.seek;
    if (moment) { slider.value = Date.parse(moment); show(); }
  });
  show();
  box.dataset.ready = "true";
};

const begin = async () => {
  const answer = await fetch(box.dataset.url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (answer.ok) run(node.map, await answer.json());
};
if (node.dataset.ready) begin(); else node.addEventListener("map-ready", begin);
