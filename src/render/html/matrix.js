
// The matrix of accounts and regions.

let columns = [];

const cellButton = (row, column, cell, hit) => {
  const button = el("button", {
    type: "button",
    class: `cell ${cell.worst}${hit ? "" : " off"}`,
    "aria-label": `${row.name}, ${COLUMNS[column]}: ${cell.words}`,
    title: `${column === 0 ? "account as a whole" : COLUMNS[column]}: ${cell.words}`,
    "data-at": COLUMNS[column],
  }, el("b", {}, SYMBOLS[cell.worst]), cell.total > 0 ? el("span", {}, number(cell.total)) : null);
  button.addEventListener("click", () => open(row.name, COLUMNS[column], button));
  return button;
};

const matrixRow = ({ row, hits }) => {
  const name = el("button", { type: "button", class: "name" }, row.name);
  name.addEventListener("click", () => open(row.name, "", name));
  const status = row.status === "active" ? null : el("span", { class: row.status === "new" ? "badge create" : "badge wait" }, row.status);
  const id = row.id ? el("span", { class: "id faint" }, row.id, " ") : null;
  const facts = [row.ou, data.waves.length > 1 ? row.wave : null].filter(Boolean);
  const head = el("th", { scope: "row" }, name, " ", id, status, el("span", { class: "facts faint" }, ...facts.map((fact) => el("span", {}, fact))));
  const line = el("tr", {}, head);
  for (const column of columns) {
    const cell = row.places.get(column);
    line.append(el("td", {}, cell ? cellButton(row, column, cell, hits.has(column)) : el("span", { class: "none", "aria-label": "nothing", role: "img" }, "·")));
  }
  mark(line, row.name);
  return line;
};

/// Marks the row of the account in the panel, and in it the region.
const mark = (line, name) => {
  const isChosen = name === state.account && name !== "";
  line.classList.toggle("chosen", isChosen);
  for (const cell of line.querySelectorAll(".cell")) cell.classList.toggle("here", isChosen && cell.dataset.at === state.at);
};

const matrix = new Rows(byId("rows"), "account", matrixRow, (button) => el("tr", { class: "more" }, el("td", { colspan: COLUMNS.length + 1 }, button)));

const drawMatrix = () => {
  const shown = select();
  columns = columnsOf(shown);
  const head = columns.map((column) => el("th", { scope: "col" }, el("span", {}, column === 0 ? "as a whole" : COLUMNS[column])));
  byId("columns").replaceChildren(el("tr", {}, el("th", { scope: "col" }, "Account"), ...head));
  byId("columns").classList.toggle("many", columns.length > 5);
  matrix.show(shown);
  byId("matrix").scrollTo(0, 0);
  byId("matrix").hidden = shown.length === 0;
  const found = shown.filter(({ row }) => !row.root).length;
  const places = shown.reduce((sum, { hits }) => sum + hits.size, 0);
  const regions = columns.filter((column) => column > 0).length;
  const where = regions > 0 ? ` in ${count(regions, "region")}` : "";
  const nothing = isFiltered() ? "No account is like that." : "No account changes.";
  byId("found").textContent = shown.length > 0 ? `${number(found)} of ${count(accounts.length, "account")}, ${count(places, "place")}${where}` : nothing;
};

/// Brings the account's row into view, and in it the region, or the first one that was found.
const reveal = () => {
  for (const line of byId("rows").children) mark(line, line.querySelector(".name")?.textContent ?? "");
  const line = matrix.find(({ row }) => row.name === state.account);
  const cell = line?.querySelector(state.at ? ".cell.here" : ".cell:not(.off)");
  if (line) byId("matrix").scrollIntoView({ block: "nearest" });
  line?.scrollIntoView({ block: "nearest", inline: "nearest" });
  cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
};
