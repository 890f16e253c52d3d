/* Ready phrases over a text box: data-phrases names the address that lists them. */
(() => {
  const lists = new Map();
  const listed = (url) => {
    if (!lists.has(url)) {
      lists.set(url, fetch(url, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : { phrases: [] })));
    }
    return lists.get(url);
  };
  const offer = async (box) => {
    box.dataset.offered = "true";
    const { phrases } = await listed(box.dataset.phrases);
    if (!phrases.length) return;
    const select = document.createElement("select");
    select.className = "form-select form-select-sm mb-1";
    select.setAttribute("aria-label", box.dataset.phrasesLabel);
    select.add(new Option(box.dataset.phrasesLabel, ""));
    const groups = new Map();
    phrases.forEach(({ group, text }) => {
      if (!groups.has(group)) {
        const element = document.createElement("optgroup");
        element.label = group;
        groups.set(group, element);
        select.append(element);
      }
      groups.get(group).append(new Option(text, text));
    });
    select.addEventListener("change", () => {
      if (!select.value) return;
      box.value = box.value ? `${box.value}\n${select.value}` : select.value;
      select.value = "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
    box.before(select);
  };
  const look = () => document.querySelectorAll("textarea[data-phrases]:not([data-offered])").forEach(offer);
  look();
  document.addEventListener("htmx:afterSettle", look);
})();
