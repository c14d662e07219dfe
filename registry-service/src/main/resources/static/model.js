import { wire } from './actions.js';

wire((button) => window.location.assign(button.dataset.next));
