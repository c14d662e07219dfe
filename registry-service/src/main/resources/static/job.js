// The page of a job, live: the server renders what is known, events say when there is news.

import { wire } from './actions.js';
import { chart, colours, onColourChange } from './charts.js';

const REFRESH_MILLIS = 400;
const main = document.querySelector('[data-job]');
const { job } = main.dataset;

let drawn = [];
let waiting = false;
let source = null;

function live() {
  return document.getElementById('live');
}

function say(text) {
  document.getElementById('said').textContent = text;
}

/** Many events make one request. */
function news() {
  if (!waiting) {
    waiting = true;
    setTimeout(() => {
      waiting = false;
      window.htmx.trigger(live(), 'news');
      draw();
    }, REFRESH_MILLIS);
  }
}

function follow() {
  source?.close();
  source = new EventSource(`/api/v1/jobs/${job}/events?lastEventId=${main.dataset.lastEvent}`);
  const types = ['state', 'stage', 'resources', 'block', 'layer', 'metric', 'warning', 'error', 'recovered', 'cancel-requested'];
  types.forEach((type) => source.addEventListener(type, (event) => {
    // the browser's own 'error', a lost connection that it opens again, has no data
    if (event.data === undefined) {
      return;
    }
    main.dataset.lastEvent = event.lastEventId;
    const { data } = JSON.parse(event.data);
    if (type === 'state') {
      say(`The job is ${data.state.toLowerCase()}.`);
    } else if (type === 'stage') {
      say(`Stage ${data.stage}.`);
    } else if (type === 'block') {
      say(`Block ${data.block} of ${data.blocks} is finished.`);
    }
    news();
  }));
}

/** Buttons stand outside of what is exchanged, so that they keep the focus. */
function settle() {
  const now = live().dataset;
  document.querySelectorAll('[data-when]').forEach((button) => {
    button.hidden = now[button.dataset.when] !== 'true';
  });
  if (now.active === 'false' && source !== null) {
    source.close();
    source = null;
    // the page can know of the end before the last events have come
    draw();
  }
}

/** Weights a second of each block, from its layers. */
function throughput(layers) {
  const blocks = new Map();
  layers.forEach(({ block, inputs, outputs, seconds }) => {
    const sum = blocks.get(block) ?? { weights: 0, seconds: 0 };
    sum.weights += inputs * outputs;
    sum.seconds += seconds ?? 0;
    blocks.set(block, sum);
  });
  return [...blocks].map(([block, sum]) => ({ block, speed: sum.seconds > 0 ? sum.weights / sum.seconds : null }));
}

async function draw() {
  const response = await fetch(`/api/v1/jobs/${job}/layers`);
  const layers = response.ok ? await response.json() : [];
  if (layers.length === 0) {
    return;
  }
  const section = document.getElementById('charts');
  section.hidden = false;
  section.dataset.layers = layers.length;
  drawn.forEach((one) => one.destroy());
  const { accent, warm } = colours();
  const speeds = throughput(layers);
  drawn = [
    chart(
      document.getElementById('loss'),
      'line',
      {
        labels: layers.map((_, index) => index + 1),
        datasets: [{ data: layers.map((layer) => layer.outputError), borderColor: warm, backgroundColor: warm, pointRadius: 2, borderWidth: 1.5, tension: 0.2 }],
      },
      {
        x: 'layer',
        y: 'relative error',
        scales: { y: { beginAtZero: true } },
        plugins: { tooltip: { callbacks: { title: ([item]) => layers[item.dataIndex].layer, label: (item) => `error ${item.parsed.y.toPrecision(3)}, ${layers[item.dataIndex].bits} bits` } } },
      },
    ),
    chart(
      document.getElementById('throughput'),
      'bar',
      { labels: speeds.map(({ block }) => block + 1), datasets: [{ data: speeds.map(({ speed }) => speed), backgroundColor: accent, maxBarThickness: 48 }] },
      { x: 'block', y: 'weights/s', scales: { y: { beginAtZero: true } } },
    ),
  ];
}

wire(() => {
  news();
  follow();
});
document.body.addEventListener('htmx:afterSettle', settle);
onColourChange(draw);
draw();
if (main.dataset.active === 'true') {
  follow();
}
