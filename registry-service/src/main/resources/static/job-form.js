// The form that starts a job: shows the fields that apply, sends those that are filled in.

import { send, show } from './actions.js';

const form = document.getElementById('job');

function toggle(element, on) {
  element.hidden = !on;
  element.querySelectorAll('input, select').forEach((field) => {
    field.disabled = !on;
  });
}

/** Only originals can be reparameterized: what was made of one gives way to it. */
function offerModels(kind) {
  const { model } = form.elements;
  [...model.options].forEach((option) => {
    option.disabled = kind === 'reparameterize' && option.dataset.original === 'false';
    option.hidden = option.disabled;
  });
  const chosen = model.selectedOptions[0];
  if (chosen?.disabled) {
    const open = [...model.options].filter((option) => !option.disabled);
    model.value = (open.find((option) => option.value === chosen.dataset.parent) ?? open[0])?.value ?? '';
  }
}

/** A size can only be searched for block by block. */
function offerCalibrations(budget) {
  const { calibration } = form.elements;
  const searched = budget === 'maxPerplexityIncrease';
  calibration.options[1].disabled = searched;
  if (searched) {
    calibration.value = '';
  }
}

/** What is tuned is of shifts and adds; of the job's text only where there is one. */
function offerTuning() {
  const tuning = form.elements.tuning.value;
  const applies = !form.elements.tuning.disabled;
  form.querySelectorAll('[data-tuning]').forEach((part) => toggle(part, applies && part.dataset.tuning.split(' ').includes(tuning)));
  const text = form.elements['tune.text'];
  const given = form.elements.calibrationText.value !== '';
  [...text.options].forEach((option) => {
    option.disabled = option.value !== '' && !given;
  });
  if (!given) {
    text.value = '';
  }
}

function arrange() {
  const { kind, method } = Object.fromEntries(new FormData(form));
  const budget = form.elements.budget.value;
  form.querySelectorAll('[data-for]').forEach((part) => toggle(part, part.dataset.for === kind));
  if (kind === 'reparameterize') {
    const chosen = method ?? form.querySelector('[name=method]:checked').value;
    form.querySelectorAll('[data-budget]').forEach((part) => toggle(part, part.dataset.budget === budget));
    form.querySelectorAll('[data-methods]').forEach((part) => toggle(part, part.dataset.methods.split(' ').includes(chosen)));
    offerTuning();
    offerCalibrations(budget);
  }
  offerModels(kind);
  form.querySelectorAll('output').forEach((output) => {
    const { value } = form.elements[output.htmlFor];
    output.value = output.dataset.unit === 'percent' ? `${Math.round(value * 100)} %` : value;
  });
}

const READ = {
  number: Number,
  boolean: (value) => value === 'true',
};

/** What is filled in, as the API takes it. */
function request() {
  const body = {};
  const data = new FormData(form);
  new Set(data.keys()).forEach((name) => {
    const values = data.getAll(name).filter((value) => value !== '');
    if (values.length === 0 || name === 'budget' || name === 'tuning') {
      return;
    }
    const { type } = form.querySelector(`[name="${name}"]`).dataset;
    const [leaf, ...objects] = name.split('.').reverse();
    const target = objects.reduceRight((object, key) => (object[key] ??= {}), body);
    target[leaf] = type === 'list' ? values : (READ[type] ?? String)(values[0]);
  });
  return body;
}

/** crypto.randomUUID is there on loopback and under TLS only. */
function key() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, '0')).join('');
}

function mark(errors) {
  form.querySelectorAll('[aria-invalid]').forEach((field) => field.removeAttribute('aria-invalid'));
  errors.forEach(({ field }) => {
    const input = form.elements[field];
    if (input instanceof HTMLElement) {
      input.setAttribute('aria-invalid', 'true');
      input.closest('details')?.setAttribute('open', '');
    }
  });
}

async function start(event) {
  event.preventDefault();
  const button = document.getElementById('start');
  button.disabled = true;
  show('');
  mark([]);
  try {
    const job = await send('POST', '/api/v1/jobs', request(), { 'Idempotency-Key': key() });
    window.location.assign(`/jobs/${job.id}`);
  } catch (failure) {
    show(failure.message);
    mark(failure.errors ?? []);
    document.getElementById('problem').focus();
    button.disabled = false;
  }
}

/** Uploads a text and chooses it to measure on; for calibration it is the next click. */
async function addText({ target }) {
  const [file] = target.files;
  if (file === undefined) {
    return;
  }
  const said = document.getElementById('text-said');
  const name = file.name.replace(/\.[^.]*$/, '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 128) || 'text';
  said.textContent = `${file.name} is on its way.`;
  try {
    const text = await send('POST', `/api/v1/texts?name=${encodeURIComponent(name)}`, file);
    ['calibrationText', 'evaluationText'].forEach((field) => {
      const select = form.elements[field];
      if (![...select.options].some((option) => option.value === text.name)) {
        select.add(new Option(text.name));
      }
    });
    form.elements.evaluationText.value = text.name;
    said.textContent = `${text.name} is registered, and chosen to measure on.`;
    form.dispatchEvent(new Event('change', { bubbles: true }));
  } catch (failure) {
    said.textContent = failure.message;
  }
}

if (form) {
  document.getElementById('text-file').addEventListener('change', addText);
  form.elements.budget.value = form.dataset.budget;
  form.elements.tuning.value = form.dataset.tuning;
  form.addEventListener('input', arrange);
  form.addEventListener('change', arrange);
  form.addEventListener('submit', start);
  arrange();
}
