// One answer of one model: what it thinks, what it says, how fast.

import { copyButton } from './copy.js';
import { ask, events, speed } from './inference.js';
import { rendered } from './markdown.js';

function part(name, className, text = '') {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** How an answer went, in words; nothing of one that never began. */
export function figures({ first, tokens, counted, speed, finish }) {
  if (first === undefined) {
    return '';
  }
  const parts = [counted ? `${tokens} tokens` : `about ${tokens} tokens`];
  if (speed !== undefined) {
    parts.push(`${speed.toFixed(speed < 100 ? 1 : 0)} tokens/s`);
  }
  parts.push(`first after ${first.toFixed(0)} ms`);
  if (finish === 'length') {
    parts.push('cut by the limit of tokens');
  } else if (finish === 'stopped') {
    parts.push('stopped');
  }
  return parts.join(' · ');
}

export class AnswerView {
  /** @param again what its button does; null where it cannot be answered anew */
  constructor(answer, again) {
    this.answer = answer;
    this.element = part('article', 'message assistant');
    this.element.setAttribute('aria-label', `Answer of ${answer.model}`);
    this.head = part('h2', 'who', answer.model);
    this.thoughts = part('details', 'thoughts');
    this.thoughts.append(part('summary', '', 'Thoughts'), part('div', 'thought'));
    this.body = part('div', 'body');
    this.problem = part('p', 'problem');
    this.problem.setAttribute('role', 'alert');
    this.figures = part('span', 'dim figures-line');
    this.foot = part('div', 'foot-line');
    this.foot.append(copyButton('Copy', `Copy the answer of ${answer.model}`, () => answer.content), this.figures);
    if (again !== null) {
      const button = part('button', 'quiet', 'Regenerate');
      button.type = 'button';
      button.setAttribute('aria-label', `Regenerate the answer of ${answer.model}`);
      button.addEventListener('click', again);
      this.foot.prepend(button);
    }
    this.element.append(this.head, this.thoughts, this.body, this.problem, this.foot);
    this.draw(false);
  }

  draw(running) {
    const { answer } = this;
    this.element.setAttribute('aria-busy', String(running));
    this.thoughts.hidden = !answer.reasoning;
    this.thoughts.lastChild.textContent = answer.reasoning;
    this.body.replaceChildren(rendered(answer.content));
    if (running && answer.content === '') {
      this.body.append(part('p', 'dim', answer.reasoning ? 'thinking …' : '…'));
    }
    this.problem.textContent = answer.error ?? '';
    this.problem.hidden = !answer.error;
    this.figures.textContent = running ? '' : figures(answer);
    this.foot.hidden = running;
  }

  /** Draws what has come at the next frame, however many tokens come until then. */
  later() {
    if (this.frame === undefined) {
      this.frame = requestAnimationFrame(() => {
        this.frame = undefined;
        this.draw(this.running);
      });
    }
  }

  add(event, started) {
    const { answer } = this;
    event.choices?.forEach(({ delta, finish_reason: finish }) => {
      const thought = delta?.reasoning_content ?? '';
      const text = delta?.content ?? '';
      if (thought !== '' || text !== '') {
        answer.last = event.arrived;
        answer.first ??= answer.last - started;
        answer.together += answer.last - started === answer.first ? 1 : 0;
        answer.reasoning += thought;
        answer.content += text;
        answer.tokens += 1;
        this.later();
      }
      answer.finish = finish ?? answer.finish;
    });
    if (event.usage) {
      answer.tokens = event.usage.completion_tokens;
      answer.counted = true;
    }
  }

  /** Asks, and shows the answer as it comes; never rejects: what went wrong is part of the answer. */
  async run(body, signal) {
    const { answer } = this;
    const started = performance.now();
    this.running = true;
    this.draw(true);
    try {
      const response = await ask('/chat/completions', { ...body, stream: true, stream_options: { include_usage: true } }, signal);
      for await (const event of events(response)) {
        this.add(event, started);
      }
    } catch (failure) {
      if (failure.name === 'AbortError') {
        answer.finish = 'stopped';
      } else {
        answer.error = failure.message;
      }
    }
    if (answer.first !== undefined) {
      answer.speed = speed(answer, answer.last - started);
    }
    delete answer.last;
    this.running = false;
    this.draw(false);
  }
}

export function unanswered(model) {
  return { model, content: '', reasoning: '', tokens: 0, together: 0, counted: false };
}
