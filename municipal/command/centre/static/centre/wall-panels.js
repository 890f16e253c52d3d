/* Draws the panels of the wall from its data: window.WallPanels[code](body, state, kit). */
"use strict";
(() => {
  const COLOURS = ["#4fb3ff", "#ffd166", "#4fe0a8", "#ff8f6b", "#b79cff", "#6fe0ff", "#f78fb3", "#8fa9c9"];
  const AXIS = { axisLine: { lineStyle: { color: "#31598c" } }, axisTick: { show: false },
    axisLabel: { color: "#b8cbe4", fontSize: 14 }, splitLine: { lineStyle: { color: "#143560" } } };
  const TOOLTIP = { renderMode: "richText", backgroundColor: "#08203f", borderColor: "#3f7fc4", textStyle: { color: "#e6f1ff", fontSize: 14 } };
  const make = (tag, className = "", text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const number = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("zh-CN"));
  const linked = (url, tag = "div") => {
    const made = make(url ? "a" : tag);
    if (url) made.href = url;
    return made;
  };
  const empty = (body, text) => body.replaceChildren(make("p", "cw-empty", text));
  const change = (value, former) => {
    const gap = value - former;
    if (!gap) return make("em", "is-same", "—");
    return make("em", gap > 0 ? "is-up" : "is-down", `${gap > 0 ? "▲" : "▼"}${number(Math.abs(gap))}`);
  };
  const chart = (body, option) => {
    let box = body.querySelector(".cw-chart");
    if (!box) {
      box = make("div", "cw-chart");
      body.replaceChildren(box);
      const drawn = echarts.init(box);
      drawn.on("click", (event) => { if (event.data?.url) location.assign(event.data.url); });
      new ResizeObserver(() => drawn.resize()).observe(box);
    }
    echarts.getInstanceByDom(box).setOption(option);
  };
  const note = (body, text) => { body.parentElement.querySelector("[data-note]").replaceChildren(...[text].flat()); };
  const tabs = (body, kit, name, choices) => {
    const present = kit.tab(name, choices);
    const box = make("span", "cw-tabs");
    choices.forEach(([code, label]) => {
      const button = make("button", "", label);
      button.type = "button";
      button.setAttribute("aria-pressed", String(code === present));
      button.addEventListener("click", () => kit.choose(name, code));
      box.append(button);
    });
    note(body, box);
    return present;
  };
  const fits = (body, height) => Math.max(1, Math.floor(body.clientHeight / height));

  const trend = (body, { trend: found }) => {
    chart(body, {
      color: COLOURS, tooltip: { ...TOOLTIP, trigger: "axis" },
      legend: { top: 0, right: 0, textStyle: { color: "#b8cbe4", fontSize: 14 }, itemHeight: 9, itemWidth: 16 },
      grid: { left: 4, right: 10, top: 34, bottom: 0, containLabel: true },
      xAxis: { ...AXIS, type: "category", data: found.labels },
      yAxis: { ...AXIS, type: "value", minInterval: 1 },
      series: found.series.map((one, index) => ({
        name: one.name, type: index ? "line" : "bar", barMaxWidth: 22, smooth: true, symbolSize: 7, data: one.values,
        cursor: "pointer", itemStyle: index ? {} : { borderRadius: [2, 2, 0, 0] }, lineStyle: { width: 3 },
      })),
    });
  };

  const spots = (body, { recurring: rows }, kit) => {
    const { text } = kit.config;
    if (!rows.length) return empty(body, text.noRecurring);
    const list = make("ol", "cw-list is-spots");
    list.append(...rows.slice(0, fits(body, 34)).map((row, index) => {
      const line = linked(row.url);
      line.append(make("i", "", index + 1), make("span", "", row.name), make("span", "", row.place), make("b", "", `${row.value} ${text.times}`));
      const item = make("li");
      item.append(line);
      return item;
    }));
    return body.replaceChildren(list);
  };

  const hot = (body, state, kit) => {
    const { hot: found } = state;
    const { text } = kit.config;
    const part = tabs(body, kit, "hot", [["class", text.class], ["street", text.street], ["unit", text.unit], ["recurring", text.recurring]]);
    if (part === "recurring") return spots(body, state, kit);
    const rows = found[part].slice(0, fits(body, 34));
    if (!rows.length) return empty(body, text.nothing);
    const most = Math.max(...found[part].map((row) => row.value));
    const list = make("ol", "cw-list");
    list.append(...rows.map((row, index) => {
      const line = linked(row.url);
      const bar = make("progress");
      Object.assign(bar, { max: most, value: row.value });
      const gap = change(row.value, row.former);
      gap.title = text.former;
      line.append(make("i", "", index + 1), make("span", "", row.name), bar, make("b", "", number(row.value)), gap);
      const item = make("li");
      item.append(line);
      return item;
    }));
    return body.replaceChildren(list);
  };

  const sources = (body, { hot: { source: rows } }, kit) => {
    if (!rows.length) return empty(body, kit.config.text.nothing);
    const sum = rows.reduce((total, row) => total + row.value, 0);
    const value = new Map(rows.map((row) => [row.name, row.value]));
    return chart(body, {
      color: COLOURS, tooltip: { ...TOOLTIP, trigger: "item" },
      title: { text: number(sum), left: "26%", top: "middle", textAlign: "center", textStyle: { color: "#eaf2fc", fontSize: 24 } },
      legend: { data: rows.slice(0, fits(body, 25)), orient: "vertical", left: "54%", top: "middle", itemHeight: 11, itemWidth: 11, itemGap: 9, textStyle: { color: "#d8e8ff", fontSize: 15 },
        formatter: (name) => `${name.length > 7 ? `${name.slice(0, 7)}…` : name}  ${Math.round(100 * value.get(name) / sum)}%` },
      series: [{ type: "pie", radius: ["56%", "86%"], center: ["27%", "50%"], data: rows, cursor: "pointer", label: { show: false }, itemStyle: { borderColor: "#071c38", borderWidth: 2 } }],
    });
  };

  const states = (body, { states: found }, kit) => {
    const { text } = kit.config;
    const sums = [["open", found.open], ["late", found.late]].map(([code, one]) => `${text[code]} ${number(one.value)}`);
    note(body, sums.join(" · "));
    if (!found.rows.length) return empty(body, text.none);
    const box = make("div", "cw-states");
    box.append(...found.rows.map((row) => {
      const line = linked(row.url);
      line.append(make("span", "", row.label), make("b", "", number(row.value)));
      line.title = row.label;
      return line;
    }));
    return body.replaceChildren(box);
  };

  const stream = (body, { stream: rows }, kit) => {
    if (!rows.length) return empty(body, kit.config.text.noStream);
    const list = make("ol", "cw-stream");
    list.append(...rows.slice(0, fits(body, 39)).map((row) => {
      const item = make("li", [row.is_new ? "is-first" : "", row.is_alarm ? "is-alarm" : "", kit.isNew(row.key) ? "is-new" : ""].join(" ").trim());
      const line = linked(row.url);
      line.title = `${row.number} ${row.place}`;
      const what = make("span", "", row.title);
      what.append(make("small", "", row.place));
      line.append(make("time", "", row.at), make("em", "", row.what), what);
      item.append(line);
      return item;
    }));
    return body.replaceChildren(list);
  };

  const people = (body, state, kit) => {
    const { text } = kit.config;
    const found = kit.people;
    if (!found?.total) return empty(body, text.noPeople);
    note(body, `${text.onDuty} ${number(found.total)}`);
    const list = make("ul", "cw-list is-people");
    const line = (cells) => {
      const item = make("li");
      const row = make("div");
      row.append(...cells);
      item.append(row);
      return item;
    };
    const levels = ["green", "yellow", "red", "grey"];
    list.append(line([make("span"), ...levels.map((level) => make("b", "", text[level]))]));
    list.append(...found.districts.slice(0, fits(body, 34) - 1).map((row) => line([make("span", "", row.name), ...levels.map((level) => make("b", level === "red" && row[level] ? "is-up" : "", number(row[level])))])));
    return body.replaceChildren(list);
  };

  const ranking = (body, { ranking: found }, kit) => {
    const { text } = kit.config;
    const kinds = (found || []).filter((one) => one.rows.length);
    if (!kinds.length) return empty(body, text.noRanking);
    const kind = tabs(body, kit, "ranking", kinds.map((one) => [one.kind, one.label]));
    const list = make("ol", "cw-list is-ranking");
    list.append(...kinds.find((one) => one.kind === kind).rows.slice(0, fits(body, 34)).map((row) => {
      const line = linked(row.url);
      const grade = make("u", "", row.grade);
      grade.className = `is-${row.colour}`;
      const way = { up: ["is-down", "▲"], down: ["is-up", "▼"] }[row.trend] || ["is-same", "—"];
      line.append(make("i", "", row.rank ?? "–"), make("span", "", row.name), grade, make("b", "", row.value ?? "–"), make("em", ...way));
      const item = make("li");
      item.append(line);
      return item;
    }));
    return body.replaceChildren(list);
  };

  const strip = (box, { figures }, kit) => {
    const { text } = kit.config;
    const old = [...box.children].map((tile) => tile.dataset.value);
    box.replaceChildren(...figures.map((row, index) => {
      const [day, month, year] = row.values;
      const alarm = row.code === "overdue" && day.value;
      const tile = make("div", `cw-tile${alarm ? " is-alarm" : ""}`);
      tile.dataset.value = day.value;
      tile.dataset.code = row.code;
      const gap = change(day.value, row.former);
      gap.title = `${text.yesterday} ${number(row.former)}`;
      const big = linked(day.url);
      big.textContent = number(day.value);
      const more = make("p");
      [[text.month, month], [text.year, year]].forEach(([label, one]) => {
        const line = linked(one.url);
        line.append(`${label} `, make("b", "", number(one.value)));
        more.append(line);
      });
      tile.append(make("span", "", row.label), gap, big, more);
      if (old[index] !== undefined && old[index] !== String(day.value)) tile.classList.add("is-new");
      return tile;
    }));
  };

  window.WallPanels = { trend, hot, sources, recurring: spots, states, stream, people, ranking, strip, make, number };
})();
