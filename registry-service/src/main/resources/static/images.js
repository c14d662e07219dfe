// One image, two models, the classes that they name.

import { ask } from './inference.js';

const TOP_K = 5;
/** What the dashboard's requests may have, base64 included. */
const MOST_BYTES = 2_800_000;
const WIDTH = 192;
const form = document.getElementById('images');
const sides = [...document.querySelectorAll('[data-side]')];
const drop = document.getElementById('drop');
const file = document.getElementById('file');
const shown = document.getElementById('shown');
const said = document.getElementById('said');

let image = null;

function read(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

function milliseconds(seconds) {
  return `${(1000 * seconds).toFixed(1)} ms`;
}

function row({ label, probability }) {
  const line = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = label;
  const share = document.createElement('td');
  share.className = 'number';
  share.textContent = `${(100 * probability).toFixed(1)} %`;
  const bar = document.createElement('td');
  const meter = document.createElement('meter');
  meter.min = 0;
  meter.max = 1;
  meter.value = probability;
  bar.append(meter);
  line.append(name, share, bar);
  return line;
}

async function classify(side) {
  const body = side.querySelector('tbody');
  const meters = Object.fromEntries([...side.querySelectorAll('[data-meter]')].map((dd) => [dd.dataset.meter, dd]));
  const model = side.querySelector('select').value;
  body.replaceChildren();
  Object.values(meters).forEach((dd) => { dd.textContent = '–'; });
  const start = performance.now();
  const response = await ask('/playground/classifications', { model, images: [image], top_k: TOP_K });
  const answer = await response.json();
  body.replaceChildren(...answer.data[0].classes.map(row));
  meters.compute.textContent = milliseconds(answer.usage.compute_seconds);
  meters.whole.textContent = milliseconds((performance.now() - start) / 1000);
  return `${model}: ${answer.data[0].classes[0].label}`;
}

/** One after the other, so that neither waits for the other's turn. */
async function askBoth() {
  if (image === null) {
    return;
  }
  const results = [];
  for (const side of sides) {
    try {
      results.push(await classify(side));
    } catch (failure) {
      results.push(`${side.querySelector('select').value}: ${failure.message}`);
    }
  }
  said.textContent = results.join(' · ');
}

/** On a canvas: the page's policy lets no image be loaded from elsewhere than the dashboard. */
async function draw(blob) {
  try {
    const bitmap = await createImageBitmap(blob);
    shown.width = WIDTH;
    shown.height = Math.max(1, Math.round((WIDTH * bitmap.height) / bitmap.width));
    shown.getContext('2d').drawImage(bitmap, 0, 0, shown.width, shown.height);
    shown.hidden = false;
  } catch {
    // What the browser cannot show the service may still read, or say why not.
    shown.hidden = true;
  }
}

async function show(blob) {
  if (blob.size > MOST_BYTES) {
    said.textContent = `The image has ${blob.size} bytes; this page sends at most ${MOST_BYTES}. Make it smaller.`;
    return;
  }
  image = await read(blob);
  await draw(blob);
  await askBoth();
}

if (form !== null) {
  file.addEventListener('change', () => { if (file.files.length > 0) show(file.files[0]); });
  form.addEventListener('submit', (event) => event.preventDefault());
  sides.forEach((side) => side.querySelector('select').addEventListener('change', askBoth));
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
  }
  for (const name of ['dragleave', 'drop']) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove('over'); });
  }
  drop.addEventListener('drop', (event) => { if (event.dataTransfer.files.length > 0) show(event.dataTransfer.files[0]); });
}
