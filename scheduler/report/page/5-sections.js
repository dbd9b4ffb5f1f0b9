// The lists below the board. They follow the filters of schools, programs and the search.
function table(titles, rows, caption) {
  const numeric = titles.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number" || row[i] === null || (typeof row[i] === "string" && /^[\d.,\s]*%?$/.test(row[i]))));
  const cell = (value, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: numeric[i] ? "number" : null },
    typeof value === "number" ? number.format(value) : value ?? "");
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": say("table_of", { name: caption }) },
    h("table", {}, h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, titles.map((title, i) => h("th", { scope: "col", class: numeric[i] ? "number" : null }, title)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell))))));
}
const FIRST = 50, MORE = 250, MOST_ON_PAPER = 2000;
/** Tables of which not all rows are in the page; paper has them all. */
let growers = [];
/** A table of which more rows come when asked for; `make` turns one thing into cells. */
function growing(box, titles, things, make, caption, nothing) {
  box.replaceChildren();
  growers = growers.filter((grower) => grower.box !== box);
  if (!things.length) {
    box.append(h("p", { class: "note" }, nothing));
    return;
  }
  const made = table(titles, things.slice(0, FIRST).map(make), caption), body = made.querySelector("tbody");
  let shown = Math.min(FIRST, things.length);
  box.append(made);
  if (shown === things.length) return;
  const more = h("button", { type: "button", onclick: () => {
    const next = table(titles, things.slice(shown, shown + MORE).map(make), caption);
    body.append(...next.querySelector("tbody").children);
    shown = Math.min(things.length, shown + MORE);
    tell();
  } });
  const tell = () => {
    more.textContent = say("show_more", { n: number.format(Math.min(MORE, things.length - shown)), left: number.format(things.length - shown) });
    more.hidden = shown === things.length;
  };
  tell();
  box.append(more);
  growers.push({ all: () => { while (shown < Math.min(things.length, MOST_ON_PAPER)) more.click(); return things.length; }, body, box, most: things.length });
}

const whose = (party) => [schools[programs[party.program].school].name, programs[party.program].name];
const onBoard = (party) => jump("students", party, party.name);
const whyOf = (one) => {
  const english = raw.locale.startsWith("en");
  const brief = (english && one.told[0]) || one.why || one.told[0] || (raw.holds ? words.no_reason : words.no_reason_broken);
  if (!one.told.length && raw.holds) {
    const command = `rotations explain ${raw.command.join(" ")} --student ${one.party.id}`;
    return h("span", {}, brief, ". ", h("span", { class: "note" }, words.not_reached, " ", h("code", {}, command)));
  }
  const more = one.told.filter((line) => line !== brief); // explanations are in English
  return more.length ? h("details", {}, h("summary", {}, brief), h("ul", { lang: "en" }, more.map((line) =>
    h("li", { class: line.startsWith("  ") ? "deep" : null }, line.trim())))) : brief;
};

function showSections(found) {
  const lacking = unplaced.filter((one) => found.lacks[one.place]);
  byId("n-unplaced").textContent = number.format(lacking.length);
  growing(byId("list-unplaced"), [words.who, words.school, words.program, words.rotation, words.missing_title, words.why], lacking,
    (one) => [onBoard(one.party), ...whose(one.party), one.rotation, `${number.format(one.missing)} ${word("units", one.of)}`, whyOf(one)],
    words.unplaced, unplaced.length ? say("none_unplaced", { n: number.format(unplaced.length) }) : words.all_placed);
  const worst = parties.filter((party) => found.answers[party.place] && (raw.won ? -1 : 1) * pointsOf(party) > 0)
    .sort((a, b) => (raw.won ? -1 : 1) * (pointsOf(b) - pointsOf(a)));
  growing(byId("list-worst"), [words.who, words.school, words.program, words.points, words.most_of_it], worst.slice(0, 100), (party) =>
    [onBoard(party), ...whose(party), pointsOf(party), party.points.slice(0, 3).map(([rule, n]) => `${paidName(text(rule))} ${signed(n)}`).join("; ")],
    words.worst, words.nobody_pays);
  if (byId("list-risks")) {
    const due = risks.filter((one) => !found.any || (one.party && found.answers[one.party.place]));
    growing(byId("list-risks"), [words.due, words.who, words.item, words.how_far, words.unit, words.starts, words.note], due,
      (one) => [one.due === null ? "" : sayDay(one.due), one.party ? jump("students", one.party, one.student) : one.student,
        one.item, word("progress", one.status), one.unit, sayDay(one.start), one.note], words.risks, words.nothing_due);
  }
  if (byId("list-changes")) {
    const shown = changes.filter((one) => { const party = partyOf.get(one.who); return !found.any || (party && found.answers[party.place]); });
    growing(byId("list-changes"), [words.who, words.rotation, words.what_changed, words.was, words.is], shown, (one) =>
      [partyOf.has(one.who) ? onBoard(partyOf.get(one.who)) : one.who, one.rotation, word("kinds", one.kind), placeWords(one.before), placeWords(one.after)],
      words.changes, words.no_changes);
  }
}

/** What no filter changes: loads, schools, costs, what was tried. */
function showFixed() {
  const busy = [...preceptors].filter((who) => who.bars.length || raw.loads[who.place][0]).sort((a, b) => raw.loads[b.place][0] - raw.loads[a.place][0] || order.compare(a.name, b.name));
  growing(byId("list-load"), [words.preceptor, words.weeks_taken, words.of_most, words.students_at_once, words.of_most, words.placements], busy,
    (who) => [jump("preceptors", who, who.name), ...raw.loads[who.place]], words.load, words.nobody_teaches);
  const fullest = units.filter((unit) => raw.occupancy[unit.place].length).map((unit) => {
    const weeks = raw.occupancy[unit.place], full = weeks.filter(([, there, most]) => there >= most).length;
    const share = weeks.reduce((sum, [, there, most]) => sum + (most ? there / most : 0), 0) / weeks.length;
    return { unit, weeks: weeks.length, full, share, most: Math.max(...weeks.map(([, there]) => there)) };
  }).sort((a, b) => b.share - a.share);
  growing(byId("list-occupancy"), [words.unit, words.site, words.weeks_with, words.weeks_full, words.most_at_once, words.mean_use], fullest,
    ({ unit, weeks, full, share, most }) => [jump("units", unit, unit.name), sites[unit.site]?.name ?? "", weeks, full, most, percent(share)],
    words.occupancy, words.no_placement);
  byId("list-equity").append(table([words.school, words.asked, words.placed, words.share, words.preference_cost, words.interprofessional],
    raw.schools_served.map(([school, wanted, placed, preference, together]) => [schools[school].name, wanted, placed, percent(wanted ? placed / wanted : null),
      preference === null ? "" : Math.round(preference * 100) / 100, percent(together)]), words.equity));
  if (raw.equality) byId("list-equity").append(h("p", {}, say("equal", { range: percent(raw.equality[0]), jain: percent(raw.equality[1]) })));
  const chosen = new Map();
  for (const one of placements) if (one.rank >= 0) chosen.set(one.rank, (chosen.get(one.rank) ?? 0) + 1);
  const ranked = [...chosen].sort(([a], [b]) => (a || Infinity) - (b || Infinity)), all = ranked.reduce((sum, [, n]) => sum + n, 0);
  byId("list-preferences").append(ranked.length ? table([words.which_choice, words.placements, words.share],
    ranked.map(([rank, n]) => [rank ? say("choice_n", { n: rank }) : words.not_on_list, n, percent(n / all)]), words.preferences) : h("p", { class: "note" }, words.no_lists));
  byId("list-costs").append(table([words.rule, words.points, words.counted, words.counted_in, words.weight, words.level_title],
    raw.costs.map(([rule, level, weight, amount, unit, points]) => [h("span", { title: raw.rules[rule]?.[1] ?? "" }, ruleName(rule)), points, amount, unit, weight, level]), words.costs));
  const known = [raw.objective === null ? "" : say(raw.won ? "total_won" : "total", { points: count(raw.objective, "point") }),
    raw.bound === null ? "" : say(raw.won ? "bound_won" : "bound_is", { points: count(raw.bound, "point") }),
    raw.gap === null ? "" : say("gap_is", { gap: percent(raw.gap, gapFormat) })];
  byId("list-costs").append(h("p", {}, known.filter(Boolean).join(" ")));
  for (const [n, run] of raw.whatifs.entries()) byId(`list-whatif-${n}`).append(...whatIf(run));
}
function whatIf(run) {
  const keys = [...new Set(run.outcomes.flatMap((one) => Object.keys(one.figures)))].filter((key) => words.figures[key] || (key.startsWith("cost_") && raw.rules[key.slice(5)]));
  const name = (key) => words.figures[key] ?? `${words.points}: ${ruleName(key.slice(5))}`;
  const rows = keys.map((key) => [name(key), ...run.outcomes.map((one, i) => {
    const value = one.figures[key];
    if (value === undefined) return "–";
    const base = run.outcomes[0].figures[key], more = i && base !== undefined ? value - base : 0;
    return more ? `${number.format(value)} (${signed(more)})` : number.format(value);
  })]);
  const told = run.outcomes.slice(1).map((one) => h("span", {}, h("b", {}, one.name), `: ${one.changes.join("; ")}${one.verdict ? `. ${one.verdict}` : ""}`));
  return [table([words.figure, ...run.outcomes.map((one) => one.name)], rows, run.name), told.length ? list(told) : ""];
}
