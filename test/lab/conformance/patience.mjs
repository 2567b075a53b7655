/** Loaded before the suite, which gives some answers half a second: on a busy machine that would say nothing about a server. */
const own = globalThis.setTimeout;

globalThis.setTimeout = (run, ms, ...args) => own(run, ms >= 500 && ms < 1_000 ? 20_000 : ms, ...args);
