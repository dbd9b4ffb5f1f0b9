// What is asked for: search, filters, and which placements and rows answer.
const asked = { view: "students", search: "", school: "", program: "", specialty: "", site: "", preceptor: "",
  unplaced: false, changed: false, sort: "name" };
const views = {
  students: { rows: parties, of: (one) => one.party.name },
  units: { rows: units, of: (one) => one.unit.id },
  preceptors: { rows: preceptors, of: (one) => one.people },
};
const folded = {
  parties: parties.map((party) => plain([party.name, ...party.members].join(" "))),
  programs: programs.map((program) => plain([program.id, program.name, schools[program.school].id, schools[program.school].name].join(" "))),
  units: units.map((unit) => plain([unit.id, unit.name].join(" "))),
  preceptors: preceptors.map((who) => plain([who.id, who.name].join(" "))),
  rotations: new Map(),
};
function foldedRotation(rotation) {
  let found = folded.rotations.get(rotation);
  if (found === undefined) folded.rotations.set(rotation, (found = plain(rotation)));
  return found;
}

/** The preceptor meant by what somebody typed: an id or a whole name; -1: nobody yet. */
function preceptorNamed(typed) {
  const wanted = plain(typed.trim());
  return preceptors.findIndex((who) => plain(who.id) === wanted || plain(who.name) === wanted);
}

/** Which placements and parties answer what is asked. */
function answering() {
  const terms = plain(asked.search).split(/\s+/).filter(Boolean);
  const who = asked.preceptor ? preceptorNamed(asked.preceptor) : -1;
  const narrow = Boolean(asked.specialty || asked.site || asked.preceptor || asked.changed);
  const partyPasses = parties.map((party) => {
    const program = programs[party.program];
    return (!asked.school || schools[program.school].id === asked.school) && (!asked.program || program.id === asked.program)
      && (!asked.unplaced || party.missing.length > 0);
  });
  const hits = placements.map((one) => {
    if (!partyPasses[one.party.place]) return false;
    if (asked.specialty && one.specialty?.name !== asked.specialty) return false;
    if (asked.site && sites[one.unit.site]?.id !== asked.site) return false;
    if (asked.preceptor && !one.people.some((person) => person.place === who)) return false;
    if (asked.changed && !one.changed) return false;
    return terms.every((term) => folded.parties[one.party.place].includes(term) || folded.units[one.unit.place].includes(term)
      || folded.programs[one.party.program].includes(term) || foldedRotation(one.rotation).includes(term)
      || one.people.some((person) => folded.preceptors[person.place].includes(term)));
  });
  const alone = parties.map((party) => partyPasses[party.place] && (!narrow || (onlyChanged() && party.lost.length > 0))
    && terms.every((term) => folded.parties[party.place].includes(term) || folded.programs[party.program].includes(term)
      || party.missing.some((one) => foldedRotation(one.rotation).includes(term))));
  return { hits, alone, terms, any: narrow || terms.length > 0 || Boolean(asked.school || asked.program || asked.unplaced) };
}
const onlyChanged = () => asked.changed && !(asked.specialty || asked.site || asked.preceptor);

/** The rows of the board that answer, in order. */
function answeringRows(found) {
  const rows = views[asked.view].rows.filter((row) => {
    if (row.bars.some((one) => found.hits[one.place])) return true;
    if (asked.view === "students") return found.alone[row.place];
    return !found.any;
  });
  if (asked.sort === "points" && asked.view === "students") return rows.sort((a, b) => pointsOf(b) - pointsOf(a));
  if (asked.sort === "busy") return rows.sort((a, b) => b.bars.length - a.bars.length);
  return rows;
}
const pointsOf = (party) => party.points.reduce((sum, [, n]) => sum + n, 0);
