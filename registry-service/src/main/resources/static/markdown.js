// What models write is Markdown, and nobody's to trust: it is read by marked, HTML in it is shown as text, and
// DOMPurify lets through what a text is made of. Code has a button that copies it.

import { Marked } from '/webjars/marked/lib/marked.esm.js';
import DOMPurify from '/webjars/dompurify/dist/purify.es.mjs';
import { copyButton } from './copy.js';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const TAGS = ['p', 'br', 'hr', 'em', 'strong', 'del', 'code', 'pre', 'blockquote', 'a', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5',
  'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'];
const RULES = { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ['href', 'title', 'class', 'start'], ALLOWED_URI_REGEXP: /^(https?|mailto):/i,
  RETURN_DOM_FRAGMENT: true };

function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]);
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escaped(text),
    // nothing is loaded from elsewhere, so that no model can tell anybody what is read here
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    // widths and alignments would be styles in the text, which the page's policy refuses
    tablecell(token) {
      const tag = token.header ? 'th' : 'td';
      return `<${tag}>${this.parser.parseInline(token.tokens)}</${tag}>`;
    },
  },
});

function framed(pre) {
  const code = pre.querySelector('code');
  const language = [...(code?.classList ?? [])].find((name) => name.startsWith('language-'))?.slice('language-'.length) ?? '';
  const frame = document.createElement('div');
  frame.className = 'code';
  const head = document.createElement('div');
  head.className = 'code-head';
  const name = document.createElement('span');
  name.textContent = language || 'code';
  head.append(name, copyButton('Copy', 'Copy this code', () => pre.textContent));
  pre.replaceWith(frame);
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', `Code${language ? `, ${language}` : ''}`);
  frame.append(head, pre);
}

/** The text as nodes of the page, safe whatever it says. */
export function rendered(text) {
  const nodes = DOMPurify.sanitize(marked.parse(text), RULES);
  nodes.querySelectorAll('pre').forEach(framed);
  nodes.querySelectorAll('table').forEach((table) => {
    const scroll = document.createElement('div');
    scroll.className = 'scroll';
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', 'Table');
    table.replaceWith(scroll);
    scroll.append(table);
  });
  nodes.querySelectorAll('a').forEach((link) => {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  });
  return nodes;
}
