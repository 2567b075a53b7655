import { conditionEnvironment } from '../environment.ts';

/** What conditions can speak of, to look at: nothing is evaluated with it. */
export const declared = conditionEnvironment({
  matches: () => false,
  inside: () => false,
  glob: () => false,
  command: () => false,
  place: () => '',
  hasSecret: () => false,
  hasPii: () => false,
  digest: () => '',
});
