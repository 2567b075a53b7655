// Stands in for @vscode/spdlog, which would have to be compiled. Without it extensions have no output channels.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
const words = { warn: 'warning' };

class Logger {
  #file;
  #level = 2;
  #format = true;

  constructor(_kind, _name, file) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
  }

  log(level, message) {
    if (levels.indexOf(level) < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.#file, this.#format ? `${time} [${words[level] ?? level}] ${message}\n` : message);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  setPattern() {
    this.#format = true;
  }

  clearFormatters() {
    this.#format = false;
  }

  flush() {}

  drop() {}
}

for (const level of levels) {
  Logger.prototype[level] = function (message) {
    this.log(level, message);
  };
}

exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
