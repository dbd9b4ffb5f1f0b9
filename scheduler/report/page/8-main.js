// Controls, their place in the address (so that a view can be bookmarked), and the start.
const controls = { search: byId("f-search"), school: byId("f-school"), program: byId("f-program"), specialty: byId("f-specialty"),
  site: byId("f-site"), preceptor: byId("f-preceptor"), unplaced: byId("f-unplaced"), changed: byId("f-changed"), sort: byId("f-sort") };

function fillChoices() {
  const add = (select, rows) => select.append(...rows.map(([value, label]) => h("option", { value }, label)));
  const both = ({ id, name }) => [id, id === name ? id : `${name} (${id})`];
  add(controls.school, schools.map(both));
  add(controls.program, programs.map((one) => [one.id, `${schools[one.school].name}: ${one.name}`]));
  add(controls.specialty, specialties.map(({ name }) => [name, name]));
  add(controls.site, sites.map(both));
  byId("preceptors").append(...preceptors.map(({ id, name }) => h("option", { value: id }, name === id ? "" : name)));
}
function writeControls() {
  for (const [name, control] of Object.entries(controls)) {
    if (!control) continue;
    if (control.type === "checkbox") control.checked = asked[name];
    else control.value = asked[name];
  }
  for (const choice of document.querySelectorAll('[name="view"]')) choice.checked = choice.value === asked.view;
}
function readControls() {
  for (const [name, control] of Object.entries(controls)) if (control) asked[name] = control.type === "checkbox" ? control.checked : control.value;
  asked.view = document.querySelector('[name="view"]:checked').value;
}
function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of said) {
    if (name === "view" && views[value]) asked.view = value;
    else if (typeof asked[name] === "boolean") asked[name] = value === "1";
    else if (name in asked && name !== "view") asked[name] = value;
  }
}
function writeAddress() {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value === true) said.set(name, "1");
    else if (value && !(name === "view" && value === "students") && !(name === "sort" && value === "name")) said.set(name, value);
  }
  history.replaceState(null, "", said.size ? `#${said}` : location.pathname + location.search);
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
  readAddress();
  writeControls();
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("controls").addEventListener("input", () => { readControls(); refresh(); });
  byId("reset").addEventListener("click", () => {
    Object.assign(asked, { search: "", school: "", program: "", specialty: "", site: "", preceptor: "", unplaced: false, changed: false });
    writeControls();
    refresh();
    controls.search.focus();
  });
  for (const [id, factor] of [["wider", 1.4], ["narrower", 1 / 1.4]]) {
    byId(id).addEventListener("click", () => {
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
  details.box.addEventListener("keydown", (event) => { if (event.key === "Escape") closeDetails(); });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); controls.search.focus(); }
  });
  addEventListener("resize", () => { drawRows(); });
  addEventListener("hashchange", () => { readAddress(); writeControls(); refresh(); });
  refresh();
  performance.mark("board");
  setTimeout(() => { showFixed(); drawCharts(); document.documentElement.dataset.ready = "1"; }, 0);
}
start();
