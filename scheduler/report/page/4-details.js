// What is known about one placement, student, unit or preceptor: opened from the board, closed with Escape.
const details = { box: byId("details"), back: null, open: null, pushed: false, closing: false };

function showDetails(row, one) {
  if (details.box.hidden) {
    details.back = document.activeElement;
    writeAddress(); // of this entry: what is asked may have changed a moment ago
    history.pushState({ details: true }, ""); // the browser's Back closes the details
    details.pushed = true;
  }
  details.open = one ?? row;
  const heading = h("h2", { id: "h-details", tabindex: -1 }, one ? one.party.name : row.name);
  const close = h("button", { type: "button", class: "close", onclick: closeDetails, "aria-label": words.close }, "×");
  const body = one ? aboutPlacement(one) : { students: aboutParty, units: aboutUnit, preceptors: aboutPreceptor }[asked.view](row);
  details.box.replaceChildren(h("div", { class: "top" }, heading, close), ...body);
  details.box.hidden = false;
  details.box.scrollTop = 0;
  makeRoom(true);
  markOpen();
  if (one) bringIntoSight(one); // the board has become narrower
  heading.focus();
}
/** The page makes room for the details, and what the reader looks at stays where it is. */
function makeRoom(wanted) {
  const top = board.box.getBoundingClientRect().top;
  document.documentElement.classList.toggle("beside", wanted);
  window.scrollBy(0, board.box.getBoundingClientRect().top - top);
}
/** Mark what the details are about, wherever it is on the board. */
function markOpen() {
  for (const old of board.box.querySelectorAll(".open")) old.classList.remove("open");
  const bar = details.open?.party ? board.box.querySelector(`[data-at="${details.open.place}"]`) : null;
  bar?.classList.add("open");
  if (bar && bar.getBoundingClientRect().bottom > details.box.getBoundingClientRect().top && details.box.getBoundingClientRect().top > 0) {
    bar.scrollIntoView({ block: "start", inline: "nearest" }); // the details are below, on a small screen
  }
}
function closeDetails() {
  if (details.box.hidden || details.closing) return;
  details.closing = details.pushed; // what is asked stays, though Back would ask again what was asked before
  if (details.pushed) history.back(); // and then hideDetails
  else hideDetails();
}
function hideDetails() {
  if (details.box.hidden) return;
  details.pushed = false;
  details.open = null;
  details.box.hidden = true;
  makeRoom(false);
  markOpen();
  if (details.back?.isConnected) details.back.focus();
  else if (board.focus) setCursor(board.focus.row, board.focus.one);
}

const pairs = (rows) => h("dl", {}, rows.filter(([, value]) => value !== "" && value !== null && value !== undefined)
  .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
const list = (items) => h("ul", {}, items.map((item) => h("li", {}, item)));
const period = (start, end) => say("from_to", { start: sayDay(start), end: sayDay(end) });
const jump = (view, row, label) => h("button", { type: "button", class: "link", onclick: () => showOn(view, row) }, label);
const ruleName = (rule) => raw.rules[rule]?.[0] ?? rule;
/** What somebody pays for: the rule is called after what should be. */
const paidName = (rule) => (rule === "requirement" ? words.missing_points : ruleName(rule));

function aboutPlacement(one) {
  const program = programs[one.party.program], unit = one.unit;
  const amount = [count(one.weeks, "week"), count(one.hours, "hour")].join(", ") + (one.lost ? ` (${say("lost", { hours: count(one.lost, "hour") })})` : "");
  const rows = [
    [words.rotation, one.rotation],
    [words.specialty, one.specialty?.name ?? ""],
    [words.school, `${schools[program.school].name}, ${program.name}`],
    [words.students, one.party.students > 1 ? String(one.party.students) : ""],
    [words.members, one.party.members.length ? one.party.members.join(", ") : ""],
    [words.unit, jump("units", unit, [unit.name, sites[unit.site]?.name].filter(Boolean).join(", "))],
    [words.with_whom, one.people.length ? h("span", {}, one.people.flatMap((who, i) => [i ? ", " : "", jump("preceptors", who, who.name)])) : ""],
    [words.when, period(one.start, one.end)],
    [words.days, [weekdays(one.days), one.shift].filter(Boolean).join(", ")],
    [words.amount, amount],
    [words.sessions, one.sessions ? number.format(one.sessions) : ""],
    [words.paused, one.paused.map(([from, to, why]) => `${from === to ? sayDay(from) : period(from, to)} (${text(why)})`).join("; ")],
    [words.slot, one.slot],
    [words.team, one.team],
    [words.status, word("statuses", one.status)],
  ];
  const broken = one.broken.length ? [h("h3", {}, words.breaks), h("ul", { lang: "en", class: "breaks" }, one.broken.map((said) => h("li", {}, said)))] : [];
  return [pairs(rows), ...broken, h("h3", {}, words.why), reasonsOf(one), h("h3", {}, words.elsewhere), othersOf(one), ...changeOf(one)];
}

function pointsCell(points) {
  const won = raw.won ? points : -points; // what a wish wins has a minus in the sum of costs
  return h("span", { class: won > 0 ? "good" : "" }, say(points < 0 ? "better" : "worse", { points: count(Math.abs(points), "point") }));
}

function reasonOf([rule, points, sentence]) {
  const name = ruleName(text(rule));
  const said = text(sentence) === name.toLowerCase() ? "" : `${text(sentence)}, `; // "Preferences: preferences" says nothing more
  return h("span", {}, h("b", {}, name), `: ${said}`, pointsCell(points));
}

function reasonsOf(one) {
  const items = [];
  if (one.pinned) items.push(words.pinned);
  if (one.status !== "proposed") items.push(say("is_status", { status: word("statuses", one.status) }));
  if (one.rank > 0) items.push(say("choice", { n: number.format(one.rank) }));
  if (one.rank === 0) items.push(words.no_choice);
  items.push(...one.said.map(reasonOf));
  const whole = one.party.said.map(reasonOf);
  const [how, many] = one.others ? [one.others[0] === 0 ? words.only_place : "", one.others[0]] : ["", 0];
  if (how) items.push(how);
  if (!items.length) items.push(many ? words.nothing_said : words.nothing_counts);
  return h("div", {}, list(items), whole.length ? [h("h4", {}, words.as_a_whole), list(whole)] : null);
}

function costWords(cost) {
  const dear = cost.findIndex((points) => points !== 0);
  if (dear < 0) return words.costs_nothing;
  const more = (raw.won ? -cost[dear] : cost[dear]) > 0;
  const said = say(more ? "costs_more" : "costs_less", { points: count(Math.abs(cost[dear]), "point") });
  return cost.length > 1 ? `${said} (${say("level", { n: dear + 1 })})` : said;
}

function othersOf(one) {
  const command = `rotations suggest ${raw.command.join(" ")} --student ${one.party.id} --instead`;
  if (!one.others && !raw.holds) return h("p", { class: "note" }, words.not_searched_broken);
  if (!one.others) return h("p", { class: "note" }, words.not_looked, " ", h("code", {}, command));
  const [many, rows] = one.others;
  if (!many) return h("p", {}, words.no_other);
  const items = rows.map(([unit, who, start, end, days, shift, cost]) => [
    units[unit].name, who < 0 ? "" : ` ${say("with", { who: preceptors[who].name })}`, `, ${period(start, end)}`,
    days < 0 && !text(shift) ? "" : `, ${[weekdays(days), text(shift)].filter(Boolean).join(" ")}`, `: ${costWords(cost)}`].join(""));
  const left = many - rows.length;
  return h("div", {}, list(items), left > 0 ? h("p", { class: "note" }, left === 1 ? words.more_fits : say("more_fit", { n: number.format(left) })) : null,
    h("p", { class: "note" }, words.fits_note));
}

function placeWords(place) {
  if (!place) return words.nothing;
  const [unit, people, start, end, slot] = place;
  const who = people.length ? ` ${say("with", { who: people.map((person) => preceptors[person].name).join(", ") })}` : "";
  return `${unit < 0 ? text(slot) : units[unit].name}${who}, ${period(start, end)}`;
}
function changeOf(one) {
  if (!one.changed) return [];
  const found = changes.find((change) => change.who === one.party.name && change.after && units[change.after[0]] === one.unit
    && Math.abs(change.after[2] - one.start) < 7);
  return [h("h3", {}, words.what_changed), h("p", {}, `${word("kinds", one.changed)}. ${say("before", { place: placeWords(found?.before ?? null) })}`)];
}

function aboutParty(party) {
  const program = programs[party.program], points = pointsOf(party);
  const rows = [
    [words.school, schools[program.school].name], [words.program, program.name],
    [words.students, party.students > 1 ? String(party.students) : ""], [words.members, party.members.join(", ")],
    [words.points_own, points ? number.format(points) : ""],
  ];
  const made = [pairs(rows)];
  if (party.missing.length) made.push(h("h3", {}, words.unplaced), list(party.missing.map((lack) => h("span", {}, missingWords(lack), ". ", whyOf(lack)))));
  if (party.points.length) made.push(h("h3", {}, words.what_counts), list(party.points.map(([rule, n]) => h("span", {}, `${paidName(text(rule))}: `, pointsCell(n)))));
  made.push(h("h3", {}, words.placements), placedList(party.bars, (one) => one.unit.name));
  if (party.lost.length) made.push(h("h3", {}, words.what_changed), list(party.lost.map((one) => `${word("kinds", one.kind)}: ${one.rotation}, ${placeWords(one.before)}`)));
  return made;
}
const missingWords = (one) => `${one.rotation}: ${say("missing", { n: number.format(one.missing), of: word("units", one.of) })}`;
function placedList(bars, name) {
  if (!bars.length) return h("p", {}, words.no_placement);
  const sorted = [...bars].sort((a, b) => a.start - b.start);
  return list(sorted.map((one) => h("button", { type: "button", class: "link", onclick: () => showDetails(null, one) },
    `${period(one.start, one.end)}: ${name(one)}, ${one.rotation}`)));
}
function aboutUnit(unit) {
  const weeks = raw.occupancy[unit.place].map(([week, there, most, taken]) => [sayDay(7 * week), number.format(there), number.format(most), taken ? number.format(taken) : ""]);
  return [pairs([[words.site, sites[unit.site]?.name ?? ""]]), h("h3", {}, words.who_comes), placedList(unit.bars, (one) => [one.party.name, ...one.people.map((person) => person.name)].join(", ")),
    h("h3", {}, words.occupancy), weeks.length ? table([words.week, words.at_once, words.of_most, words.taken], weeks, words.occupancy) : h("p", {}, words.no_placement)];
}
function aboutPreceptor(who) {
  const [weeks, mostWeeks, once, most] = raw.loads[who.place];
  const of = (n, limit) => (limit === null ? number.format(n) : say("n_of", { n: number.format(n), most: number.format(limit) }));
  return [pairs([[words.weeks_taken, of(weeks, mostWeeks)], [words.students_at_once, of(once, most)]]),
    h("h3", {}, words.who_comes), placedList(who.bars, (one) => `${one.party.name}, ${one.unit.name}`)];
}

/** Show a row of another board: from the details, the tables, or a link. */
function showOn(view, row) {
  if (details.pushed) hideDetails();
  else history.pushState(null, ""); // Back returns to where the reader was
  Object.assign(asked, { view, ...NOTHING_ASKED });
  writeControls();
  refresh();
  byId("board").scrollIntoView({ block: "start" });
  setCursor(row, null);
  showDetails(row, null);
}
