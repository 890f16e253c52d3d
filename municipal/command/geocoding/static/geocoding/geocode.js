/* Type-ahead for addresses, and the address of a picked position.

   <input data-geocode="/api/v1/" data-geocode-position="id_lon,id_lat">
   data-geocode-follow: rewrite the address whenever the position moves, also a typed one. */
(() => {
  const WAIT = 250;
  const LEAST = 2;

  const ask = async (base, what, query) => {
    try {
      const response = await fetch(`${base}${what}?${new URLSearchParams(query)}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
      return response.ok ? await response.json() : null;
    } catch {
      return null; // offline: the address is typed by hand
    }
  };
  const tell = (input) => ["input", "change"].forEach((name) => input.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: "geocode" })));

  const dress = (input) => {
    input.dataset.geocodeReady = "true";
    input.autocomplete = "off";
    const base = input.dataset.geocode;
    const position = (input.dataset.geocodePosition || "").split(",").map((id) => document.getElementById(id));
    const list = document.createElement("ul");
    list.className = "geocode-list";
    list.id = `${input.id}-places`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    const box = document.createElement("div");
    box.className = "geocode";
    input.replaceWith(box);
    box.append(input, list);
    Object.entries({ role: "combobox", "aria-controls": list.id, "aria-autocomplete": "list", "aria-expanded": "false" }).forEach(([name, value]) => input.setAttribute(name, value));
    let timer, found = [], chosen = -1, filled = "", asked = 0;

    const show = () => {
      list.replaceChildren(...found.map((place, index) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === chosen));
        const name = document.createElement("span");
        name.textContent = place.text;
        const score = document.createElement("small");
        score.textContent = place.score;
        item.append(name, score);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
        return item;
      }));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const none = () => {
      const item = document.createElement("li");
      item.className = "geocode-none";
      item.textContent = input.dataset.geocodeNone || "";
      list.replaceChildren(item);
      list.hidden = !item.textContent;
    };
    const close = () => { found = []; chosen = -1; show(); };
    const take = (index) => {
      const place = found[index];
      input.value = filled = place.text;
      close();
      tell(input);
      if (position.every(Boolean)) {
        [place.lon, place.lat].forEach((value, axis) => { position[axis].value = value; });
        position.forEach(tell);
      }
    };
    const look = async () => {
      const text = input.value.trim();
      const turn = ++asked;
      const answer = text.length < LEAST ? null : await ask(base, "geocode", { q: text, limit: 8 });
      if (turn !== asked || document.activeElement !== input) return;
      found = answer?.results || [];
      chosen = -1;
      show();
      if (answer && !found.length) none();
    };
    const describe = async () => {
      if (input.value && input.value !== filled && !("geocodeFollow" in input.dataset)) return;
      const [lon, lat] = position.map((field) => parseFloat(field.value));
      if (!Number.isFinite(lon) || !Number.isFinite(lat)) return;
      const turn = ++asked;
      const answer = await ask(base, "reverse", { lon, lat });
      if (turn !== asked || !answer?.text) return;
      input.value = filled = answer.text;
      tell(input);
    };

    input.addEventListener("input", (event) => {
      if (event.detail === "geocode") return;
      clearTimeout(timer);
      timer = setTimeout(look, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { chosen = (chosen + step + found.length) % found.length; show(); event.preventDefault(); }
      if (event.key === "Enter" && chosen >= 0) { take(chosen); event.preventDefault(); }
      if (event.key === "Escape") close();
    });
    if (position.every(Boolean)) {
      let later;
      position.forEach((field) => field.addEventListener("change", (event) => {
        if (event.detail === "geocode") return;
        clearTimeout(later);
        later = setTimeout(describe, WAIT);
      }));
    }
  };
  const all = () => document.querySelectorAll("[data-geocode]:not([data-geocode-ready])").forEach(dress);
  all();
  document.addEventListener("htmx:afterSettle", all);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-take]");
    if (!button) return;
    const values = { id_found: button.dataset.take, id_lon: button.dataset.lon, id_lat: button.dataset.lat };
    Object.entries(values).forEach(([id, value]) => { const field = document.getElementById(id); field.value = value; tell(field); });
  });
})();
