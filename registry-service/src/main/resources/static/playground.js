// One prompt, two models, their answers token by token.

import { ask, events, speed } from './inference.js';

const LOGPROBS = 3;
const form = document.getElementById('playground');
const sides = [...document.querySelectorAll('[data-side]')];
const go = document.getElementById('go');
const stop = document.getElementById('stop');

let running = null;

function request(model) {
  const { prompt, max_tokens, temperature, top_p, top_k, seed } = Object.fromEntries(new FormData(form));
  const body = {
    model,
    prompt,
    max_tokens: Number(max_tokens),
    temperature: Number(temperature),
    top_p: Number(top_p),
    seed: Number(seed),
    logprobs: LOGPROBS,
    stream: true,
    stream_options: { include_usage: true },
  };
  return Number(top_k) > 0 ? { ...body, top_k: Number(top_k) } : body;
}

/** From p0, unsure, to p4, sure. */
function shade(probability) {
  return `p${[0.1, 0.3, 0.6, 0.9].filter((limit) => probability >= limit).length}`;
}

function percent(logprob) {
  return `${(Math.exp(logprob) * 100).toFixed(1)} %`;
}

function alternatives(top, token) {
  return Object.entries(top ?? {}).filter(([text]) => text !== token).sort(([, a], [, b]) => b - a);
}

function said(options) {
  return options.map(([text, logprob]) => `${JSON.stringify(text)} ${percent(logprob)}`).join(', ');
}

/** What is known of a token, beside it: for whoever points at it, and for whoever walks there with the keyboard. */
class Tip {
  constructor(box) {
    this.box = box;
    this.known = new WeakMap();
  }

  know(span, token, logprob, others) {
    this.known.set(span, [[token, logprob], ...others]);
    span.addEventListener('pointerenter', () => this.show(span));
    span.addEventListener('pointerleave', () => this.hide());
    span.addEventListener('focus', () => this.show(span));
    span.addEventListener('blur', () => this.hide());
  }

  line([text, logprob], chosen) {
    const line = document.createElement('p');
    line.className = chosen ? 'chosen' : '';
    const name = document.createElement('code');
    name.textContent = JSON.stringify(text);
    const bar = document.createElement('meter');
    bar.max = 1;
    bar.value = Math.exp(logprob);
    bar.setAttribute('aria-hidden', 'true');
    line.append(name, bar, ` ${percent(logprob)} · ${logprob.toFixed(3)}`);
    return line;
  }

  show(span) {
    const options = this.known.get(span);
    const head = document.createElement('p');
    head.className = 'dim';
    head.textContent = 'probability · log-probability';
    this.box.replaceChildren(head, ...options.map((option, index) => this.line(option, index === 0)));
    this.box.hidden = false;
    const { left, bottom, top } = span.getBoundingClientRect();
    const { width, height } = this.box.getBoundingClientRect();
    const below = bottom + height + 12 < window.innerHeight;
    this.box.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
    this.box.style.top = `${below ? bottom + 6 : Math.max(8, top - height - 6)}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}

const tip = new Tip(document.getElementById('tip'));

/** Arrow keys go from token to token, Home and End to the first and the last, Escape back to the answer. */
function walk(event) {
  const tokens = [...event.currentTarget.querySelectorAll('.token')];
  const at = tokens.indexOf(document.activeElement);
  const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tokens.length - 1 };
  if (event.key === 'Escape') {
    event.currentTarget.focus();
  } else if (event.key in places && tokens.length > 0) {
    event.preventDefault();
    tokens[Math.max(0, Math.min(tokens.length - 1, places[event.key]))].focus();
  }
}

class Side {
  constructor(element) {
    this.element = element;
    this.model = element.querySelector('select').value;
    this.answer = element.querySelector('.answer');
    this.rows = element.querySelector('tbody');
    this.answer.replaceChildren();
    this.rows.replaceChildren();
    this.started = performance.now();
    this.first = null;
    this.together = 0;
    this.count = 0;
    this.logprob = 0;
    ['first', 'speed', 'count', 'perplexity'].forEach((name) => this.meter(name, '–'));
  }

  meter(name, text) {
    this.element.querySelector(`[data-meter=${name}]`).textContent = text;
  }

  fail(message) {
    const box = document.createElement('p');
    box.className = 'problem';
    box.setAttribute('role', 'alert');
    box.textContent = message;
    this.answer.append(box);
  }

  add(choice, arrived) {
    const tokens = choice.logprobs?.tokens ?? [];
    if (tokens.length === 0) {
      this.answer.append(choice.text);
      return;
    }
    if (this.first === null) {
      this.first = arrived;
      this.meter('first', `${(this.first - this.started).toFixed(0)} ms`);
    }
    this.last = arrived;
    this.together += arrived === this.first ? tokens.length : 0;
    let text = choice.text;
    tokens.forEach((token, index) => {
      // the text is what counts: a token can end in the middle of a character
      const shown = index === tokens.length - 1 ? text : text.slice(0, token.length);
      text = text.slice(shown.length);
      this.token(shown, token, choice.logprobs.token_logprobs[index], choice.logprobs.top_logprobs?.[index]);
    });
    this.tell();
  }

  token(shown, token, logprob, top) {
    const others = alternatives(top, token);
    const span = document.createElement('span');
    span.className = `token ${shade(Math.exp(logprob))}`;
    span.textContent = shown;
    span.tabIndex = -1;
    span.setAttribute('aria-describedby', 'tip');
    tip.know(span, token, logprob, others);
    this.answer.append(span);
    const row = this.rows.insertRow();
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = JSON.stringify(token);
    row.append(head);
    [logprob.toFixed(3), percent(logprob)].forEach((figure) => {
      const cell = row.insertCell();
      cell.className = 'number';
      cell.textContent = figure;
    });
    row.insertCell().textContent = said(others);
    this.count += 1;
    this.logprob += logprob;
  }

  tell() {
    this.meter('count', String(this.count));
    this.meter('perplexity', Math.exp(-this.logprob / this.count).toFixed(2));
    const { count: tokens, together, first, started, last } = this;
    this.speed = speed({ tokens, together, first: first - started }, last - started);
    this.meter('speed', this.speed.toFixed(1));
  }

  async run(signal) {
    const response = await ask('/playground/completions', request(this.model), signal);
    for await (const event of events(response)) {
      event.choices.forEach((choice) => this.add(choice, event.arrived));
    }
    if (this.speed) {
      localStorage.setItem(`speed ${this.model}`, String(this.speed));
    }
  }
}

async function complete(event) {
  event.preventDefault();
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  go.disabled = true;
  stop.disabled = false;
  const said = document.getElementById('said');
  said.textContent = 'The models are answering.';
  await Promise.all(sides.map(async (element) => {
    const side = new Side(element);
    try {
      await side.run(signal);
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        side.fail(failure.message);
      }
    }
  }));
  said.textContent = 'The answers are complete.';
  go.disabled = false;
  stop.disabled = true;
}

sides.forEach((side) => side.querySelector('.answer').addEventListener('keydown', walk));
form?.addEventListener('submit', complete);
stop?.addEventListener('click', () => running?.abort());
