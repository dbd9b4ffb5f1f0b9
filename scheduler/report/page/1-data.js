// What the page was given, and how this reader's language writes it. Everything below gets text into the page by
// textContent alone, so nothing that stands in a table can become markup.
const raw = JSON.parse(document.getElementById("data").textContent);
const words = raw.words;
const numbers = (maximumFractionDigits) => {
  const made = new Intl.NumberFormat(raw.locale, { maximumFractionDigits, useGrouping: "always" });
  return { format: (n) => made.format(n).replace("-", "−") };
};
const number = numbers(1);
const gapFormat = numbers(2);
/** A share as the charts write it; nothing where there is nothing to be a share of. */
const percent = (share, format = number) => (share === null ? "" : raw.percent.replace("{n}", format.format(100 * share)));
const utc = { timeZone: "UTC" };
const dayFormat = new Intl.DateTimeFormat(raw.locale, { ...utc, day: "numeric", month: "short", year: "numeric" });
const monthFormat = new Intl.DateTimeFormat(raw.locale, { ...utc, month: "short" });
const yearFormat = new Intl.DateTimeFormat(raw.locale, { ...utc, month: "short", year: "numeric" });
const weekdayFormat = new Intl.DateTimeFormat(raw.locale, { ...utc, weekday: "short" });
const order = new Intl.Collator(raw.locale, { numeric: true, sensitivity: "base" });
const midnight = Date.parse(`${raw.first}T00:00:00Z`);

const dateOf = (day) => new Date(midnight + day * 86400000);
const sayDay = (day) => dayFormat.format(dateOf(day));
const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const count = (n, thing) => `${number.format(n)} ${words.counts[thing][n === 1 ? 0 : 1]}`;
const text = (place) => raw.texts[place];
const signed = (points) => (points > 0 ? `+${number.format(points)}` : number.format(points));
/** What an answer or code of the program is called in this language; codes that have no words stay as they are. */
const word = (list, code) => words[list]?.[code] ?? code;
const plain = (said) => said.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function weekdays(bits) {
  if (bits < 0) return words.as_preceptor;
  const days = [0, 1, 2, 3, 4, 5, 6].filter((day) => bits & (1 << day));
  return days.map((day) => weekdayFormat.format(dateOf(day))).join(" ");
}

const schools = raw.schools.map(([id, name]) => ({ id, name }));
const programs = raw.programs.map(([id, name, school, profession]) => ({ id, name, school, profession }));
const sites = raw.sites.map(([id, name]) => ({ id, name }));
const units = raw.units.map(([id, name, site], place) => ({ id, name, site, place, bars: [] }));
const preceptors = raw.preceptors.map(([id, name], place) => ({ id, name, place, bars: [] }));
const specialties = raw.specialties.map(([name, fill, line]) => ({ name, look: `f${fill} l${line}` }));
const parties = raw.parties.map(([name, id, program, students, members, points, said], place) => ({
  name, id, program, students, members, points, said, place, bars: [], missing: [], lost: [],
}));
const placements = raw.placements.map((row, place) => {
  const [party, rotation, unit, specialty, people, start, end, days, shift, weeks, hours, lost, status, rank, pinned, sessions,
    paused, said, slot, team] = row;
  const kind = raw.kinds[place] ?? -1;
  const one = { place, party: parties[party], rotation: text(rotation), unit: units[unit], specialty: specialties[specialty],
    people: people.map((who) => preceptors[who]), start, end, days, shift: text(shift), weeks, hours, lost, status: text(status),
    rank, pinned, sessions, paused, said, slot: text(slot), team: text(team), changed: kind < 0 ? "" : text(kind),
    others: raw.others[place], broken: [] };
  one.party.bars.push(one);
  one.unit.bars.push(one);
  for (const who of one.people) who.bars.push(one);
  return one;
});
for (const [place, sentences] of raw.broken) placements[place].broken = sentences.map(text);
const unplaced = raw.unplaced.map(([party, rotation, missing, unit, why, specialty], place) => {
  const one = { place, party: parties[party], rotation: text(rotation), missing, of: text(unit), why: text(why),
    specialty: specialties[specialty], told: raw.why[place].map(text) };
  one.party.missing.push(one);
  return one;
});
const risks = raw.risks.map(([due, student, item, status, unit, start, note, party]) =>
  ({ due, student, item, status, unit, start, note, party: parties[party] }));
const partyOf = new Map(parties.map((party) => [party.name, party]));
const changes = (raw.changes ?? []).map(([kind, who, rotation, before, after, program]) => {
  const one = { kind: text(kind), who: text(who), rotation: text(rotation), before, after, program };
  if (!after) partyOf.get(one.who)?.lost.push(one);
  return one;
});

/** An element with attributes, listeners (`onclick`), and children: elements, or texts. */
function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}
const byId = (id) => document.getElementById(id);
