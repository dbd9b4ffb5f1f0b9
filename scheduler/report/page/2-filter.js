// What is asked for: search, filters, and which placements, missing rotations and rows answer.
const NOTHING_ASKED = { search: "", school: "", program: "", specialty: "", site: "", preceptor: "", unplaced: false, changed: false,
  broken: false };
const asked = { view: "students", sort: "name", ...NOTHING_ASKED };
const views = {
  students: { rows: parties, of: (one) => one.party.name },
  units: { rows: units, of: (one) => one.unit.id },
  preceptors: { rows: preceptors, of: (one) => one.people },
};
const folded = {
  parties: parties.map((party) => plain([party.name, ...party.members].join(" "))),
  programs: programs.map((program) => plain([program.id, program.name, schools[program.school].id, schools[program.school].name].join(" "))),
  units: units.map((unit) => plain([unit.id, unit.name, sites[unit.site]?.id, sites[unit.site]?.name].join(" "))),
  preceptors: preceptors.map((who) => plain([who.id, who.name].join(" "))),
  others: new Map(),
};
function foldedText(said) {
  let found = folded.others.get(said);
  if (found === undefined) folded.others.set(said, (found = plain(said)));
  return found;
}

/** The preceptors meant by what somebody typed: an id or a whole name, else all in which it stands. */
function preceptorsNamed(typed) {
  const wanted = plain(typed.trim());
  const exact = preceptors.filter((who) => plain(who.id) === wanted || plain(who.name) === wanted);
  return new Set(exact.length ? exact : preceptors.filter((who) => folded.preceptors[who.place].includes(wanted)));
}

/** Which placements, missing rotations and parties answer what is asked. */
function answering() {
  const terms = plain(asked.search).split(/\s+/).filter(Boolean);
  const who = asked.preceptor ? preceptorsNamed(asked.preceptor) : null;
  const ofPlacements = Boolean(asked.site || who || asked.changed || asked.broken); // what is missing is at no place
  const partyPasses = parties.map((party) => {
    const program = programs[party.program];
    return (!asked.school || schools[program.school].id === asked.school) && (!asked.program || program.id === asked.program)
      && (!asked.unplaced || party.missing.length > 0);
  });
  const inParty = (party, term) => folded.parties[party.place].includes(term) || folded.programs[party.program].includes(term);
  const hits = placements.map((one) => {
    if (!partyPasses[one.party.place]) return false;
    if (asked.specialty && one.specialty?.name !== asked.specialty) return false;
    if (asked.site && sites[one.unit.site]?.id !== asked.site) return false;
    if (who && !one.people.some((person) => who.has(person))) return false;
    if (asked.changed && !one.changed) return false;
    if (asked.broken && !one.broken.length) return false;
    return terms.every((term) => inParty(one.party, term) || folded.units[one.unit.place].includes(term)
      || foldedText(one.rotation).includes(term) || (one.specialty && foldedText(one.specialty.name).includes(term))
      || one.people.some((person) => folded.preceptors[person.place].includes(term)));
  });
  const lacks = unplaced.map((one) => partyPasses[one.party.place] && !ofPlacements && (!asked.specialty || one.specialty?.name === asked.specialty)
    && terms.every((term) => inParty(one.party, term) || foldedText(one.rotation).includes(term)
      || (one.specialty && foldedText(one.specialty.name).includes(term))));
  const onlyChanged = asked.changed && !(asked.specialty || asked.site || who || asked.broken);
  const answers = parties.map((party) => partyPasses[party.place] && (!(ofPlacements || asked.specialty) || (onlyChanged && party.lost.length > 0))
    && terms.every((term) => inParty(party, term)));
  for (const one of placements) if (hits[one.place]) answers[one.party.place] = true;
  for (const one of unplaced) if (lacks[one.place]) answers[one.party.place] = true;
  const any = Object.entries(NOTHING_ASKED).some(([name, nothing]) => asked[name] !== nothing);
  return { hits, lacks, answers, any };
}

/** The rows of the board that answer, in order. */
function answeringRows(found) {
  const rows = views[asked.view].rows.filter((row) => {
    if (asked.view === "students") return found.answers[row.place];
    return row.bars.some((one) => found.hits[one.place]) || !found.any;
  });
  if (asked.sort === "points" && asked.view === "students") return rows.sort((a, b) => pointsOf(b) - pointsOf(a));
  if (asked.sort === "busy") return rows.sort((a, b) => b.bars.length - a.bars.length);
  if (asked.view === "students") return rows; // as they come: by school, program and name
  const key = (row) => `${sites[row.site]?.name ?? ""} ${row.name}`;
  return rows.sort((a, b) => order.compare(key(a), key(b)));
}
const pointsOf = (party) => party.points.reduce((sum, [, n]) => sum + n, 0);
