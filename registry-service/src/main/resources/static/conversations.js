// Conversations as this browser keeps them, each under a key of its own in its local storage; no service stores them.

const PREFIX = 'conversation ';
const TITLE_LENGTH = 60;

/**
 * A conversation has its models (one or two), a system prompt, settings that are sent as they are, and turns: what was
 * said, and an answer of each model by its place.
 */
export function begun(models) {
  return { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, title: '', created: Date.now(), updated: Date.now(), models, system: '', settings: {}, turns: [] };
}

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return Array.isArray(found?.turns) && Array.isArray(found.models) ? found : null;
  } catch {
    return null;
  }
}

/** The newest first. What another program wrote under such a key is left alone. */
export function all() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map(read).filter((found) => found !== null)
    .sort((a, b) => b.updated - a.updated);
}

export function find(id) {
  return read(PREFIX + id);
}

/** @return null, or why it could not be kept */
export function keep(conversation) {
  if (conversation.turns.length === 0 && conversation.title === '') {
    return null;
  }
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    return null;
  } catch {
    return 'This browser has no room for more conversations, so this one is not kept. Delete some that you no longer need.';
  }
}

export function forget(id) {
  localStorage.removeItem(PREFIX + id);
}

/** A change in another tab. */
export function isConversation(key) {
  return key === null || key.startsWith(PREFIX);
}

export function titleOf(conversation) {
  const first = conversation.title || conversation.turns[0]?.user || 'New conversation';
  const line = first.trim().split('\n')[0];
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH).trimEnd()}…` : line;
}

/**
 * What the model at a place is sent: of turns before the last those that it answered. One that joined later reads
 * what the first model said.
 */
export function messages(conversation, place, end) {
  const said = conversation.system.trim() === '' ? [] : [{ role: 'system', content: conversation.system }];
  conversation.turns.slice(0, end).forEach((turn, index) => {
    const answer = turn.answers[place]?.content ? turn.answers[place] : turn.answers[0];
    if (index === end - 1) {
      said.push({ role: 'user', content: turn.user });
    } else if (answer?.content) {
      said.push({ role: 'user', content: turn.user }, message(answer));
    }
  });
  return said;
}

function message({ content, reasoning }) {
  return reasoning ? { role: 'assistant', content, reasoning_content: reasoning } : { role: 'assistant', content };
}
