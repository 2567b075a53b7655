import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startEditor } from './editor.ts';

// Started by electron-shim.mjs with the arguments of a desktop VS Code; exits with the code of the tests.
const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
  },
});
// The workbench says these among the lines of the tests.
const chatter = /^(Ignoring fetching additional|Resolv\w+ connection|Creating a socket|\[(reconnection|Service W|AgentH|AccountP))/;
const done = Promise.withResolvers<number>();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => done.resolve(1));
process.exitCode = await runTests();

async function runTests(): Promise<number> {
  await using _editor = await startEditor({
    folders: positionals,
    // A built workbench obeys the payload and reports the outcome only with this switch.
    serverOptions: ['enable-smoke-test-driver'],
    env: environmentOfTests(),
    beforeOpen: listen,
    query: (url) => ({ payload: JSON.stringify(payload(url.host)) }),
  });
  return await done.promise;
}

function payload(host: string): readonly (readonly [string, string])[] {
  const remote = (path: unknown): string => `vscode-remote://${host}${String(path)}`;
  const developed = [values.extensionDevelopmentPath ?? []].flat();
  return [
    ...developed.map((path) => ['extensionDevelopmentPath', remote(path)] as const),
    ['extensionTestsPath', remote(values.extensionTestsPath)],
    ['skipWelcome', 'true'],
  ];
}

// The workbench calls these two when it is being tested; it would find them in Electron, too.
async function listen(page: Page): Promise<void> {
  let running = true;
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    if (running && !(type === 'info' && chatter.test(String(args[0])))) print(type, args);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    // What it still says is about its own end.
    running = false;
    done.resolve(code);
  });
  page.on('close', () => done.resolve(1));
  page.on('crash', () => done.resolve(1));
}

function print(type: string, args: readonly unknown[]): void {
  if (type === 'error' || type === 'warn') console.error(...args);
  else console.log(...args);
}

function environmentOfTests(): Record<string, string> {
  const wanted = /^(VSCODE_TEST_|COUNTERSIGN_|NODE_V8_COVERAGE$)/;
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (wanted.test(name) && value ? [[name, value]] : [])));
}
