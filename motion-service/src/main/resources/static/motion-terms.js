// The terms of the reward as stacked bars over time.

const COLUMNS = 100;
const EVERY = 5;
const COLOURS = ['#2450b8', '#d9822b', '#2f9e6b', '#b3261e', '#7b4fc9', '#c2a000', '#1c8fa8', '#c94f8f', '#6b7a3a', '#8a5a3c', '#4f6bd9', '#777f8f', '#3aa0d9'];

export class TermChart {
  constructor(canvas, legend) {
    this.canvas = canvas;
    this.legend = legend;
    this.columns = [];
    this.names = [];
    this.frames = 0;
  }

  /** Takes one frame of five: five bars a second. */
  add(terms) {
    if (this.frames++ % EVERY !== 0) {
      return;
    }
    this.columns.push(terms);
    this.columns.splice(0, Math.max(0, this.columns.length - COLUMNS));
    for (const name of Object.keys(terms)) {
      if (!this.names.includes(name)) {
        this.names.push(name);
        this.addToLegend(name);
      }
    }
    this.draw(terms);
  }

  /** Begins anew: another robot has other terms. */
  clear() {
    this.columns = [];
    this.names = [];
    this.legend.replaceChildren();
  }

  addToLegend(name) {
    const item = document.createElement('li');
    const mark = document.createElement('i');
    mark.style.background = this.colour(name);
    const value = document.createElement('span');
    value.dataset.term = name;
    item.append(mark, `${name.replaceAll('_', ' ')} `, value);
    this.legend.append(item);
  }

  colour(name) {
    return COLOURS[this.names.indexOf(name) % COLOURS.length];
  }

  draw(terms) {
    const scale = window.devicePixelRatio || 1;
    const width = this.canvas.clientWidth * scale;
    const height = this.canvas.clientHeight * scale;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const context = this.canvas.getContext('2d');
    context.clearRect(0, 0, width, height);
    const sums = this.columns.map((column) => Object.values(column).reduce((sum, value) => sum + value, 0));
    const most = Math.max(0.05, ...sums);
    const step = width / COLUMNS;
    this.columns.forEach((column, index) => {
      let top = height;
      for (const name of this.names) {
        const size = (column[name] ?? 0) / most * height;
        context.fillStyle = this.colour(name);
        context.fillRect((COLUMNS - this.columns.length + index) * step, top - size, step * 0.9, size);
        top -= size;
      }
    });
    for (const value of this.legend.querySelectorAll('[data-term]')) {
      value.textContent = (terms[value.dataset.term] ?? 0).toFixed(3);
    }
  }
}
