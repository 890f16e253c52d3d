/* Small helpers to build screens. */
export const words = JSON.parse(document.getElementById("words").textContent);
export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  });
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
};
export const panel = (title, ...children) => element("section", { className: "panel" }, title ? element("h2", {}, title) : "", ...children);
export const field = (label, control) => element("label", { className: "form-field" }, element("span", { className: "form-label" }, label), control);
export const button = (label, onclick, look = "primary") => element("button", { type: "button", className: `btn btn-${look} w-100`, onclick }, label);
export const empty = (text) => element("p", { className: "empty-note" }, text);
export const when = (text) => (text ? new Date(text).toLocaleString() : "");

/* Green until half of the time is used, then yellow, then red. */
export const light = (task) => {
  const now = Date.now();
  if (!task.deadline) return "";
  const end = Date.parse(task.deadline);
  const minutes = Math.round((end - now) / 60_000);
  const color = now > end ? "red" : now > Date.parse(task.warn_at) ? "yellow" : "green";
  const size = Math.abs(minutes);
  const text = [minutes < 0 ? words.late : words.left, size >= 120 ? Math.round(size / 60) : size, size >= 120 ? words.hours : words.minutes].join(" ");
  return element("span", { className: `light light-${color}` }, text);
};

/* A photo no larger than needed; what the browser cannot draw goes as it is. */
export const smaller = async (file, most = 1600) => {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, most / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * share)), Math.max(1, Math.round(picture.height * share)));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
};

/* Pick or take pictures; the list is shown and kept in `files`. */
export const photos = (label, name) => {
  const files = [];
  const shown = element("div", { className: "case-previews" });
  const input = element("input", {
    type: "file", accept: "image/*,video/*,audio/*", multiple: true, name, className: "visually-hidden", capture: "environment",
    onchange: async () => {
      for (const file of input.files) {
        const kept = await smaller(file);
        files.push(kept);
        const link = URL.createObjectURL(kept);
        shown.append(kept.type.startsWith("image/") ? element("img", { src: link, alt: kept.name }) : element("span", {}, kept.name));
      }
      input.value = "";
    },
  });
  return { files, box: element("div", { className: "form-field" }, element("span", { className: "form-label" }, label), input, button(words.takePictures, () => input.click(), "outline-primary"), shown) };
};

/* Speak instead of typing; adds the recording to `files`. */
export const voice = (files) => {
  let recorder;
  const control = button(words.record, async () => {
    if (recorder?.state === "recording") { recorder.stop(); return; }
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      files.push(new File(parts, "voice.webm", { type: recorder.mimeType }));
      control.textContent = `${words.recorded} ✓`;
    });
    recorder.start();
    control.textContent = words.stop;
  }, "outline-primary");
  return navigator.mediaDevices && window.MediaRecorder ? control : "";
};
