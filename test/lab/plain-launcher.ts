import { readFileSync } from 'node:fs';

/** The launcher's text as it is where there is no bash: each call starts the command hook, of which a test wants to see what its faults do. */
export function plainLauncher(launcher: string): string {
  const text = readFileSync(launcher, 'utf8');
  const plain = text.replace('\nask "$@" 2>/dev/null\n', '\n');
  if (plain === text && text.startsWith('#!/bin/bash')) throw new Error('The launcher asks in another way');
  return plain;
}
