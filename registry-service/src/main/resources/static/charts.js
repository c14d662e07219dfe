// How charts look, in the colours of the page, so that they follow dark mode.

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function colours() {
  return { text: colour('--text'), dim: colour('--dim'), line: colour('--line'), accent: colour('--accent'), warm: colour('--warm'), surface: colour('--surface') };
}

/** A chart on a canvas; `options` are those of Chart.js, axes get their titles from `x` and `y`, `extras` draw on top. */
export function chart(canvas, type, data, { x, y, extras = [], ...options }) {
  const { text, dim, line } = colours();
  const axis = (title) => ({
    title: { display: true, text: title, color: dim },
    ticks: { color: dim },
    grid: { color: line },
    border: { color: line },
  });
  return new window.Chart(canvas, {
    type,
    data,
    plugins: extras,
    options: {
      animation: false,
      maintainAspectRatio: false,
      color: text,
      ...options,
      scales: { x: { ...axis(x), ...options.scales?.x }, y: { ...axis(y), ...options.scales?.y } },
      plugins: { legend: { display: false }, ...options.plugins },
    },
  });
}

/** Calls back when the colours of the page change. */
export function onColourChange(callback) {
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', callback);
}
