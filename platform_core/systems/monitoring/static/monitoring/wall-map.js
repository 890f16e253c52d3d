/* The map of the command centre: outlines coloured by a figure, cases as points. */
"use strict";

(function () {
  const files = new Map();

  async function outline(source) {
    if (!source.url) return "";
    // Under this name the library adds the inset of the South China Sea islands.
    const name = /\/100000\.json$/.test(source.url) ? "china" : source.url + "#" + source.only;
    if (files.has(name)) return files.get(name);
    const response = await fetch(source.url);
    if (!response.ok) return "";
    const shapes = await response.json();
    if (source.only) {
      shapes.features = shapes.features.filter((one) => one.properties.code === source.only);
    }
    echarts.registerMap(name, shapes);
    files.set(name, name);
    return name;
  }

  function number(value) {
    return value === null || value === undefined ? "–" : value.toLocaleString();
  }

  window.WallMap = class {
    constructor(element, config, handlers) {
      this.chart = echarts.init(element);
      this.config = config;
      this.handlers = handlers;
      this.shown = "";
      this.chart.on("click", (event) => this.clicked(event));
      new ResizeObserver(() => this.chart.resize()).observe(element);
    }

    clicked(event) {
      if (event.data && event.data.url) {
        window.location.assign(event.data.url);
        return;
      }
      const code = (event.data && event.data.code) || event.name;
      if (this.parts.has(code)) this.handlers.drill(code);
    }

    async show(state, metric) {
      this.parts = new Map(state.parts.map((part) => [part.code, part]));
      const name = await outline(state.outline);
      const fresh = name !== this.shown;
      this.shown = name;
      this.chart.setOption(this.option(state, metric, name, fresh), fresh);
    }

    option(state, metric, name, fresh) {
      const values = state.parts.map((part) => part[metric] || 0);
      const top = Math.max(...values, metric === "rate" ? 100 : 5);
      const whole = Boolean(state.outline.only) || !state.parts.length;
      const option = {
        backgroundColor: "transparent",
        tooltip: this.tooltip(),
        series: [this.bubbles(state, metric, top, whole), this.points(state)],
        visualMap: {
          min: 0, max: top, seriesIndex: whole ? 0 : 2, left: 16, bottom: 16,
          text: [number(top), "0"], itemWidth: 12, itemHeight: 110, calculable: false,
          textStyle: { color: "#9db4d6" },
          inRange: { color: ["#123a6b", "#1d63b5", "#2f97e8", "#6fe0ff"] },
        },
      };
      if (name) {
        option.geo = this.geo(state, name, whole, fresh);
        if (!whole) option.series.push(this.areas(state, metric));
      }
      return option;
    }

    geo(state, name, whole, fresh) {
      const place = fresh ? { zoom: 1, center: undefined } : {};
      return {
        map: name, nameProperty: "code", roam: true, ...place,
        layoutCenter: ["50%", "50%"], layoutSize: "94%", scaleLimit: { min: 0.8, max: 12 },
        itemStyle: { areaColor: "#0d2b52", borderColor: "#3f7fc4", borderWidth: 1 },
        emphasis: {
          itemStyle: { areaColor: whole ? "#0d2b52" : "#2c7fd0" },
          label: { show: !whole, color: "#fff" },
        },
        select: { disabled: true },
        label: {
          show: !whole, color: "#d8e8ff", fontSize: state.parts.length > 20 ? 11 : 13,
          textBorderColor: "#061a35", textBorderWidth: 2,
          formatter: (item) => this.short(item.name),
        },
      };
    }

    short(code) {
      const part = this.parts.get(code);
      if (!part) return "";
      return /^[a-zA-Z ]+$/.test(part.name)
        ? part.name
        : part.name.replace(/(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$/, "");
    }

    areas(state, metric) {
      return {
        type: "map", geoIndex: 0, nameProperty: "code",
        data: state.parts.map((part) => ({ name: part.code, value: part[metric] || 0 })),
      };
    }

    bubbles(state, metric, top, whole) {
      const places = whole ? state.parts.filter((part) => part.lon !== null) : [];
      return {
        type: "scatter", coordinateSystem: "geo", z: 4,
        data: places.map((part) => ({
          code: part.code, name: part.code, value: [part.lon, part.lat, part[metric] || 0],
        })),
        symbolSize: (value) => 20 + 44 * Math.sqrt(value[2] / top),
        labelLayout: { moveOverlap: "shiftY", hideOverlap: true },
        itemStyle: { opacity: 0.55, borderColor: "#bfe6ff", borderWidth: 1 },
        label: {
          show: true, opacity: 1, position: "bottom", color: "#e6f1ff", fontSize: 13,
          textBorderColor: "#061a35", textBorderWidth: 3,
          formatter: (item) => this.short(item.data.code),
        },
      };
    }

    points(state) {
      return {
        type: "scatter", coordinateSystem: "geo", z: 5, symbolSize: 6,
        data: state.points.map((point) => ({
          name: point.title, value: [point.lon, point.lat], url: point.url,
          hint: point.state, itemStyle: { color: point.overdue ? "#ff6b5e" : "#ffd166" },
        })),
        itemStyle: { opacity: 0.9 },
      };
    }

    tooltip() {
      const text = this.config.labels;
      return {
        renderMode: "richText", backgroundColor: "#08203f", borderColor: "#3f7fc4",
        textStyle: { color: "#e6f1ff", fontSize: 13 },
        formatter: (item) => {
          if (item.data && item.data.url) return item.name + "\n" + item.data.hint;
          const part = this.parts.get(item.name);
          if (!part) return "";
          const lines = ["today", "reported", "closed", "open", "overdue"].map(
            (code) => text[code] + "  " + number(part[code]),
          );
          const rate = part.rate === null ? "–" : part.rate + " %";
          return [part.name, ...lines, text.rate + "  " + rate].join("\n");
        },
      };
    }
  };
})();
