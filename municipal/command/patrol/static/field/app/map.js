/* The map of the phone: own grids and components, no tiles needed. */
import { element, words } from "./dom.js";
import { meta } from "./store.js";

const { mapLibrary, mapWorker } = document.body.dataset;
let library;
const load = () => {
  library ??= import(mapLibrary).then((module) => { module.setWorkerUrl?.(mapWorker); return module; });
  return library;
};
const points = (rows, about) => ({
  type: "FeatureCollection",
  features: rows.map((row) => ({ type: "Feature", geometry: { type: "Point", coordinates: [row.lon, row.lat] }, properties: about(row) })),
});

export const distance = (a, b) => {
  const radians = Math.PI / 180;
  const x = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  const y = (b.lat - a.lat) * radians;
  return Math.hypot(x, y) * 6_371_000;
};

export const here = () => new Promise((found, failed) => {
  navigator.geolocation.getCurrentPosition(({ coords }) => found({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }), failed, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 });
});

/* What a map shows at first: the place it is about, or all of the own grids. */
const outlook = (bundle, at) => {
  if (at) return { center: [at.lon, at.lat], zoom: 15 };
  const rings = (bundle?.grids?.features ?? []).flatMap(({ geometry }) => (geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates[0][0]));
  if (!rings.length) return { center: [120.38, 36.07], zoom: 15 };
  const ends = (pick) => [0, 1].map((place) => pick(...rings.map((point) => point[place])));
  return { bounds: [ends(Math.min), ends(Math.max)], fitBoundsOptions: { padding: 24, maxZoom: 16 } };
};
const names = () => ({ "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut, "GeolocateControl.FindMyLocation": words.whereIAm, "GeolocateControl.LocationNotAvailable": words.noPosition, "Map.Title": words.map });

/* A map in a box; `pick` is told where the marker is put, `chosen` which component. */
export const draw = async (box, { pick, chosen, at, cases = [], measure } = {}) => {
  const bundle = await meta("bundle");
  const { Map: MapView, Marker, NavigationControl, GeolocateControl } = await load();
  const view = new MapView({ container: box, ...outlook(bundle, at), locale: names(), attributionControl: false, style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": "#f2f5f9" } }] } });
  view.addControl(new NavigationControl({ showCompass: false }));
  view.addControl(new GeolocateControl({ positionOptions: { enableHighAccuracy: true }, trackUserLocation: true, showAccuracyCircle: false }));
  view.on("load", () => {
    view.addSource("grids", { type: "geojson", data: bundle?.grids ?? { type: "FeatureCollection", features: [] } });
    view.addLayer({ id: "grids", type: "line", source: "grids", paint: { "line-color": "#1a5fb4", "line-width": 1.5 } });
    const components = (bundle?.components ?? []).map(([code, kind, name, lon, lat]) => ({ code, kind, name, lon, lat }));
    view.addSource("components", { type: "geojson", data: points(components, ({ code, name }) => ({ code, name })) });
    view.addLayer({ id: "components", type: "circle", source: "components", paint: { "circle-radius": 5, "circle-color": "#1e8e45", "circle-stroke-color": "#fff", "circle-stroke-width": 1 } });
    view.addSource("cases", { type: "geojson", data: points(cases, ({ uid, class_name: name }) => ({ uid, name })) });
    view.addLayer({ id: "cases", type: "circle", source: "cases", paint: { "circle-radius": 7, "circle-color": "#c62f25", "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
    box.dataset.ready = "true";
  });
  let marker;
  const put = (place) => {
    if (!marker) {
      marker = new Marker({ draggable: true, color: "#c62f25" }).setLngLat([place.lon, place.lat]).addTo(view);
      marker.on("dragend", () => { const { lng, lat } = marker.getLngLat(); pick({ lon: lng, lat }); });
    }
    marker.setLngLat([place.lon, place.lat]);
    pick(place);
  };
  if (pick && at) put(at);
  let last;
  view.on("click", (event) => {
    const place = { lon: event.lngLat.lng, lat: event.lngLat.lat };
    if (measure) { measure(last ? distance(last, place) : 0); last = place; }
    const [found] = view.getLayer("cases") ? view.queryRenderedFeatures(event.point, { layers: ["components", "cases"] }) : [];
    if (found && chosen) chosen(found.properties, { lon: found.geometry.coordinates[0], lat: found.geometry.coordinates[1] });
    if (pick) put(place);
  });
  return { view, put };
};

export const mapBox = (height = 240) => element("div", { className: "field-map", style: `height:${height}px`, role: "application", ariaLabel: words.map });
