// Buttons that copy.

const SAID_FOR = 1500;

/**
 * Browsers keep the clipboard from pages that came over plain HTTP from elsewhere; these copy a selection, as one would
 * by hand.
 */
function copyBySelection(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param text a function that says what is copied, when it is */
export function copyButton(label, title, text) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = label;
  button.setAttribute('aria-label', title);
  button.addEventListener('click', async () => {
    button.textContent = (await copied(text())) ? 'Copied' : 'Not copied';
    button.focus();
    window.setTimeout(() => { button.textContent = label; }, SAID_FOR);
  });
  return button;
}
