// Buttons that change something go through the platform API, and say what it says when it refuses.

const problem = () => document.getElementById('problem');

export function show(text) {
  const box = problem();
  box.textContent = text;
  box.hidden = text === '';
}

function content(body) {
  if (body === undefined) {
    return {};
  }
  return body instanceof Blob
    ? { type: { 'Content-Type': 'text/plain' }, body }
    : { type: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/**
 * Sends a request to the API, its body as JSON, a file as text; resolves to its answer, or rejects with the detail of the
 * problem it answers with.
 */
export async function send(method, url, body, headers = {}) {
  const sent = content(body);
  const response = await fetch(url, { method, headers: { ...sent.type, ...headers }, body: sent.body });
  const text = await response.text();
  const answer = text === '' ? null : JSON.parse(text);
  if (!response.ok) {
    const failure = new Error(answer?.detail ?? `The registry answered with status ${response.status}.`);
    failure.errors = answer?.errors ?? [];
    throw failure;
  }
  return answer;
}

/** @param done what to do after a button's request was answered */
export function wire(done) {
  document.querySelectorAll('[data-action]').forEach((button) => {
    button.addEventListener('click', async () => {
      if (button.dataset.confirm && !window.confirm(button.dataset.confirm)) {
        return;
      }
      button.disabled = true;
      show('');
      try {
        await send(button.dataset.action === 'delete' ? 'DELETE' : 'POST', button.dataset.url);
        done(button);
      } catch (failure) {
        show(failure.message);
      } finally {
        button.disabled = false;
      }
    });
  });
}
