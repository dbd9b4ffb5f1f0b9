// Printing: the board as a table with all rows that answer, since paper does not scroll.
function toPaper() {
  const box = byId("paper"), days = 7 * raw.weeks;
  box.style.setProperty("--weeks", raw.weeks);
  const months = [];
  for (let week = 0; week < raw.weeks; week += 1) {
    const day = dateOf(7 * week), label = h("span", {}, week === 0 || day.getUTCDate() <= 7 ? monthFormat.format(day) : "", h("b", {}, String(day.getUTCDate())));
    label.style.left = `${(100 * week) / raw.weeks}%`;
    months.push(label);
  }
  const rows = board.rows.map((row) => {
    const bars = laidOut(row).filter(({ one }) => !board.hits || board.hits[one.place]).map(({ one, lane }) => {
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
    return h("tr", {}, h("th", { scope: "row" }, row.name, lacks), h("td", {}, lanes));
  });
  box.replaceChildren(h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words[`view_${asked.view}`]), h("td", {}, h("div", { class: "weeks" }, months)))), h("tbody", {}, rows)));
}
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", () => byId("paper").replaceChildren());
