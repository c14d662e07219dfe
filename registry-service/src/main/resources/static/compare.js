// The chart of perplexity against size, and the speeds that this browser's playground has seen.

import { chart, colours, onColourChange } from './charts.js';

/** With more points than this their names would lie on each other. */
const MOST_NAMES = 25;

const canvas = document.getElementById('pareto');
const points = JSON.parse(canvas?.dataset.points ?? '[]');
let drawn = null;

/** Writes the name of each model beside its point, on the side where there is room. */
const names = {
  id: 'names',
  afterDatasetsDraw(drawing) {
    const { ctx, chartArea, data } = drawing;
    ctx.save();
    ctx.font = '12px system-ui, sans-serif';
    ctx.fillStyle = colours().text;
    data.datasets.forEach(({ type, models }, index) => {
      if (type === 'line') {
        return;
      }
      drawing.getDatasetMeta(index).data.forEach(({ x, y }, place) => {
        const { name } = models[place];
        const fits = x + 12 + ctx.measureText(name).width < chartArea.right;
        ctx.textAlign = fits ? 'left' : 'right';
        ctx.fillText(name, fits ? x + 12 : x - 12, y - 8);
      });
    });
    ctx.restore();
  },
};

function draw() {
  if (points.length === 0) {
    return;
  }
  drawn?.destroy();
  const { accent, warm, dim, surface } = colours();
  const groups = [...new Set(points.map((point) => point.group))];
  const palette = [accent, warm, '#2a9d6f', '#9a5fd0', '#c05a7e'];
  const place = ({ megabytes, perplexity }) => ({ x: megabytes, y: perplexity });
  const datasets = groups.flatMap((group, index) => {
    const own = points.filter((point) => point.group === group);
    const best = own.filter((point) => point.best);
    const tint = palette[index % palette.length];
    return [
      {
        label: group,
        models: own,
        data: own.map(place),
        backgroundColor: own.map((point) => (point.best ? tint : surface)),
        borderColor: tint,
        borderWidth: 2,
        pointRadius: 7,
        pointHoverRadius: 9,
        pointStyle: own.map((point) => (point.original ? 'rectRot' : 'circle')),
      },
      { label: `${group}, best`, models: best, data: best.map(place), type: 'line', borderColor: tint, borderDash: [5, 4], borderWidth: 1.5, pointRadius: 0, pointHitRadius: 0 },
    ];
  });
  drawn = chart(canvas, 'scatter', { datasets }, {
    x: 'size in MB',
    y: 'perplexity',
    extras: points.length <= MOST_NAMES ? [names] : [],
    scales: { x: { beginAtZero: true }, y: { grace: '10%' } },
    plugins: {
      legend: { display: groups.length > 1, labels: { color: dim, filter: (item) => !item.text.endsWith(', best') } },
      tooltip: { callbacks: { label: ({ dataset, dataIndex }) => {
        const { name, megabytes, perplexity } = dataset.models[dataIndex];
        return `${name}: ${megabytes.toFixed(2)} MB, perplexity ${perplexity.toFixed(2)}`;
      } } },
    },
  });
}

document.querySelectorAll('[data-speed]').forEach((cell) => {
  const speed = Number(localStorage.getItem(`speed ${cell.dataset.speed}`));
  if (speed > 0) {
    cell.textContent = speed.toFixed(0);
  }
});
onColourChange(draw);
draw();
