
// The views of a plan, its filters, and the address that keeps them.

const FIELDS = ["q", "wave", "ou", "region", "action", "stack"];
const FILTERS = [...FIELDS, "all"];

const isFiltered = () => FIELDS.some((field) => state[field] !== "");

const fill = (id, first, values) => byId(id).replaceChildren(el("option", { value: "" }, first), ...values.map(([value, text]) => el("option", { value }, text)));
const units = [...new Set(rows.flatMap((row) => row.ou.split("/").map((_, at, names) => names.slice(0, at + 1).join("/"))))].filter(Boolean).sort();
fill("wave", "all", data.waves.map((wave) => [wave, wave]));
fill("ou", "all", units.map((unit) => [unit, unit]));
fill("region", "all", COLUMNS.map((column, at) => [column, at === 0 ? "account as a whole" : column]));
fill("action", "all", KINDS.filter((kind) => cells.some((cell) => cell.kinds.has(kind))).map((kind) => [kind, `${SYMBOLS[kind]} ${kind}`]));
fill("stack", "all", data.stacks.toSorted().map((stack) => [stack, stack]));

const tabs = [...document.querySelectorAll("[role='tab']")];

const drawView = () => {
  const view = state.view || "changes";
  document.body.dataset.view = view;
  for (const tab of tabs) {
    const isChosen = tab.getAttribute("aria-controls") === view;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
  }
};

const show = (changed) => {
  const isChanged = (...fields) => fields.some((field) => changed.includes(field));
  for (const field of FIELDS) if (byId(field).value !== state[field]) byId(field).value = state[field];
  byId("all").checked = state.all;
  drawView();
  if (isChanged(...FILTERS)) drawMatrix();
  markUnits();
  if (isChanged("account", "at")) drawPanel();
  if (isChanged("account", "at", "view")) reveal();
};

const set = (changes) => {
  Object.assign(state, changes);
  writeHash(state);
  show(Object.keys(changes));
};

const restore = () => {
  const hash = readHash();
  for (const field of [...FIELDS, "account", "at"]) state[field] = hash.get(field) ?? "";
  state.all = hash.get("all") === "1";
  state.view = hash.get("view") === "accounts" || FILTERS.some((field) => hash.has(field)) ? "accounts" : "";
  state.theme = hash.get("theme") ?? state.theme;
  theme.set(state.theme);
  show(Object.keys(state));
};

for (const field of FIELDS) {
  byId(field).addEventListener(field === "q" ? "input" : "change", () => set({ view: "accounts", [field]: byId(field).value }));
}
byId("all").addEventListener("change", () => set({ all: byId("all").checked }));
const clear = () => set({ ...Object.fromEntries(FIELDS.map((field) => [field, ""])), all: false });
byId("clear").addEventListener("click", clear);
byId("close").addEventListener("click", close);
byId("find").addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("theme").addEventListener("click", () => {
  theme.toggle();
  set({ theme: theme.get() });
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") state.account ? close() : clear();
});

// ---- The views

const choose = (tab) => set({ view: tab.id === "tab-accounts" ? "accounts" : "" });
tabs.forEach((tab, at) => {
  byId(tab.getAttribute("aria-controls")).setAttribute("role", "tabpanel");
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const next = tabs.at((at + step) % tabs.length);
    choose(next);
    next.focus();
  });
});
const unfold = byId("unfold");
unfold.addEventListener("click", () => {
  const isOpen = unfold.getAttribute("aria-pressed") !== "true";
  unfold.setAttribute("aria-pressed", String(isOpen));
  unfold.textContent = isOpen ? "Fold all" : "Unfold all";
  for (const one of byId("changes").querySelectorAll("details")) one.open = isOpen;
});
// A link to an account leaves the view and the filters as they are.
byId("changes").addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#account=']");
  if (!link) return;
  event.preventDefault();
  open(new URLSearchParams(link.getAttribute("href").slice(1)).get("account"), "", link);
});
addEventListener("hashchange", () => {
  if (location.hash !== "#main") restore();
});
onPrint(() => matrix.addAll());

unfold.hidden = byId("changes").querySelector("details") === null;
document.body.classList.add("views");
document.querySelector(".bar").hidden = false;
document.querySelector("nav.units").hidden = false;
byId("filters").hidden = false;
byId("units").replaceChildren(el("ul", {}, unitItem(unitsRoot)));
restore();
