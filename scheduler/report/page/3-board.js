// The board: a grid of which only the rows in sight are in the page. Rows are as high as their lanes; bars lie on their dates.
const board = { box: byId("grid"), head: null, body: null, rows: [], tops: [], height: 0, drawn: new Map(), hits: [],
  week: 0, focus: null };
const LANE = 23, PAD = 4, STRIP = 17, LEAST_WEEK = 16, MOST_WEEK = 240;
const nameWidth = () => (window.innerWidth < 640 ? 112 : 190);
let NAME = nameWidth();

/** Bars side by side: each in the first lane that is free on its dates. */
function lanesOf(bars) {
  const ends = [];
  return [...bars].sort((a, b) => a.start - b.start || a.end - b.end).map((one) => {
    let lane = ends.findIndex((end) => end < one.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = one.end;
    return { one, lane };
  });
}
function laidOut(row) {
  if (!row.laid) {
    row.laid = lanesOf(row.bars);
    row.lanes = row.laid.reduce((most, { lane }) => Math.max(most, lane + 1), 1);
  }
  return row.laid;
}
const strip = () => (asked.view === "units" ? STRIP : 0);

/** Draw the board anew for the rows that answer; the reader stays where the board was, as far as there are rows. */
function showBoard(rows, found) {
  board.hits = found.any ? found.hits : null;
  board.rows = rows;
  board.tops = [];
  let top = 0;
  for (const row of rows) {
    laidOut(row);
    board.tops.push(top);
    top += row.lanes * LANE + PAD + strip();
  }
  board.height = top;
  if (board.focus && !rows.includes(board.focus.row)) board.focus = null;
  drawHead();
  board.body.style.height = `${top}px`;
  for (const [, made] of board.drawn) made.remove();
  board.drawn.clear();
  board.box.setAttribute("aria-rowcount", rows.length + 1);
  board.box.setAttribute("aria-label", words[`board_${asked.view}`]);
  board.box.hidden = rows.length === 0;
  board.box.style.height = `${top + board.head.offsetHeight + 20}px`; // at most as high as the style allows
  byId("nothing").hidden = rows.length > 0;
  drawRows();
}

/** How wide a week is so that the term fits, within reason; the buttons change it. */
function fittingWeek() {
  return Math.min(MOST_WEEK, Math.max(LEAST_WEEK, Math.floor((board.box.clientWidth - NAME - 2) / raw.weeks)));
}

/** A month, with its year where a year begins. */
const monthName = (day, week) => (week === 0 || day.getUTCMonth() === 0 ? yearFormat : monthFormat).format(day);

function drawHead() {
  if (!board.week) board.week = fittingWeek();
  NAME = nameWidth();
  const inner = board.week * raw.weeks;
  board.box.style.setProperty("--week", `${board.week}px`);
  board.box.style.setProperty("--name", `${NAME}px`);
  const labels = [h("div", { role: "columnheader", class: "corner", "aria-colindex": 1 }, words[`view_${asked.view}`])];
  let month = -1, free = 0;
  for (let week = 0; week < raw.weeks; week += 1) {
    const day = dateOf(7 * week), isNew = day.getUTCMonth() !== month, name = monthName(day, week);
    const named = isNew && week * board.week >= free; // a name may be longer than its week
    if (named) free = week * board.week + 8 * name.length;
    month = day.getUTCMonth();
    const cell = h("div", { role: "columnheader", class: "week", "aria-colindex": week + 2, title: say("week_of", { day: sayDay(7 * week) }) },
      h("span", {}, named ? name : ""), h("b", {}, board.week >= 20 || isNew ? String(day.getUTCDate()) : ""));
    cell.setAttribute("aria-label", say("week_of", { day: sayDay(7 * week) }));
    cell.style.left = `${NAME + week * board.week}px`;
    labels.push(cell);
  }
  const head = h("div", { role: "row", class: "head", "aria-rowindex": 1 }, labels);
  const body = h("div", { role: "rowgroup", class: "body" });
  head.style.width = body.style.width = `${NAME + inner}px`;
  if (raw.today >= 0 && raw.today < 7 * raw.weeks) {
    const today = h("div", { class: "today", role: "presentation", "aria-hidden": "true" });
    today.style.left = `${NAME + (raw.today * board.week) / 7}px`;
    body.append(today);
  }
  board.box.replaceChildren(head, body);
  board.head = head;
  board.body = body;
  board.box.setAttribute("aria-colcount", raw.weeks + 1);
  board.drawn.clear();
}

/** The first row that ends below a height. */
function rowAt(top) {
  let low = 0, high = board.rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (board.tops[middle] <= top) low = middle;
    else high = middle - 1;
  }
  return low;
}

function drawRows() {
  if (!board.rows.length) return;
  const top = board.box.scrollTop, more = board.box.clientHeight;
  const first = rowAt(Math.max(0, top - more / 2)), last = rowAt(top + 1.5 * more);
  const keep = board.focus ? board.rows.indexOf(board.focus.row) : -1;
  for (const [place, made] of board.drawn) {
    if ((place < first || place > last) && place !== keep) {
      made.remove();
      board.drawn.delete(place);
    }
  }
  const fresh = [];
  for (let place = first; place <= last; place += 1) if (!board.drawn.has(place)) fresh.push(place);
  if (keep >= 0 && (keep < first || keep > last) && !board.drawn.has(keep)) fresh.push(keep);
  for (const place of fresh) {
    const made = drawRow(board.rows[place], place);
    board.drawn.set(place, made);
    // in the order of the board, so that a screen reader goes from row to row
    const after = [...board.drawn.keys()].filter((other) => other > place).sort((a, b) => a - b)[0];
    board.body.insertBefore(made, after === undefined ? null : board.drawn.get(after));
  }
  if (!board.focus) {
    board.focus = { row: board.rows[first], one: null };
    board.drawn.get(first).querySelector('[role="rowheader"]').tabIndex = 0;
  }
}

function drawRow(row, place) {
  const bars = laidOut(row).map(({ one, lane }) => bar(row, one, lane));
  const cells = bars.length ? bars : [h("div", { role: "gridcell", class: "none", "aria-colindex": 2 }, h("span", { class: "unseen" }, words.no_placement))];
  const made = h("div", { role: "row", class: `row${place % 2 ? " odd" : ""}${row.lanes > 1 || strip() ? " tall" : ""}`, "aria-rowindex": place + 2 }, rowHead(row), cells);
  if (strip()) made.append(stripOf(row));
  made.style.top = `${board.tops[place]}px`;
  made.style.height = `${row.lanes * LANE + PAD + strip()}px`;
  made.style.setProperty("--strip", `${strip()}px`);
  return made;
}

function rowHead(row) {
  const small = asked.view === "students" ? `${schools[programs[row.program].school].name} · ${programs[row.program].name}`
    : asked.view === "units" ? sites[row.site]?.name ?? "" : row.id === row.name ? "" : row.id;
  const missing = asked.view === "students" && row.missing.length
    ? h("span", { class: "lacks" }, `✗ ${say("lacks", { n: number.format(row.missing.length) })}`) : null;
  return h("div", { role: "rowheader", class: "who", "aria-colindex": 1, tabindex: board.focus?.row === row && !board.focus.one ? 0 : -1,
    title: small ? `${row.name} · ${small}` : row.name }, h("b", {}, row.name), missing ?? h("span", {}, small));
}

/** Upright in words: who is where, with whom, from when to when. */
function barWords(one) {
  const parts = [one.party.name, one.rotation, one.unit.name];
  if (one.people.length) parts.push(say("with", { who: one.people.map((person) => person.name).join(", ") }));
  parts.push(say("from_to", { start: sayDay(one.start), end: sayDay(one.end) }), word("statuses", one.status));
  if (one.broken.length) parts.push(words.breaks);
  if (one.changed) parts.push(say("changed_kind", { kind: word("kinds", one.changed) }));
  return parts.join(", ");
}

function bar(row, one, lane) {
  const look = board.hits && !board.hits[one.place] ? "faded" : one.specialty?.look ?? "f-none";
  const first = asked.view === "students" ? one.unit.id : one.party.name;
  const second = asked.view === "students" ? one.people.map((person) => person.name).join(", ")
    : `${one.party.students > 1 ? `×${one.party.students} ` : ""}${one.rotation}`;
  const marks = [one.broken.length ? "✗" : "", one.changed ? "△" : "", one.status === "confirmed" ? "✓" : "", one.pinned ? "•" : ""].join("");
  const made = h("div", { role: "gridcell", class: `bar ${look}${one.broken.length ? " breaks" : ""}${details.open === one ? " open" : ""}`, "data-at": one.place, title: barWords(one),
    "aria-label": barWords(one), "aria-colindex": Math.floor(Math.max(0, one.start) / 7) + 2,
    "aria-colspan": Math.max(1, Math.floor(one.end / 7) - Math.floor(one.start / 7) + 1),
    tabindex: board.focus?.one === one && board.focus.row === row ? 0 : -1 },
  marks ? h("i", {}, marks) : null, h("b", {}, first), second ? ` ${second}` : "");
  const start = Math.max(0, one.start), end = Math.min(7 * raw.weeks - 1, one.end);
  made.style.left = `${NAME + (start * board.week) / 7}px`;
  made.style.width = `${Math.max(8, ((end - start + 1) * board.week) / 7 - 2)}px`;
  made.style.top = `${lane * LANE + PAD / 2 + strip()}px`;
  return made;
}

/** How full a unit is, week by week: at once of at most. */
function stripOf(row) {
  const cells = raw.occupancy[row.place].map(([week, there, most]) => {
    const state = there > most ? "over" : there === most ? "full" : "";
    const made = h("span", { class: state, title: say("occupied", { day: sayDay(7 * week), n: number.format(there), most: number.format(most) }) },
      board.week >= 34 ? `${there}/${most}` : String(there));
    made.style.left = `${NAME + week * board.week}px`;
    return made;
  });
  return h("div", { role: "gridcell", class: "strip", "aria-label": occupiedWords(row) }, h("div", { "aria-hidden": "true" }, cells));
}
function occupiedWords(row) {
  const weeks = raw.occupancy[row.place];
  const full = weeks.filter(([, there, most]) => there >= most).length;
  return say("strip", { weeks: count(weeks.length, "week"), full: count(full, "week") });
}

// -- the keyboard ------------------------------------------------------------------------------------------------------
function setCursor(row, one, focus = true) {
  for (const old of board.box.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
  board.focus = { row, one };
  const place = board.rows.indexOf(row);
  if (place < 0) return;
  if (focus) {
    const top = board.tops[place], end = top + row.lanes * LANE + PAD + strip(), head = board.head.offsetHeight;
    if (top < board.box.scrollTop) board.box.scrollTop = top;
    else if (end > board.box.scrollTop + board.box.clientHeight - head) board.box.scrollTop = Math.min(top, end - board.box.clientHeight + head);
  }
  drawRows();
  const made = board.drawn.get(place);
  const cell = one ? made?.querySelector(`[data-at="${one.place}"]`) : made?.querySelector('[role="rowheader"]');
  if (!cell) return;
  cell.tabIndex = 0;
  if (focus) {
    cell.focus({ preventScroll: true });
    if (one) bringIntoSight(one);
  }
}
/** Bring the beginning of a bar into sight. */
function bringIntoSight(one) {
  const left = NAME + (Math.max(0, one.start) * board.week) / 7;
  if (left < board.box.scrollLeft + NAME) board.box.scrollLeft = left - NAME - 8;
  else if (left > board.box.scrollLeft + board.box.clientWidth - 60) board.box.scrollLeft = left - board.box.clientWidth / 2;
}
/** The bar of a row that is nearest in time to a day. */
function nearest(row, day) {
  const far = (one) => Math.max(0, one.start - day, day - one.end);
  return laidOut(row).map(({ one }) => one).reduce((best, one) => (best && far(best) <= far(one) ? best : one), null);
}
function moveCursor(event) {
  const { row, one } = board.focus ?? {};
  if (!row) return;
  const place = board.rows.indexOf(row), inRow = laidOut(row).map((laid) => laid.one), at = inRow.indexOf(one);
  const page = Math.max(1, Math.floor(board.box.clientHeight / (LANE + PAD)) - 1);
  const to = (next) => {
    const other = board.rows[Math.min(board.rows.length - 1, Math.max(0, next))];
    setCursor(other, one ? nearest(other, one.start) : null);
  };
  const jump = event.ctrlKey || event.metaKey;
  const moves = {
    ArrowDown: () => to(place + 1),
    ArrowUp: () => to(place - 1),
    PageDown: () => to(place + page),
    PageUp: () => to(place - page),
    ArrowRight: () => setCursor(row, inRow[Math.min(inRow.length - 1, at + 1)] ?? null),
    ArrowLeft: () => setCursor(row, at > 0 ? inRow[at - 1] : null),
    Home: () => (jump ? to(0) : setCursor(row, inRow[0] ?? null)),
    End: () => (jump ? to(board.rows.length - 1) : setCursor(row, inRow.at(-1) ?? null)),
    Enter: () => showDetails(row, one),
    " ": () => showDetails(row, one),
  };
  if (!moves[event.key]) return;
  event.preventDefault();
  moves[event.key]();
}
function clicked(event) {
  const cell = event.target.closest('[role="gridcell"].bar, [role="rowheader"]');
  if (!cell || !board.box.contains(cell)) return;
  const place = Number(cell.closest('[role="row"]').getAttribute("aria-rowindex")) - 2;
  const one = cell.dataset.at === undefined ? null : placements[Number(cell.dataset.at)];
  setCursor(board.rows[place], one);
  showDetails(board.rows[place], one);
}
