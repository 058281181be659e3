
// The timeline of a run: a row for each account, its lanes when it is unfolded, waves as bands behind them.

const SVG = "http://www.w3.org/2000/svg";
const CLASSES = ["bar", "bar same", "bar failed"];
const end = Math.max(data.end, 1);
const share = (time) => `${(100 * time / end).toFixed(3)}%`;

const svg = (name, attributes, ...content) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
};

/// A time as the rest of avm says it: `850 ms`, `1.5 s`, `4 m 10 s`, `2 h 3 m`.
const time = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return `${milliseconds} ms`;
  if (seconds < 60) return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
};

const accounts = data.accounts.map(([name, id, wave, lanes], index) => {
  const own = lanes.map(([region, flat]) => {
    const steps = [];
    for (let at = 0; at < flat.length; at += 4) {
      const [started, took, outcome, text] = flat.slice(at, at + 4);
      steps.push({ started, took, outcome, text: data.texts[text] });
    }
    return { region, steps };
  });
  const steps = own.flatMap((lane) => lane.steps);
  const times = (outcome) => steps.filter((step) => step.outcome === outcome).length;
  const first = Math.min(...steps.filter((step) => step.outcome < 3).map((step) => step.started));
  return { index, name, id, wave, first, lanes: own, failed: times(2), left: times(3) };
});

// Wave by wave, within one by name; the organization itself comes first. Older reports do not name the wave.
const root = (account) => account.name === "organization" && account.id === null;
const waveOf = (account) => (root(account) ? -1 : account.wave ?? data.waves.findLastIndex(([, started]) => started <= account.first));
accounts.sort((a, b) => waveOf(a) - waveOf(b) || a.index - b.index);
const isUnfinished = (account) => account.failed + account.left > 0;

const place = (account, lane) => `${account.name}${lane.region ? ` ${lane.region}` : ""}`;
const words = (account, lane, step) => {
  const when = step.outcome === 3 ? "" : `, from ${time(step.started)} for ${time(step.took)}`;
  return `${place(account, lane)}: ${step.text} (${data.outcomes[step.outcome]}${when})`;
};

const bands = () => data.waves.map(([, started, ended], index) =>
  svg("rect", { class: `band${index % 2 ? " odd" : ""}`, x: share(started), width: share((ended ?? end) - started), y: "0", height: "100%" }));

const say = (text) => { byId("step").textContent = text; };
say("Point at a bar, or go to it with Tab in an unfolded account, to see its step.");

const bar = (account, lane, step, alone) => {
  // What took no time is to be seen, too; what failed stands out, whatever lies on it.
  const failed = step.outcome === 2;
  const wide = Math.max(step.took / end, failed ? 0.006 : 0.003);
  const rect = svg("rect", { class: `${CLASSES[step.outcome]}${wide < 0.01 ? " thin" : ""}`, x: share(step.started), width: `${(100 * wide).toFixed(3)}%`, y: failed ? "10%" : "25%", height: failed ? "80%" : "50%", rx: "2" });
  const text = words(account, lane, step);
  rect.addEventListener("pointerenter", () => say(text));
  if (alone) {
    rect.setAttribute("tabindex", "0");
    rect.setAttribute("role", "img");
    rect.setAttribute("aria-label", text);
    rect.addEventListener("focus", () => say(text));
  }
  return rect;
};

/// The bars of lanes; those that failed lie on top.
const bars = (account, lanes, alone) => {
  const all = lanes.flatMap((lane) => lane.steps.map((step) => ({ lane, step }))).filter(({ step }) => step.outcome < 3);
  if (!alone) all.sort((a, b) => (a.step.outcome === 2) - (b.step.outcome === 2));
  return all.map(({ lane, step }) => bar(account, lane, step, alone));
};

const laneItem = (account, lane) => {
  const left = lane.steps.filter((step) => step.outcome === 3).length;
  const name = el("span", {}, lane.region ?? "as a whole", left ? el("span", { class: "faint" }, ` ${count(left, "step")} not tried`) : null);
  const picture = svg("svg", { role: "group", "aria-label": `Steps in ${place(account, lane)}` }, ...bands(), ...bars(account, [lane], true));
  return el("li", {}, el("div", { class: "lane" }, name, picture));
};

const unfolded = new Set();

const accountItem = (account) => {
  const button = el("button", { type: "button", "aria-expanded": "false" }, el("span", { class: "fold", "aria-hidden": "true" }, "▸"), el("span", {}, el("span", { class: "account" }, account.name),
    account.failed ? el("span", { class: "badge blocked" }, `! ${number(account.failed)} failed`) : null,
    account.left ? el("span", { class: "badge wait" }, `${number(account.left)} not tried`) : null));
  const picture = svg("svg", { "aria-hidden": "true" }, ...bands(), ...bars(account, account.lanes, false));
  const item = el("li", {}, el("div", { class: "lane" }, button, picture));
  const fold = (isOpen) => {
    button.setAttribute("aria-expanded", String(isOpen));
    button.firstChild.textContent = isOpen ? "▾" : "▸";
    item.querySelector("ol")?.remove();
    if (isOpen) item.append(el("ol", {}, ...account.lanes.map((lane) => laneItem(account, lane))));
    unfolded[isOpen ? "add" : "delete"](account.name);
    remember();
  };
  button.addEventListener("click", () => fold(!unfolded.has(account.name)));
  if (unfolded.has(account.name)) fold(true);
  return item;
};

const axis = () => {
  const picture = svg("svg", { "aria-hidden": "true" }, ...bands());
  // About as wide as the bars beneath: words that would lie on each other are left out. The table has them all.
  const width = byId("lanes").clientWidth * 0.7;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400].map((seconds) => seconds * 1000);
  const step = steps.find((one) => end / one <= width / 90) ?? Math.ceil(end / 8);
  for (let at = 0; at <= end; at += step) {
    picture.append(svg("line", { class: "tick", x1: share(at), x2: share(at), y1: "60%", y2: "100%" }));
    const text = time(at).replace(/^0 ms$/, "0").replace(".0 s", " s").replace(/ 0 [sm]$/, "");
    if (at / end + 50 / width < 1) picture.append(svg("text", { x: share(at), y: "90%", dx: "4" }, text));
  }
  let free = 0;
  for (const [name, started] of data.waves) {
    const wide = (9 * name.length + 8) / width;
    const isLast = started / end + wide > 1;
    const from = isLast ? 1 - wide : started / end;
    if (from < free) continue;
    picture.append(svg("text", { class: "wave-name", y: "36%", ...(isLast ? { x: "100%", dx: "-4", "text-anchor": "end" } : { x: share(started), dx: "4" }) }, name));
    free = from + wide;
  }
  return el("li", { class: "lane axis", "aria-hidden": "true" }, el("span", {}, "Waves and time"), picture);
};

const lanes = new Rows(byId("lanes"), "account", (item) => (item === null ? axis() : accountItem(item)), (button) => el("li", { class: "more" }, button));
const table = new Rows(byId("steps"), "step", ({ account, lane, step }) => el("tr", {},
  el("th", { scope: "row" }, account.name), el("td", {}, lane.region ?? "as a whole"), el("td", {}, step.text), el("td", {}, data.outcomes[step.outcome]),
  el("td", {}, step.outcome === 3 ? "" : time(step.started)), el("td", {}, step.outcome === 3 ? "" : time(step.took))),
(button) => el("tr", { class: "more" }, el("td", { colspan: "6" }, button)));

// The table is made when somebody wants it.
let filled = false;
const fillTable = () => {
  if (filled) return;
  filled = true;
  table.show(accounts.flatMap((account) => account.lanes.flatMap((lane) => lane.steps.map((step) => ({ account, lane, step })))));
};
byId("list").addEventListener("toggle", () => { if (byId("list").open) fillTable(); });

const only = byId("unfinished");
const remember = () => writeHash({ open: [...unfolded].join("\n"), unfinished: only.checked, theme: theme.get() });
const draw = () => lanes.show([null, ...accounts.filter((account) => !only.checked || isUnfinished(account))]);
only.addEventListener("change", () => {
  remember();
  draw();
});
byId("theme").addEventListener("click", () => {
  theme.toggle();
  remember();
});

const restore = () => {
  const hash = readHash();
  theme.set(hash.get("theme") ?? theme.get());
  only.checked = hash.get("unfinished") === "1";
  unfolded.clear();
  for (const name of (hash.get("open") ?? "").split("\n").filter(Boolean)) unfolded.add(name);
  // What failed is what one looks for.
  if (!hash.has("open")) for (const account of accounts.filter((one) => one.failed > 0).slice(0, 5)) unfolded.add(account.name);
  draw();
};
addEventListener("hashchange", () => {
  if (location.hash !== "#main") restore();
});
// From a failure to its account in the timeline.
byId("main").addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#open=']");
  if (!link) return;
  event.preventDefault();
  const name = new URLSearchParams(link.getAttribute("href").slice(1)).get("open");
  unfolded.add(name);
  remember();
  draw();
  const line = lanes.find((account) => account?.name === name);
  line?.scrollIntoView({ block: "start" });
  line?.querySelector("button").focus({ preventScroll: true });
});
onPrint(() => {
  lanes.addAll();
  fillTable();
  table.addAll();
});

byId("step").hidden = false;
byId("only").hidden = !accounts.some(isUnfinished);
document.querySelector(".legend").hidden = false;
restore();
