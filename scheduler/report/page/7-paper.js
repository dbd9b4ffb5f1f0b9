// Printing: the board as a table with all rows that answer, since paper does not scroll.
function toPaper() {
  for (const grower of growers) {
    grower.all();
    if (grower.most > MOST_ON_PAPER) grower.body.append(h("tr", {}, h("td", { colspan: 99 }, `… ${number.format(grower.most)}`)));
  }
  const box = byId("paper"), days = 7 * raw.weeks;
  box.style.setProperty("--weeks", raw.weeks);
  const months = [];
  for (let week = 0; week < raw.weeks; week += 1) {
    const day = dateOf(7 * week), isNew = week === 0 || day.getUTCDate() <= 7;
    const name = isNew && (raw.weeks <= 60 || week === 0 || day.getUTCMonth() % 3 === 0) ? monthName(day, week) : "";
    const label = h("span", {}, name, raw.weeks <= 40 ? h("b", {}, String(day.getUTCDate())) : "");
    label.style.left = `${(100 * week) / raw.weeks}%`;
    months.push(label);
  }
  const rows = board.rows.map((row) => {
    const bars = laidOut(row).map(({ one, lane }) => {
      const made = bar(row, one, lane), start = Math.max(0, one.start), end = Math.min(days - 1, one.end);
      made.removeAttribute("role");
      made.removeAttribute("tabindex");
      made.style.left = `${(100 * start) / days}%`;
      made.style.width = `calc(${(100 * (end - start + 1)) / days}% - 1px)`;
      made.style.top = `${lane * 13}px`;
      return made;
    });
    const lanes = h("div", { class: "lanes" }, bars);
    lanes.style.height = `${Math.max(1, row.lanes) * 13}px`;
    const lacks = row.missing?.length ? h("em", {}, ` ✗ ${number.format(row.missing.length)}`) : null;
    const site = asked.view === "units" ? h("small", {}, sites[row.site]?.name ?? "") : null;
    return h("tr", {}, h("th", { scope: "row" }, row.name, lacks, site), h("td", {}, asked.view === "units" ? paperStrip(row) : "", lanes));
  });
  const filters = Object.keys(NOTHING_ASKED).filter((name) => asked[name] !== NOTHING_ASKED[name])
    .map((name) => { const control = controls[name]; return control.type === "checkbox" ? control.parentElement.textContent.trim() : control.selectedOptions?.[0].textContent ?? control.value; });
  box.replaceChildren(filters.length ? h("p", {}, say("filtered", { what: filters.join(", ") })) : "", h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words[`view_${asked.view}`]), h("td", {}, h("div", { class: "weeks" }, months)))), h("tbody", {}, rows)));
}
/** How many students are there at once, week by week. */
function paperStrip(row) {
  return h("div", { class: "weeks figures" }, raw.occupancy[row.place].map(([week, there, most]) => {
    const made = h("span", { class: there >= most ? "full" : null }, raw.weeks <= 26 ? `${there}/${most}` : String(there));
    made.style.left = `${(100 * week) / raw.weeks}%`;
    return made;
  }));
}
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", () => byId("paper").replaceChildren());
