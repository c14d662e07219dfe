// Registers a model, from a directory at once, from the hub by a download that the page shows.

import { send, show } from './actions.js';

const form = document.getElementById('register');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ''));
  const button = form.querySelector('button');
  button.disabled = true;
  show('');
  try {
    const made = await send('POST', '/api/v1/models', body);
    if (body.repository) {
      window.htmx.trigger('#imports', 'begun');
    } else {
      window.location.assign(`/models/${made.name}`);
    }
  } catch (failure) {
    show(failure.message);
  } finally {
    button.disabled = false;
  }
});
