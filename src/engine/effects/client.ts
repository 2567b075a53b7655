import type { Invocation } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import type { NamedHost } from './host-names.ts';

/** How a program names the hosts that it contacts. */
export interface Client {
  readonly valued: ReadonlySet<string>;
  readonly oneDash?: boolean;
  readonly hosts: (args: Arguments, invocation: Invocation) => readonly NamedHost[];
}
