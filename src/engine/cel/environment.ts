import { Environment } from '@marcbachmann/cel-js';
import { viewTypes } from './request-view.ts';

/** What the functions that a condition may call do. */
export interface ConditionFunctions {
  /** Stands for `matches`, which the library would run on the engine of the host. */
  readonly matches: (text: string, pattern: string) => boolean;
  readonly inside: (path: string, dir: string) => boolean;
  readonly glob: (path: string, pattern: string) => boolean;
  readonly command: (pattern: string) => boolean;
  readonly place: (path: string) => string;
  readonly hasSecret: (text: string) => boolean;
  readonly hasPii: (text: string) => boolean;
  readonly digest: (text: string) => string;
}

/** What conditions can speak of. */
export function conditionEnvironment(functions: ConditionFunctions): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 2_000, maxDepth: 50, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 },
  });
  for (const { name, ctor, fields } of viewTypes) environment.registerType(name, { ctor, fields });
  environment.registerVariable('request', 'Request', { description: 'The tool call that is being decided.' });
  environment.registerFunction('string.__matches(string): bool', functions.matches);
  environment.registerFunction('inside(string, string): bool', functions.inside);
  environment.registerFunction('glob(string, string): bool', functions.glob);
  environment.registerFunction('command(string): bool', functions.command);
  environment.registerFunction('place(string): string', functions.place);
  environment.registerFunction('hasSecret(string): bool', functions.hasSecret);
  environment.registerFunction('hasPii(string): bool', functions.hasPii);
  environment.registerFunction('digest(string): string', functions.digest);
  return environment;
}
