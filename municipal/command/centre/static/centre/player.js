/* Plays the stream of every [data-player], and puts a still picture into the report. */
(() => {
  const TYPE = "application/vnd.apple.mpegurl";
  const say = (box, name) => { box.querySelector(".player-note").textContent = name ? box.dataset[`text${name}`] : ""; };

  const withLibrary = (box, video) => {
    const hls = new window.Hls({ enableWorker: false, liveDurationInfinity: true });
    hls.on(window.Hls.Events.ERROR, (_event, about) => {
      if (!about.fatal) return;
      say(box, "Lost");
      if (about.type === window.Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else setTimeout(() => hls.loadSource(box.dataset.source), 5000);
    });
    hls.loadSource(box.dataset.source);
    hls.attachMedia(video);
  };
  const begin = (box) => {
    const video = box.querySelector("video");
    if (!box.dataset.source) return say(box, "None");
    video.addEventListener("playing", () => {
      say(box, "");
      document.querySelectorAll("[data-snapshot]").forEach((button) => { button.disabled = false; });
    });
    video.addEventListener("loadedmetadata", () => video.play().catch(() => {}));
    if (window.Hls?.isSupported()) withLibrary(box, video);
    else if (video.canPlayType(TYPE)) video.src = box.dataset.source;
    else say(box, "Lost");
  };
  const snapshot = (box) => {
    const video = box.querySelector("video");
    const input = document.querySelector("form [name=photos]");
    if (!video.videoWidth || !input) return;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((picture) => {
      const files = new DataTransfer();
      [...input.files].forEach((file) => files.items.add(file));
      const name = `${new Date().toISOString().replace(/[:.]/g, "-")}.jpg`;
      files.items.add(new File([picture], name, { type: "image/jpeg" }));
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      say(box, "Taken");
      setTimeout(() => say(box, ""), 3000);
    }, "image/jpeg", 0.9);
  };

  const player = document.querySelector("[data-player]");
  if (!player) return;
  begin(player);
  document.querySelector("[data-snapshot]")?.addEventListener("click", () => snapshot(player));
  document.querySelector("[data-fullscreen]")?.addEventListener("click", () => player.querySelector("video").requestFullscreen());
})();
