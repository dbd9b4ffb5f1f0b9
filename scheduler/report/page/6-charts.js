// Pictures: the charts that `rotations export --charts` draws for documents, drawn here by Vega one after the other while nothing
// else is to do, so that they are there when somebody prints. They are made for white paper, so they lie on white in the dark, too.
async function drawCharts() {
  if (!window.drawChart) return;
  for (const box of document.querySelectorAll("[data-chart]")) {
    await new Promise((resolve) => (window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 500 }) : setTimeout(resolve, 20)));
    const { title, ...spec } = raw.charts[box.dataset.chart]; // the caption has the title
    const options = { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true } };
    await window.drawChart(box, spec, options);
    box.querySelector("svg")?.setAttribute("aria-hidden", "true"); // the caption says it, and the table below has the figures
    box.setAttribute("role", "img"); // its label is the chart's description; what kind of thing it is, Vega says in English
    box.removeAttribute("aria-roledescription");
  }
  document.documentElement.dataset.drawn = "1";
}
