/* Hooks by data attributes: poll, keys, drafts, dialogs, banners, clock. */
"use strict";
(() => {
  const body = document.body;
  const text = (name) => body.dataset[`text${name}`] || "";
  const find = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, selector, act) => document.addEventListener(type, (event) => {
    const target = event.target instanceof Element && event.target.closest(selector);
    if (target) act(target, event);
  });

  /* Notices ------------------------------------------------------------------ */
  const toast = (message, level = "info") => {
    const line = document.createElement("div");
    line.className = `toast-line toast-${level}`;
    line.textContent = message;
    document.getElementById("toasts")?.append(line);
    fade(line);
  };
  const fade = (line) => setTimeout(() => line.remove(), 6000);
  const banner = (message, link) => {
    const box = document.getElementById("banner");
    if (!box) return;
    box.hidden = !message;
    box.replaceChildren(message || "");
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = text("SignIn");
      box.append(anchor);
    }
  };
  const expired = () => banner(text("Expired"), `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);

  /* Polling with an ETag: 304 costs nothing, a lost line is shown ----------------- */
  const tags = new WeakMap();
  const busy = (node) => node.querySelector("[name=selected]:checked") || node.contains(document.activeElement)
    && document.activeElement.matches("input, select, textarea, tbody tr");
  const address = (node) => {
    const url = "pollAddress" in node.dataset ? location.pathname + location.search : node.dataset.pollUrl;
    return url === "." ? location.pathname + location.search : url;
  };
  const poll = async (node) => {
    if (document.hidden || busy(node)) return;
    const headers = { "X-Poll": "1" };
    if (tags.has(node)) headers["If-None-Match"] = tags.get(node);
    try {
      const response = await fetch(address(node), { headers, credentials: "same-origin", cache: "no-store", redirect: "manual" });
      if (response.status === 401 || response.type === "opaqueredirect") return expired();
      if (response.status < 500) banner("");
      if (response.status !== 200) { await response.text(); return; }
      tags.set(node, response.headers.get("ETag") || "");
      show(node, await response);
    } catch {
      banner(text("Offline"));
    }
  };
  const show = async (node, response) => {
    if ("pollJson" in node.dataset) {
      node.dispatchEvent(new CustomEvent("polled", { detail: await response.json(), bubbles: true }));
      return;
    }
    const html = await response.text();
    if (node.dataset.pollHtml === html) return;
    node.innerHTML = html;
    window.htmx?.process(node);
    document.dispatchEvent(new CustomEvent("content-changed", { detail: node }));
  };
  const startPolls = (root) => find("[data-poll]", root).forEach((node) => {
    if (node.pollTimer) return;
    node.pollTimer = setInterval(() => node.isConnected ? poll(node) : clearInterval(node.pollTimer), Number(node.dataset.poll) * 1000);
    if ("pollNow" in node.dataset) poll(node);
  });

  /* Tables by keyboard -------------------------------------------------------- */
  const rows = () => find("table[data-keys] tbody tr");
  const move = (step) => {
    const all = rows();
    const present = all.indexOf(document.activeElement?.closest("tr"));
    const next = all[Math.min(Math.max(present + step, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input:not([type=checkbox]), select, textarea, [contenteditable], .map *");
    if (event.key === "/" && !typing) {
      const box = document.querySelector("[data-hotkey='/'], #list-search");
      if (box) { event.preventDefault(); box.focus(); }
    }
    if (typing || document.querySelector(".modal.show, .dropdown-menu.show")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!rows().length) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches?.("tbody tr")) {
      event.target.querySelector("a")?.click();
    } else if (event.key === " " && event.target.matches?.("tbody tr")) {
      const check = event.target.querySelector("[name=selected]");
      if (check) { event.preventDefault(); check.click(); }
    }
  });

  /* Selection and columns -------------------------------------------------------- */
  const count = () => {
    const chosen = find("[name=selected]:checked").length;
    find("[data-bulk-bar]").forEach((bar) => { bar.hidden = !chosen; });
    find("[data-bulk-count]").forEach((node) => { node.textContent = chosen; });
  };
  on("change", "[data-check-all]", (box) => {
    find("[name=selected]").forEach((other) => { other.checked = box.checked; });
    count();
  });
  on("change", "[name=selected]", count);
  on("click", "[data-columns-apply]", (button) => {
    const chosen = find("input:checked", button.closest("[data-columns]")).map((box) => box.value);
    const url = new URL(location.href);
    url.searchParams.set("columns", chosen.join(","));
    location.assign(url);
  });
  on("click", "[data-export]", (link) => {
    const url = new URL(location.href);
    url.searchParams.delete("page");
    url.searchParams.set("export", link.dataset.export);
    link.href = url.href;
  });

  /* Confirmation, dialogs, navigation ------------------------------------------------ */
  on("submit", "form[data-confirm]", (form, event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
  on("click", "[data-nav-toggle]", () => document.getElementById("sidenav")?.classList.toggle("open"));
  on("click", "[data-nav-group] > summary", (summary) => {
    const group = summary.parentElement;
    store(`nav:${group.dataset.navGroup}`, group.open ? "closed" : "open");
  });
  const dialog = () => window.bootstrap?.Modal.getOrCreateInstance("#dialog");

  /* Drafts: what is typed survives an expired session ---------------------------------- */
  const store = (key, value) => {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* full or forbidden */ }
  };
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keyOf = (form) => `draft:${body.dataset.user}:${form.dataset.draft}`;
  const fields = (form) => find("input, select, textarea", form).filter((field) => field.name
    && !["csrfmiddlewaretoken"].includes(field.name) && !["hidden", "file", "password"].includes(field.type));
  const remember = (form) => {
    const values = fields(form).map((field) => [field.name, field.value,
      ["checkbox", "radio"].includes(field.type) ? field.checked : null]);
    store(keyOf(form), JSON.stringify(values));
  };
  const restore = (form) => {
    const saved = kept(keyOf(form));
    if (!saved || "bound" in form.dataset) return;
    let changed = false;
    for (const [name, value, checked] of JSON.parse(saved)) {
      for (const field of fields(form).filter((other) => other.name === name)) {
        if (checked === null && field.value !== value) { field.value = value; changed = true; }
        if (checked !== null && field.value === value && field.checked !== checked) { field.checked = checked; changed = true; }
      }
    }
    if (!changed) return;
    draftLine(form);
    find("[hx-get]", form).forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
  };
  const draftLine = (form) => {
    const line = document.createElement("div");
    line.className = "draft-line";
    line.append(text("Draft"));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-icon";
    button.textContent = text("Discard");
    button.addEventListener("click", () => { store(keyOf(form), ""); form.reset(); line.remove(); });
    line.append(button);
    (form.querySelector(".modal-body") || form).prepend(line);
  };
  on("input", "form[data-draft]", (form) => {
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(() => remember(form), 400);
  });
  on("submit", "form[data-draft]", (form) => {
    clearTimeout(form.draftTimer);
    remember(form);
    store("draft-sent", keyOf(form));
  });
  const settle = () => {
    const sent = kept("draft-sent");
    if (!sent || !body.dataset.user) return;
    const again = find("form[data-draft]").some((form) => keyOf(form) === sent);
    const bounced = again && !find(".toast-success").length; // the same form for the next piece
    if (!bounced && sent.startsWith(`draft:${body.dataset.user}:`)) store(sent, "");
    store("draft-sent", "");
  };

  /* Clock ----------------------------------------------------------------------------- */
  const tick = () => find("[data-clock]").forEach((node) => {
    const lang = document.documentElement.lang;
    node.textContent = new Date().toLocaleString(lang, { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  });

  /* HTMX ------------------------------------------------------------------------------- */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "dialog-content") {
      dialog()?.show();
      find("form[data-draft]", event.detail.target).forEach(restore);
    }
    count();
    prepare(event.detail.target);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("[data-filter-form]")) return;
    for (const [name, value] of Object.entries(event.detail.parameters)) {
      if (value === "" || value === "unknown") delete event.detail.parameters[name];
    }
  });
  document.addEventListener("htmx:sendError", () => banner(text("Offline")));
  document.addEventListener("htmx:afterRequest", (event) => {
    const request = event.detail.xhr;
    if (event.detail.successful) banner("");
    if (request.status === 204) settleNow(event.detail.elt);
  });
  const settleNow = (element) => {
    const form = element.closest?.("form[data-draft]");
    if (form) { store(keyOf(form), ""); store("draft-sent", ""); }
  };
  document.addEventListener("htmx:responseError", (event) => {
    const known = event.detail.xhr.getResponseHeader("HX-Trigger") || event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!known) toast(text("Failed"), "danger");
  });
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));
  window.addEventListener("online", () => banner(""));
  window.addEventListener("offline", () => banner(text("Offline")));

  const prepare = (root) => {
    startPolls(root);
    document.dispatchEvent(new CustomEvent("content-changed", { detail: root }));
  };
  settle();
  find("[data-nav-group]").forEach((group) => {
    const state = kept(`nav:${group.dataset.navGroup}`);
    if (state && !group.querySelector(".active")) group.open = state === "open";
  });
  find(".nav-line.active").forEach((link) => link.scrollIntoView({ block: "nearest" }));
  find("form[data-draft]").forEach(restore);
  find("[data-toast]").forEach(fade);
  tick();
  setInterval(tick, 1000);
  startPolls(document);
})();
