
// The places of a plan, and which of them are shown.

const COLUMNS = ["account", ...data.regions];
const WORDS = { create: "to create", update: "to update", replace: "to replace", delete: "to delete", import: "to import", wait: "to wait for", blocked: "blocked" };
const KINDS = [...data.actions, "blocked"];
const SYMBOLS = Object.fromEntries(data.marks.map(([symbol, name]) => [name, symbol]));
const SERIOUS = ["blocked", "delete", "replace", "import", "update", "create", "wait"];

/// What the reader chose: it is the address, too.
const state = { view: "", q: "", wave: "", ou: "", region: "", action: "", stack: "", all: false, account: "", at: "", theme: "" };

/// Whether something of this kind is said in an entry or beneath it: in what CloudFormation answers, for one.
const saying = (kind) => {
  const found = [];
  data.entries.forEach(([mark, , children], index) => {
    found[index] = data.marks[mark][1] === kind || children.some((child) => found[child]);
  });
  return (entries) => entries.some((entry) => found[entry]);
};
const [saysBlocked, saysReplace] = [saying("blocked"), saying("replace")];

const cells = data.cells.map(([entries, counts, lost, stacks], index) => {
  const kinds = new Map(KINDS.map((kind, at) => [kind, counts[at]]).filter(([, times]) => times > 0));
  const all = new Set(kinds.keys());
  // Of an account that does not let avm in nothing is counted, nor is what CloudFormation refuses.
  if (saysBlocked(entries)) all.add("blocked");
  if (lost & 1) all.add("delete");
  if (lost & 2 || saysReplace(entries)) all.add("replace");
  const worst = SERIOUS.find((kind) => all.has(kind)) ?? "note";
  const total = [...kinds.values()].reduce((sum, times) => sum + times, 0);
  const words = [...kinds].map(([kind, times]) => `${number(times)} ${WORDS[kind]}`);
  if (all.has("blocked") && !kinds.has("blocked")) words.push("something cannot be done");
  if (lost) words.push("resources deleted or made anew");
  else if (all.has("replace") && !kinds.has("replace")) words.push("resources replaced");
  return { index, entries, kinds: all, counts: kinds, stacks: new Set(stacks), worst, total, words: words.join(", ") || "a note" };
});

const rows = data.accounts.map(([name, id, ou, wave, status, row]) => {
  const places = new Map();
  for (let at = 0; at < data.rows[row].length; at += 2) places.set(data.rows[row][at], cells[data.rows[row][at + 1]]);
  const text = [name, id, ou, data.waves[wave], status].filter(Boolean).join("\n").toLowerCase();
  const total = [...places.values()].reduce((sum, cell) => sum + cell.total, 0);
  const blocked = [...places.values()].some((cell) => cell.kinds.has("blocked"));
  return { name, id, ou, wave: data.waves[wave], status, places, text, total, blocked };
});
if (data.organization != null) {
  const cell = cells[data.organization];
  const [places, blocked] = [new Map([[0, cell]]), cell.kinds.has("blocked")];
  rows.unshift({ name: "organization", root: true, id: null, ou: "", wave: "", status: "active", places, text: "organization", total: cell.total, blocked });
}
const accounts = rows.filter((row) => !row.root);

/// A text in a place. Signs stand in it for what it is about, so that places that differ in nothing else share it.
const inPlace = (text, account, region) => text.replaceAll("\u0001", account).replaceAll("\u0002", region);

const searched = data.texts.map((text) => text.toLowerCase());
const pieces = searched.map((text) => text.split(/[\u0001\u0002]/));

/// For each entry the texts with signs in it and beneath it: what they say depends on the place.
const signed = [];
data.entries.forEach(([, parts, children], index) => {
  const own = parts.map((part) => part >> 2).filter((text) => pieces[text].length > 1);
  signed[index] = [...new Set([...own, ...children.flatMap((child) => signed[child])])];
});
for (const cell of cells) cell.signed = [...new Set(cell.entries.flatMap((entry) => signed[entry]))];

/// Tells of a place whether it has a text with this in it: from texts to entries, which come after what is beneath
/// them, to cells.
const finder = (term) => {
  const texts = pieces.map((all) => all.some((piece) => piece.includes(term)));
  const entries = [];
  data.entries.forEach(([, parts, children], index) => {
    entries[index] = parts.some((part) => texts[part >> 2]) || children.some((child) => entries[child]);
  });
  const stacks = data.stacks.map((stack) => stack.toLowerCase().includes(term));
  const found = cells.map((cell) => cell.entries.some((entry) => entries[entry]) || [...cell.stacks].some((at) => stacks[at]));
  return (cell, row, column) => found[cell.index] || cell.signed.some((text) => inPlace(searched[text], row.id ?? "", COLUMNS[column]).includes(term));
};

const within = (ou, unit) => ou === unit || ou.startsWith(`${unit}/`);

/// The rows to show, each with the columns that the filters mean.
const select = () => {
  const terms = state.q.toLowerCase().split(/\s+/).filter(Boolean).map((term) => ({ term, has: finder(term) }));
  const stack = state.stack ? data.stacks.indexOf(state.stack) : null;
  const region = state.region ? COLUMNS.indexOf(state.region) : null;
  const narrow = Boolean(state.action || state.stack || state.region);
  const shown = [];
  for (const row of rows) {
    if (state.wave && row.wave !== state.wave) continue;
    if (state.ou && !within(row.ou, state.ou)) continue;
    const open = terms.filter(({ term }) => !row.text.includes(term));
    const hits = new Set();
    for (const [column, cell] of row.places) {
      if (region !== null && column !== region) continue;
      if (state.action && !cell.kinds.has(state.action)) continue;
      if (stack !== null && !cell.stacks.has(stack)) continue;
      if (open.every(({ has }) => has(cell, row, column))) hits.add(column);
    }
    const whole = open.length === 0 && !narrow && (state.all || row.places.size > 0);
    if (hits.size > 0 || whole || (state.all && open.length === 0 && !state.action && stack === null)) shown.push({ row, hits });
  }
  return shown;
};

/// The columns in which something is found. The others would only hide it far to the right.
const columnsOf = (shown) => {
  if (state.region) return [COLUMNS.indexOf(state.region)].filter((column) => column >= 0);
  const found = new Set(shown.flatMap(({ hits }) => [...hits]));
  return [...COLUMNS.keys()].filter((column) => state.all || found.has(column));
};
