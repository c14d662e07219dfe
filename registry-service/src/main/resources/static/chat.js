// A conversation with one model, or with two side by side.

import { AnswerView, unanswered } from './answer.js';
import * as conversations from './conversations.js';
import { copyButton } from './copy.js';

const place = (id) => document.getElementById(id);
const form = place('chat');
const input = place('message');
const turns = place('turns');
const list = place('conversations');
const settings = place('settings');
const selects = [place('model'), place('second')];
const installed = [...(selects[0]?.options ?? [])].map((option) => option.value);

let current = null;
let running = null;

function say(text) {
  place('said').textContent = text;
}

function button(text, label, action) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'quiet';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', action);
  return made;
}

function keep() {
  const problem = conversations.keep(current);
  place('problem').textContent = problem ?? '';
  place('problem').hidden = problem === null;
  showList();
}

function showList() {
  const kept = conversations.all();
  list.replaceChildren(...kept.map((conversation) => {
    const item = document.createElement('li');
    const open = button(conversations.titleOf(conversation), conversations.titleOf(conversation), () => show(conversation));
    if (conversation.id === current.id) {
      open.setAttribute('aria-current', 'true');
    }
    item.append(open);
    return item;
  }));
  place('none').hidden = kept.length > 0;
  place('title').textContent = conversations.titleOf(current);
  place('delete').disabled = !kept.some(({ id }) => id === current.id);
}

/** What a request has beside its model and messages: what is left empty the model decides. */
function sampling() {
  const chosen = {};
  settings.querySelectorAll('[name]').forEach(({ name, value }) => {
    if (value !== '') {
      chosen[name] = name === 'enable_thinking' ? value === 'true' : Number(value);
    }
  });
  return chosen;
}

function readForm() {
  const models = selects.map((select) => select.value).filter((name) => name !== '');
  Object.assign(current, { models, system: place('system').value, settings: sampling() });
}

function fillForm() {
  // a model that has gone is still named, and the service says that it has
  selects.forEach((select, index) => {
    const name = current.models[index] ?? '';
    if (name !== '' && !installed.includes(name)) {
      select.add(new Option(`${name} (removed)`, name));
    }
    select.value = name;
  });
  place('system').value = current.system;
  settings.querySelectorAll('[name]').forEach((field) => { field.value = current.settings[field.name]?.toString() ?? ''; });
}

/** Ends a running answer: what came of it stays. */
async function halt() {
  running?.abort.abort();
  await running?.done;
}

async function show(conversation) {
  await halt();
  current = conversation;
  history.replaceState(null, '', `/chat#${conversation.id}`);
  fillForm();
  turns.replaceChildren(...current.turns.map((turn, index) => turnView(turn, index).element));
  showList();
  rename(false);
  if (window.matchMedia('(max-width: 46rem)').matches) {
    place('list').open = false;
  }
  turns.lastElementChild?.scrollIntoView({ block: 'end' });
  input.focus({ preventScroll: true });
}

function rename(on) {
  place('rename').hidden = !on;
  place('title').hidden = on;
  if (on) {
    place('name').value = conversations.titleOf(current);
    place('name').select();
  }
}

/** The words of the user in a field, to be sent anew. */
function edit(box, index) {
  const field = document.createElement('textarea');
  field.value = current.turns[index].user;
  field.rows = 4;
  field.setAttribute('aria-label', 'Your message');
  const actions = document.createElement('p');
  actions.className = 'actions';
  const send = button('Send', 'Send the edited message', () => {
    if (field.value.trim() !== '') {
      answerFrom(index, field.value);
    }
  });
  send.className = '';
  actions.append(send, button('Cancel', 'Cancel editing', () => box.replaceWith(turnView(current.turns[index], index).user)));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      actions.lastChild.click();
    }
  });
  const note = document.createElement('p');
  note.className = 'dim';
  note.textContent = 'What follows in the conversation is answered anew.';
  box.replaceChildren(field, note, actions);
  field.focus();
}

function turnView(turn, index) {
  const element = document.createElement('li');
  element.className = 'turn';
  const user = document.createElement('article');
  user.className = 'message user';
  user.setAttribute('aria-label', 'You');
  const body = document.createElement('p');
  body.className = 'body';
  body.textContent = turn.user;
  const foot = document.createElement('div');
  foot.className = 'foot-line';
  foot.append(button('Edit', 'Edit this message', () => edit(user, index)), copyButton('Copy', 'Copy this message', () => turn.user));
  user.append(body, foot);
  const answers = document.createElement('div');
  answers.className = 'answers';
  const last = index === current.turns.length - 1;
  const views = turn.answers.map((answer, at) => new AnswerView(answer, last ? () => regenerate(index, at) : null));
  answers.append(...views.map((view) => view.element));
  element.append(user, answers);
  return { element, user, views };
}

/** Answers of a model, or of all where none is named, to the last turn. */
async function answer(index, only) {
  const conversation = current;
  const turn = conversation.turns[index];
  readForm();
  turn.answers = conversation.models.map((model, at) => (only === undefined || at === only ? unanswered(model) : turn.answers[at] ?? unanswered(model)));
  const view = turnView(turn, index);
  [...turns.children].slice(index).forEach((old) => old.remove());
  // only the last turn can be answered anew
  turns.lastElementChild?.replaceWith(turnView(conversation.turns[index - 1], index - 1).element);
  turns.append(view.element);
  const abort = new AbortController();
  const work = view.views.map((each, at) => (only === undefined || at === only
    ? each.run({ ...conversation.settings, model: conversation.models[at], messages: conversations.messages(conversation, at, index + 1) }, abort.signal)
    : Promise.resolve()));
  const follow = followEnd();
  running = { abort, done: Promise.all(work) };
  form.classList.add('running');
  place('send').disabled = true;
  place('stop').disabled = false;
  say(`${conversation.models.join(' and ')}: answering.`);
  conversation.updated = Date.now();
  keep();
  await running.done;
  follow();
  running = null;
  form.classList.remove('running');
  place('send').disabled = false;
  place('stop').disabled = true;
  keep();
  say(turn.answers.map(({ model, content, error }) => (error ? `${model} could not answer.` : `${model}: ${content}`)).join('\n'));
}

/** Keeps the end in sight while answers grow, for whoever has not scrolled away from it. */
function followEnd() {
  const root = document.documentElement;
  let atEnd = true;
  const scrolled = () => { atEnd = root.scrollHeight - root.scrollTop - root.clientHeight < 80; };
  const observer = new ResizeObserver(() => { if (atEnd) root.scrollTop = root.scrollHeight; });
  observer.observe(turns);
  window.addEventListener('scroll', scrolled, { passive: true });
  return () => {
    observer.disconnect();
    window.removeEventListener('scroll', scrolled);
  };
}

async function answerFrom(index, text) {
  await halt();
  current.turns.splice(index, Infinity, { user: text, answers: [] });
  [...turns.children].slice(index).forEach((old) => old.remove());
  await answer(index);
}

async function regenerate(index, at) {
  await halt();
  await answer(index, at);
}

async function send(event) {
  event?.preventDefault();
  const text = input.value;
  if (running === null && text.trim() !== '') {
    input.value = '';
    await answerFrom(current.turns.length, text);
  }
}

async function remove() {
  if (window.confirm(`Delete the conversation '${conversations.titleOf(current)}'? This browser is the only place that has it.`)) {
    await halt();
    conversations.forget(current.id);
    await show(conversations.all()[0] ?? conversations.begun([selects[0].value]));
  }
}

function open() {
  const model = new URLSearchParams(window.location.search).get('model');
  const kept = conversations.all();
  if (model !== null) {
    return conversations.begun([selects[0].value]);
  }
  return conversations.find(window.location.hash.slice(1)) ?? kept[0] ?? conversations.begun([selects[0].value]);
}

function wire() {
  form.addEventListener('submit', send);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      send(event);
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && running !== null) {
      halt();
    }
  });
  place('stop').addEventListener('click', halt);
  place('new').addEventListener('click', () => { readForm(); show({ ...conversations.begun(current.models), system: current.system, settings: current.settings }); });
  place('delete').addEventListener('click', remove);
  place('renaming').addEventListener('click', () => rename(true));
  place('rename').addEventListener('submit', (event) => {
    event.preventDefault();
    current.title = place('name').value.trim();
    keep();
    rename(false);
    place('renaming').focus();
  });
  place('name').addEventListener('keydown', (event) => { if (event.key === 'Escape') rename(false); });
  form.addEventListener('change', () => { readForm(); keep(); });
  window.addEventListener('pagehide', () => { if (running !== null) conversations.keep(current); });
  window.addEventListener('storage', ({ key }) => { if (conversations.isConversation(key)) showList(); });
}

if (form !== null) {
  wire();
  show(open());
}
