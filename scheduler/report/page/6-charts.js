// Pictures: the same descriptions of charts that `rotations export --charts` draws, drawn here when they come into sight.
function shownCharts() {
  if (!window.drawChart || !window.IntersectionObserver) return;
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting && !target.dataset.drawn) draw(target);
    }
  }, { rootMargin: "300px" });
  for (const box of document.querySelectorAll("[data-chart]")) watch.observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const box of document.querySelectorAll("[data-drawn]")) draw(box);
  });
  addEventListener("beforeprint", () => document.querySelectorAll("[data-chart]").forEach((box) => draw(box, true)));
  addEventListener("afterprint", () => document.querySelectorAll("[data-drawn]").forEach((box) => draw(box)));
}
async function draw(box, onPaper = false) {
  box.dataset.drawn = "1";
  const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(name).trim();
  const ink = onPaper ? "#000" : colour("--text"), faint = onPaper ? "#bbb" : colour("--line");
  const spec = structuredClone(raw.charts[box.dataset.chart]);
  delete spec.title; // the heading of the figure says it
  const config = {
    background: "transparent",
    axis: { labelColor: ink, titleColor: ink, gridColor: faint, domainColor: faint, tickColor: faint },
    legend: { labelColor: ink, titleColor: ink }, header: { labelColor: ink, titleColor: ink }, view: { stroke: faint },
    title: { color: ink, subtitleColor: ink },
  };
  spec.background = "transparent";
  await window.drawChart(box, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, config,
    formatLocale: raw.formats.number, timeFormatLocale: raw.formats.time, tooltip: { disableDefaultStyle: true } });
  const picture = box.querySelector("svg");
  picture?.setAttribute("aria-hidden", "true"); // the caption says it, and the table below has the figures
}
