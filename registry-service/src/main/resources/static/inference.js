// Questions to the inference-service, which the registry passes on, and the streams that it answers with.

/** What somebody can do about a refusal that the service itself does not explain. */
const REMEDIES = {
  401: 'The session has ended. Load the page again to log in.',
  413: 'The conversation is too large to be sent. Begin a new one.',
  502: 'Something between this page and the services does not answer. Try again.',
  504: 'Something between this page and the services does not answer. Try again.',
};

async function refusal(response) {
  let answer = {};
  try {
    answer = await response.json();
  } catch {
    // not ours: the status has to do
  }
  const said = answer.error?.message ?? answer.detail;
  const remedy = REMEDIES[response.status];
  return [said ?? `The request was answered with status ${response.status}.`, answer.remedy ?? remedy]
    .filter((part) => part !== undefined && part !== null).join(' ');
}

/** @return the answer; rejects with what was wrong and what helps, in words */
export async function ask(path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Error('The registry does not answer. Start it (./shiftadd up), then try again.');
  }
  if (!response.ok) {
    throw new Error(await refusal(response));
  }
  return response;
}

/** Milliseconds within which the arrival of the last tokens says nothing of the time that they took to make. */
const MEASURABLE = 50;

/**
 * Tokens a second after the first ones; of a short answer that came at once, over the whole time.
 *
 * @param together tokens that came with the first one
 * @param first milliseconds until these
 * @param took milliseconds until the last token
 */
export function speed({ tokens, together, first }, took) {
  return tokens > together && took - first > MEASURABLE ? (1000 * (tokens - together)) / (took - first) : (1000 * tokens) / took;
}

/**
 * The data of a stream of server-sent events, one after the other, until it says that it is done. What came together has
 * the same time of arrival.
 */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error('The answer broke off before its end. Try again.');
    }
    const arrived = performance.now();
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    for (const part of parts) {
      const data = part.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).join('\n');
      if (data === '[DONE]') {
        return;
      }
      if (data !== '') {
        const event = JSON.parse(data);
        if (event.error) {
          throw new Error(event.error.message);
        }
        yield { ...event, arrived };
      }
    }
  }
}
