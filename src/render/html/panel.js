
// The panel beside the views: what is done in an account, or in one region of it.

const TONES = [null, "code", "del", "ins"];

/// An entry; `say` puts into a text what it is about.
const entryItem = (index, say) => {
  const [mark, parts, children] = data.entries[index];
  const [symbol, name, word] = data.marks[mark];
  const item = el("li", { class: name });
  if (symbol) item.append(el("span", { class: "mark", "aria-hidden": "true" }, symbol), " ", el("span", { class: "unseen" }, `${word}: `));
  for (const part of parts) {
    const [tone, text] = [TONES[part & 3], say(data.texts[part >> 2])];
    item.append(tone ? el(tone, {}, text) : text);
  }
  if (children.length > 0) item.append(entryList(children, say));
  return item;
};
const entryList = (entries, say) => el("ul", { class: "entries" }, ...entries.map((entry) => entryItem(entry, say)));

let opener = null;

const open = (account, at, from, view = state.view) => {
  opener = from ?? opener;
  set({ account, at, view });
  byId("panel-title").focus({ preventScroll: true });
};

const close = () => {
  set({ account: "", at: "" });
  (opener?.checkVisibility() ? opener : byId("main")).focus();
  opener = null;
};

/// What is done somewhere. Regions with the same things to do are told once.
const told = (row) => {
  const alike = new Map();
  for (const [column, cell] of row.places) {
    if (state.at && COLUMNS[column] !== state.at) continue;
    const like = column === 0 ? "whole" : cell;
    if (!alike.has(like)) alike.set(like, { cell, regions: [] });
    alike.get(like).regions.push(COLUMNS[column]);
  }
  return [...alike].flatMap(([like, { cell, regions }]) => {
    const where = like === "whole" ? "Account as a whole" : regions.length > 3 ? count(regions.length, "region") : regions.join(", ");
    const say = (text) => inPlace(text, row.id ?? "", regions.length > 1 ? "<region>" : regions[0]);
    return [
      el("h3", {}, state.at ? "" : where, " ", el("span", { class: "faint" }, cell.words)),
      regions.length > 3 ? el("p", { class: "faint" }, regions.join(", ")) : null,
      entryList(cell.entries, say),
    ];
  });
};

const drawPanel = () => {
  const row = rows.find((one) => one.name === state.account);
  byId("panel").hidden = !row;
  document.body.classList.toggle("with-panel", Boolean(row));
  if (!row) return;
  byId("panel-title").textContent = state.at ? `${row.name}, ${state.at === "account" ? "as a whole" : state.at}` : row.name;
  const facts = [["Id", row.id ?? "known after it is made"], ["Unit", row.ou], ["Wave", row.wave], ["Status", row.status]];
  const content = row.root ? [] : [el("dl", { class: "facts" }, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))))];
  if (state.at && row.places.size > 1) {
    const all = el("button", { type: "button", class: "quiet" }, `All of ${row.name}`);
    all.addEventListener("click", () => open(row.name, ""));
    content.push(all);
  }
  const entries = told(row);
  content.push(...(entries.length > 0 ? entries : [el("p", { class: "nothing" }, "Nothing is to be done here.")]));
  byId("detail").replaceChildren(...content.filter((one) => one !== null));
  byId("detail").scrollTop = 0;
};
