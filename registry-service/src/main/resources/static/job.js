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
  const types = ['state', 'stage', 'resources', 'block', 'layer', 'tune', 'metric', 'warning', 'error', 'recovered', 'cancel-requested'];
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

/** Weights a second of each finished block, by the time that its bar tells. */
function throughput(layers, blocks) {
  return blocks.map(({ block, seconds }) => {
    const weights = layers.filter((layer) => layer.block === block).reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
    return { block, speed: seconds > 0 ? weights / seconds : null };
  });
}

async function list(what) {
  const response = await fetch(`/api/v1/jobs/${job}/${what}`);
  return response.ok ? response.json() : [];
}

/** The curve of the tuning, if there is one. */
function tuningChart(points) {
  document.getElementById('tuning').hidden = points.length === 0;
  if (points.length === 0) {
    return [];
  }
  const { step, steps, tokensPerSecond } = points.at(-1);
  document.getElementById('tuning-speed').textContent = `: step ${step} of ${steps}, ${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`;
  const { accent } = colours();
  return [
    chart(
      document.getElementById('tuning-loss'),
      'line',
      {
        labels: points.map((point) => point.step),
        datasets: [{ data: points.map(({ loss }) => loss), borderColor: accent, backgroundColor: accent, pointRadius: 2, borderWidth: 1.5, tension: 0.2 }],
      },
      {
        x: 'step',
        y: 'loss',
        scales: { y: { beginAtZero: true } },
        plugins: { tooltip: { callbacks: { title: ([item]) => `step ${points[item.dataIndex].step}`, label: (item) => `loss ${item.parsed.y.toPrecision(3)}` } } },
      },
    ),
  ];
}

async function draw() {
  const [layers, tuning, blocks] = await Promise.all([list('layers'), list('tuning'), list('blocks')]);
  if (layers.length === 0) {
    return;
  }
  const section = document.getElementById('charts');
  section.hidden = false;
  section.dataset.layers = layers.length;
  section.dataset.tuning = tuning.length;
  drawn.forEach((one) => one.destroy());
  const { accent, warm } = colours();
  const speeds = throughput(layers, blocks);
  drawn = [
    ...tuningChart(tuning),
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
