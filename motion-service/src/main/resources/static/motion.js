// The page of a session: what is said goes there, what happens comes back as a stream of events.

import { RobotView } from './motion-view.js';
import { TermChart } from './motion-terms.js';

const API = '/api/v1/motion';
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 5000;
const byId = (id) => document.getElementById(id);

let session = sessionStorage.getItem('motion-session');
let newest = null;
let paused = false;
let turnsShown = 0;
let robot = null;
let kind = sessionStorage.getItem('motion-robot') ?? 'quadruped';
let following = null;
const chart = new TermChart(byId('terms'), byId('legend'));

class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `The service answered ${status}.`);
    this.status = status;
  }
}

function headers(more = {}) {
  const key = sessionStorage.getItem('motion-key');
  return key ? { ...more, Authorization: `Bearer ${key}` } : more;
}

async function ask(path, options = {}) {
  const response = await fetch(API + path, { ...options, headers: headers(options.headers) });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    byId('key').hidden = response.status !== 401;
    throw new Refused(response.status, problem);
  }
  return response;
}

function show(message) {
  byId('problem').textContent = message;
  byId('problem').hidden = !message;
}

const state = (text) => { byId('state').textContent = text; };
const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** The session of before while it runs, else a new one. */
async function open() {
  if (session) {
    try {
      const known = await (await ask(`/sessions/${session}`)).json();
      if (known.robot !== kind) {
        await ask(`/sessions/${session}`, { method: 'DELETE' });
        session = null;
      }
    } catch (refused) {
      if (refused.status !== 404 && refused.status !== 409) {
        throw refused;
      }
      session = null;
    }
  }
  if (!session) {
    const begins = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ robot: kind }) };
    session = (await (await ask('/sessions', begins)).json()).id;
    sessionStorage.setItem('motion-session', session);
  }
  turnsShown = 0;
  byId('turns').replaceChildren();
  chart.clear();
}

/** The events of a stream, one after the other, as [name, data]. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    for (const part of parts) {
      const name = /^event: (.*)$/m.exec(part);
      const data = /^data: (.*)$/m.exec(part);
      if (name && data) {
        yield [name[1], JSON.parse(data[1])];
      }
    }
  }
}

/** Follows the session for as long as the page is open; comes back when the connection or the session has ended. */
async function follow() {
  let retry = FIRST_RETRY;
  for (;;) {
    try {
      await open();
      following = new AbortController();
      const response = await ask(`/sessions/${session}/events`, { signal: following.signal });
      state('Connected');
      show('');
      retry = FIRST_RETRY;
      for await (const [name, data] of events(response)) {
        if (name === 'frame') {
          frame(data);
        } else if (name === 'turn') {
          turn(data);
        } else if (name === 'end') {
          show(`${data.reason} A new session begins.`);
          session = null;
        }
      }
    } catch (trouble) {
      show(trouble instanceof Refused ? trouble.message : '');
      if (trouble.name === 'AbortError') {
        continue;
      }
    }
    state('Connecting again …');
    await wait(retry);
    retry = Math.min(LONGEST_RETRY, retry * 1.5);
  }
}

function frame(data) {
  newest = data;
  robot?.pose(data.pose);
  chart.add(data.terms);
  byId('plan').textContent = `${data.planMilliseconds.toFixed(1)} ms`;
  byId('samples').textContent = data.samples;
  byId('real-time').textContent = `${Math.round(data.realTime * 100)} %`;
  byId('cost').textContent = data.cost.toFixed(3);
  if (data.paused !== paused) {
    paused = data.paused;
    byId('pause').textContent = paused ? 'Go on' : 'Pause';
    byId('pause').setAttribute('aria-pressed', paused);
  }
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

function turn(data) {
  if (data.number <= turnsShown) {
    return;
  }
  turnsShown = data.number;
  const item = document.createElement('li');
  item.append(element('p', data.text ?? 'A reward by hand'));
  if (data.applied) {
    item.append(element('small', data.milliseconds === null ? 'understood' : `understood, first plan after ${data.milliseconds} ms`));
  } else {
    item.append(element('p', `This cannot be done: ${data.problem}`, 'refused'));
  }
  const meaning = data.description ?? data.reward;
  if (meaning) {
    const details = document.createElement('details');
    details.append(element('summary', data.description ? 'Description' : 'Reward'), element('pre', JSON.stringify(meaning, null, 1)));
    item.append(details);
  }
  byId('turns').append(item);
  byId('turns').scrollTop = byId('turns').scrollHeight;
}

async function instruct(body) {
  byId('send').disabled = true;
  state('Thinking …');
  try {
    const response = await ask(`/sessions/${session}/instructions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    turn(await response.json());
    show('');
  } catch (trouble) {
    show(trouble.message);
  } finally {
    byId('send').disabled = false;
    state('Connected');
  }
}

async function command(name) {
  try {
    await ask(`/sessions/${session}/${name}`, { method: 'POST' });
  } catch (trouble) {
    show(trouble.message);
  }
}

async function tasks() {
  const found = await (await ask(`/tasks?robot=${kind}`)).json();
  byId('text').placeholder = found[0].instructions[0];
  byId('tasks').replaceChildren(...found.map((task) => {
    const button = element('button', task.name.replaceAll('_', ' '));
    button.type = 'button';
    button.title = task.instructions[0];
    button.addEventListener('click', () => instruct({ text: task.instructions[0], description: task.description }));
    return button;
  }));
}

async function draw() {
  const scene = await (await ask(`/scene?robot=${kind}`)).json();
  try {
    if (robot) {
      robot.show(scene);
    } else {
      robot = new RobotView(byId('robot'), scene);
      byId('camera').addEventListener('change', (event) => robot.look(event.target.value));
    }
  } catch (trouble) {
    byId('view').hidden = true;
    numbersOnly(true);
    show(`The robot cannot be drawn here (${trouble.message}); the numbers say what it does.`);
  }
}

function numbersOnly(on) {
  byId('numbers').hidden = !on;
  byId('chart').hidden = on;
  byId('view').hidden = on || !robot;
  byId('numbers-button').setAttribute('aria-pressed', on);
  sessionStorage.setItem('motion-numbers', on ? 'on' : '');
}

const degrees = (radians) => `${Math.round(radians * 180 / Math.PI)}°`;

const costs = () => Object.entries(newest.terms)
  .map(([term, cost]) => [`Cost of ${term.replaceAll('_', ' ')}`, cost.toFixed(3)]);

function numbers() {
  if (byId('numbers').hidden || !newest || !robot && !newest.pose) {
    return;
  }
  const [x, y, z, w, i, j, k] = newest.pose.slice(7, 14);
  const rows = kind === 'arm' ? [
    ['Time', `${newest.time.toFixed(1)} s`],
    ['Cube', newest.pose.slice(-7, -4).map((value) => value.toFixed(2)).join(', ') + ' m'],
    ['Drawer open by', `${(0.6 - newest.pose.at(-14)).toFixed(2)} m`],
    ...costs(),
  ] : [
    ['Time', `${newest.time.toFixed(1)} s`],
    ['Position', `${x.toFixed(2)}, ${y.toFixed(2)} m`],
    ['Height', `${z.toFixed(2)} m`],
    ['Heading, from east', degrees(Math.atan2(2 * (w * k + i * j), 1 - 2 * (j * j + k * k)))],
    ['Pitch', degrees(-Math.asin(Math.max(-1, Math.min(1, 2 * (w * j - i * k)))))],
    ['Roll', degrees(Math.atan2(2 * (w * i + j * k), 1 - 2 * (i * i + j * j)))],
    ...costs(),
  ];
  byId('rows').replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement('tr');
    const head = element('th', name);
    head.scope = 'row';
    row.append(head, element('td', value));
    return row;
  }));
}

byId('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text && session) {
    byId('text').value = '';
    instruct({ text });
  }
});
byId('kind').addEventListener('change', async (event) => {
  kind = event.target.value;
  sessionStorage.setItem('motion-robot', kind);
  newest = null;
  // first the stream ends: its last frames would bring the terms of the robot before
  following?.abort();
  try {
    await tasks();
    await draw();
  } catch (trouble) {
    show(trouble.message);
  }
});
byId('pause').addEventListener('click', () => command(paused ? 'resume' : 'pause'));
byId('reset').addEventListener('click', () => command('reset'));
byId('numbers-button').addEventListener('click', () => numbersOnly(byId('numbers').hidden));
byId('recording').addEventListener('click', async (event) => {
  event.preventDefault();
  try {
    const file = await (await ask(`/sessions/${session}/recording?format=csv`)).blob();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'motion.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (trouble) {
    show(trouble.message);
  }
});
byId('key').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('motion-key', new FormData(event.target).get('key'));
  byId('key').hidden = true;
  begin();
});

byId('kind').value = kind;

let begun = false;
async function begin() {
  try {
    await tasks();
    await draw();
  } catch (trouble) {
    show(trouble.message);
    state('Not connected');
    if (trouble.status === 401) {
      return;
    }
    await wait(LONGEST_RETRY);
    begin();
    return;
  }
  numbersOnly(Boolean(sessionStorage.getItem('motion-numbers')) || !robot);
  if (!begun) {
    begun = true;
    setInterval(numbers, 1000);
    follow();
  }
}

byId('recording').href = '#';
begin();
