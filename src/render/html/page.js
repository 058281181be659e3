// What both pages share: elements, data, the address, light and dark, paper.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

/// An element with its attributes and content; text is never taken for markup.
const el = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...content.filter((part) => part != null));
  return element;
};

const number = (value) => value.toLocaleString("en-US");
const count = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/// Reads the address: `#q=kms&account=log-archive`.
const readHash = () => new URLSearchParams(location.hash.slice(1));

/// Writes the address without an entry in the history for each letter that is typed.
const writeHash = (values) => {
  const pairs = Object.entries(values).filter(([, value]) => value !== "" && value !== false && value != null);
  const hash = new URLSearchParams(pairs.map(([key, value]) => [key, value === true ? "1" : value]));
  const text = hash.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
};

/// Light or dark: the system's choice until somebody chooses.
const theme = {
  get: () => document.documentElement.dataset.theme ?? "",
  set(value) {
    if (value === "dark" || value === "light") document.documentElement.dataset.theme = value;
    else delete document.documentElement.dataset.theme;
    const dark = value ? value === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    byId("theme").textContent = dark ? "Light" : "Dark";
    byId("theme").setAttribute("aria-label", dark ? "Light colours" : "Dark colours");
    byId("theme").hidden = false;
    return dark;
  },
  toggle() {
    theme.set(byId("theme").textContent.toLowerCase());
  },
};

/// Unfolds everything while the page is printed; `prepare` makes what is not there yet.
const onPrint = (prepare) => {
  const opened = new Set();
  const before = () => {
    prepare();
    for (const one of document.querySelectorAll("details:not([open])")) {
      one.open = true;
      opened.add(one);
    }
  };
  const after = () => {
    for (const one of opened) one.open = false;
    opened.clear();
  };
  const query = matchMedia("print");
  query.addEventListener("change", () => (query.matches ? before() : after()));
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  if (query.matches) before();
};
