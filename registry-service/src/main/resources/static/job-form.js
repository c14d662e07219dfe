// The form that starts a job: shows the fields that apply, sends those that are filled in.

import { send, show } from './actions.js';

const form = document.getElementById('job');

function toggle(element, on) {
  element.hidden = !on;
  element.querySelectorAll('input, select').forEach((field) => {
    field.disabled = !on;
  });
}

function arrange() {
  const { kind, budget } = Object.fromEntries(new FormData(form));
  form.querySelectorAll('[data-for]').forEach((part) => toggle(part, part.dataset.for === kind));
  if (kind === 'reparameterize') {
    const chosen = budget ?? form.elements.budget.value;
    form.querySelectorAll('[data-budget]').forEach((part) => toggle(part, part.dataset.budget === chosen));
  }
  form.querySelectorAll('output').forEach((output) => {
    output.value = form.elements[output.htmlFor].value;
  });
}

/** What is filled in, as the API takes it. */
function request() {
  const body = {};
  new FormData(form).forEach((value, name) => {
    if (value !== '' && name !== 'budget') {
      body[name] = form.elements[name].dataset?.type === 'number' ? Number(value) : value;
    }
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

if (form) {
  form.elements.budget.value = form.dataset.budget;
  form.addEventListener('input', arrange);
  form.addEventListener('change', arrange);
  form.addEventListener('submit', start);
  arrange();
}
