/* Find a class by typing, take the position, show chosen pictures. */
(() => {
  const narrow = (box, select) => {
    const all = [...select.querySelectorAll("option")].map((option) => [option, option.textContent.toLowerCase()]);
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      const fits = all.filter(([option, text]) => option.value && text.includes(wanted));
      all.forEach(([option, text]) => { option.hidden = Boolean(wanted && option.value && !text.includes(wanted)); });
      select.querySelectorAll("optgroup").forEach((group) => { group.hidden = ![...group.children].some((option) => !option.hidden); });
      if (wanted && fits.length) {
        select.value = fits[0][0].value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  };
  document.querySelectorAll("[data-class-search]").forEach((box) => {
    const select = document.getElementById(box.dataset.classSearch);
    if (select) narrow(box, select);
  });
  const find = () => document.querySelectorAll("select[data-class-find]:not([data-found])").forEach((select) => {
    select.dataset.found = "true";
    const box = document.createElement("input");
    Object.assign(box, { type: "search", className: "form-control case-class-search", placeholder: select.dataset.classFind, ariaLabel: select.dataset.classFind, autocomplete: "off" });
    select.after(box);
    narrow(box, select);
  });
  find();
  document.addEventListener("htmx:afterSettle", find);

  document.querySelectorAll("[data-locate]").forEach((button) => button.addEventListener("click", () => {
    navigator.geolocation?.getCurrentPosition(({ coords }) => {
      const inputs = button.dataset.locate.split(",").map((id) => document.getElementById(id));
      [coords.longitude, coords.latitude].forEach((value, index) => { inputs[index].value = value.toFixed(6); });
      inputs.forEach((input) => input.dispatchEvent(new Event("change", { bubbles: true })));
    });
  }));

  const dress = () => document.querySelectorAll("input[data-photos]:not([data-dressed])").forEach((input) => {
    input.dataset.dressed = "true";
    input.classList.add("visually-hidden");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-primary case-pick";
    button.textContent = input.dataset.photos;
    button.addEventListener("click", () => input.click());
    input.after(button);
  });
  dress();
  document.addEventListener("htmx:afterSettle", dress);

  document.addEventListener("change", (event) => {
    const input = event.target.closest?.("[data-photos]");
    if (!input) return;
    input.parentElement.querySelector(".case-previews")?.remove();
    const line = document.createElement("div");
    line.className = "case-previews";
    [...input.files].filter((file) => file.type.startsWith("image/")).forEach((file) => {
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = file.name;
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
      line.append(picture);
    });
    input.parentElement.append(line);
  });
})();
