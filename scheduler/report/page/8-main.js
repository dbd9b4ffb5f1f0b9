// Controls, their place in the address (so that a view can be bookmarked), and the start.
const controls = { search: byId("f-search"), school: byId("f-school"), program: byId("f-program"), specialty: byId("f-specialty"),
  site: byId("f-site"), preceptor: byId("f-preceptor"), unplaced: byId("f-unplaced"), changed: byId("f-changed"), broken: byId("f-broken"), sort: byId("f-sort") };

function fillChoices() {
  const add = (select, rows) => select.append(...rows.map(([value, label]) => h("option", { value }, label)));
  const both = ({ id, name }) => [id, id === name ? id : `${name} (${id})`];
  add(controls.school, schools.map(both));
  add(controls.specialty, specialties.map(({ name }) => [name, name]));
  add(controls.site, sites.map(both));
  byId("preceptors").append(...preceptors.map(({ id, name }) => h("option", { value: id }, name === id ? "" : name)));
}
/** The programs of the school that is asked for, or all. */
function fillPrograms() {
  const shown = programs.filter((one) => !asked.school || schools[one.school].id === asked.school);
  if (!shown.some((one) => one.id === asked.program)) asked.program = "";
  controls.program.replaceChildren(h("option", { value: "" }, words.all),
    ...shown.map((one) => h("option", { value: one.id }, asked.school ? one.name : `${schools[one.school].name}: ${one.name}`)));
}
function writeControls() {
  for (const name of ["school", "specialty", "site"]) if (![...controls[name].options].some((option) => option.value === asked[name])) asked[name] = "";
  fillPrograms();
  for (const [name, control] of Object.entries(controls)) {
    if (!control) continue;
    if (control.type === "checkbox") control.checked = asked[name];
    else control.value = asked[name];
  }
  for (const choice of document.querySelectorAll('[name="view"]')) choice.checked = choice.value === asked.view;
}
function readControls() {
  for (const [name, control] of Object.entries(controls)) if (control) asked[name] = control.type === "checkbox" ? control.checked : control.value;
  const view = document.querySelector('[name="view"]:checked').value;
  if (view !== asked.view) hideDetails();
  asked.view = view;
}
/** Ask what the address asks. */
function readAddress() {
  Object.assign(asked, { view: "students", sort: "name", ...NOTHING_ASKED });
  const said = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of said) {
    if (name === "view" && views[value]) asked.view = value;
    else if (typeof asked[name] === "boolean") asked[name] = value === "1";
    else if (name in asked && name !== "view") asked[name] = value;
  }
}
/** What is asked, as it stands in the address. */
function address() {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value === true) said.set(name, "1");
    else if (value && !(name === "view" && value === "students") && !(name === "sort" && value === "name")) said.set(name, value);
  }
  return said.size ? `#${said}` : "";
}
function writeAddress() {
  history.replaceState(history.state, "", address() || location.pathname + location.search);
}
/** After Back, Forward or a link: ask what the address asks, unless it is a link to a part of the page, like `#unplaced`. */
function followAddress() {
  if (location.hash === address() || (location.hash && !location.hash.includes("="))) return;
  readAddress();
  writeControls();
  refresh();
}

/** Filter and draw. */
function refresh(stay = false) {
  const found = answering(), rows = answeringRows(found);
  if (!stay) board.box.scrollTop = 0;
  showBoard(rows, found);
  const hits = found.any ? found.hits.reduce((sum, hit) => sum + hit, 0) : placements.length;
  byId("answer").textContent = say("answer", { rows: count(rows.length, asked.view === "students" ? "row" : asked.view === "units" ? "unit" : "preceptor"), placements: count(hits, "placement") });
  byId("reset").hidden = !found.any;
  clearTimeout(refresh.later);
  refresh.later = setTimeout(() => { showSections(found); writeAddress(); }, refresh.first ? 0 : 120);
  refresh.first = false;
}
refresh.first = true;

function start() {
  fillChoices();
  if (location.hash.includes("=")) readAddress();
  writeControls();
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("controls").addEventListener("input", () => { readControls(); fillPrograms(); controls.program.value = asked.program; refresh(); });
  byId("reset").addEventListener("click", () => {
    Object.assign(asked, NOTHING_ASKED);
    writeControls();
    refresh();
    controls.search.focus();
  });
  for (const [id, factor] of [["wider", 1.4], ["narrower", 1 / 1.4]]) {
    byId(id).addEventListener("click", () => {
      board.chosen = true;
      board.week = Math.round(Math.min(MOST_WEEK, Math.max(8, board.week * factor)));
      refresh(true);
    });
  }
  let waiting = false;
  board.box.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; drawRows(); });
  }, { passive: true });
  board.box.addEventListener("keydown", moveCursor);
  board.box.addEventListener("click", clicked);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !details.box.hidden) closeDetails();
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); controls.search.focus(); }
  });
  let resized = 0;
  addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => {
      if (!board.chosen) board.week = 0; // a width that somebody chose stays
      refresh(true);
    }, 120);
  });
  addEventListener("popstate", () => {
    hideDetails();
    if (details.closing) writeAddress();
    else followAddress();
    details.closing = false;
  });
  addEventListener("hashchange", followAddress);
  refresh();
  performance.mark("board");
  setTimeout(() => { showFixed(); drawCharts(); document.documentElement.dataset.ready = "1"; }, 0);
}
start();
