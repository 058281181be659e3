
// The tree of organizational units and their accounts.

const unitsRoot = { name: "", path: "", units: new Map(), rows: [], changed: 0, blocked: 0, all: 0 };
for (const row of accounts) {
  let unit = unitsRoot;
  const line = [unit];
  for (const name of row.ou.split("/").filter(Boolean)) {
    const path = unit.path ? `${unit.path}/${name}` : name;
    if (!unit.units.has(name)) unit.units.set(name, { name, path, units: new Map(), rows: [], changed: 0, blocked: 0, all: 0 });
    unit = unit.units.get(name);
    line.push(unit);
  }
  unit.rows.push(row);
  for (const one of line) {
    one.all += 1;
    one.changed += row.total > 0 ? 1 : 0;
    one.blocked += row.blocked ? 1 : 0;
  }
}

const accountItem = (row) => {
  const button = el("button", { type: "button", class: "leaf", "data-account": row.name },
    row.blocked ? el("span", { class: "badge blocked" }, "!") : null, row.name, " ", row.total > 0 ? el("span", { class: "faint" }, number(row.total)) : null);
  button.addEventListener("click", () => open(row.name, "", button, "accounts"));
  return el("li", {}, button);
};

const unitItem = (unit) => {
  const choose = el("button", { type: "button", class: "unit", "data-unit": unit.path },
    unit.name || "All accounts", " ", el("span", { class: "faint" }, `${number(unit.changed)}/${number(unit.all)}`), " ",
    unit.blocked ? el("span", { class: "badge blocked" }, `! ${number(unit.blocked)}`) : null);
  choose.setAttribute("aria-label", `${unit.name || "All accounts"}: ${number(unit.changed)} of ${count(unit.all, "account")} change${unit.blocked ? `, ${number(unit.blocked)} with something blocked` : ""}`);
  choose.addEventListener("click", () => set({ view: "accounts", ou: state.ou === unit.path ? "" : unit.path }));
  const fold = el("button", { type: "button", class: "fold", "aria-label": `What is in ${unit.name || "the organization"}` });
  const beneath = el("ul", { hidden: true });
  const toggle = () => {
    // Made when it is wanted: a thousand accounts are many buttons.
    if (beneath.childElementCount === 0) {
      for (const name of [...unit.units.keys()].sort()) beneath.append(unitItem(unit.units.get(name)));
      beneath.append(...unit.rows.map(accountItem));
      markUnits();
    }
    beneath.hidden = !beneath.hidden;
    fold.textContent = beneath.hidden ? "▸" : "▾";
    fold.setAttribute("aria-expanded", String(!beneath.hidden));
  };
  fold.addEventListener("click", toggle);
  fold.textContent = "▸";
  fold.setAttribute("aria-expanded", "false");
  if (unit.units.size > 0 || (unit.rows.length <= 12 && accounts.length <= 60)) toggle();
  return el("li", {}, fold, choose, beneath);
};

/// Marks the unit that is filtered by, and the account in the panel.
const markUnits = () => {
  for (const button of byId("units").querySelectorAll("button:not(.fold)")) {
    const { unit, account } = button.dataset;
    if (unit === undefined ? account === state.account : unit === state.ou) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
};
