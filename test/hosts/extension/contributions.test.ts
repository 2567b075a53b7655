import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  commands,
  container,
  contexts,
  mcpItems,
  mcpProvider,
  policyItems,
  sessionItems,
  settings,
  views,
  walkthrough,
} from '../../../src/hosts/extension/contributions.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;
/** The editor’s own. */
const editorCommands = ['workbench.view.testing.focus', 'workbench.view.scm'];
const sorted = (names: Iterable<string>): readonly string[] => [...names].sort();

test('package.json and the code know the same commands', () => {
  expect(sorted(contributes.commands.map(({ command }: { command: string }) => command))).toEqual(sorted(Object.values(commands)));
});

test('every command has its file, which registers it', () => {
  const folder = join(root, 'src/hosts/extension/commands');
  const registered = globSync('*.ts', { cwd: folder }).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/registerCommand\(commands\.(\w+)/g)].map(([, name]) => name),
  );
  expect(sorted(registered.filter((name) => name !== undefined))).toEqual(sorted(Object.keys(commands)));
});

test('package.json and the code know the same views', () => {
  expect(Object.keys(contributes.views)).toEqual([container]);
  expect(contributes.viewsContainers.activitybar.map(({ id }: { id: string }) => id)).toEqual([container]);
  expect(sorted(contributes.views[container].map(({ id }: { id: string }) => id))).toEqual(sorted(Object.values(views)));
});

test('package.json and the code know the same settings', () => {
  const properties = contributes.configuration.flatMap((group: { properties: object }) => Object.keys(group.properties));
  expect(sorted(properties)).toEqual(sorted(Object.values(settings).map((name) => `countersign.${name}`)));
});

test('the server that the chat is offered is one that package.json knows, and nobody’s settings but the machine’s offer it', () => {
  expect(contributes.mcpServerDefinitionProviders).toEqual([{ id: mcpProvider, label: 'Countersign' }]);
  expect(contributes.configuration[0].properties['countersign.offerMcpServer']).toMatchObject({ default: false, scope: 'machine' });
});

test('the state folder cannot be moved by a folder’s settings', () => {
  expect(contributes.configuration[0].properties['countersign.home'].scope).toBe('machine');
});

test('menus and welcome texts speak of commands, views and items that exist', () => {
  const text = JSON.stringify([contributes.menus, contributes.viewsWelcome, contributes.commands]);
  const known = new Set<string>([...Object.values(commands), ...Object.values(views), ...Object.values(contexts)]);
  expect([...text.matchAll(/countersign\.\w+/g)].map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  const items = [...text.matchAll(/viewItem == ([\w.]+)/g)].map(([, item]) => item);
  expect(
    items.filter((item) => !Object.values<string | undefined>({ ...sessionItems, ...policyItems, ...mcpItems }).includes(item)),
  ).toEqual([]);
});

test('the walkthrough’s steps name commands, contexts and pictures that exist', () => {
  const [{ id, steps }] = contributes.walkthroughs;
  expect(id).toBe(walkthrough);
  const known = new Set<string>([...Object.values(commands), ...Object.values(contexts), ...editorCommands]);
  const text = JSON.stringify(steps);
  const named = [...text.matchAll(/(?:command:|onCommand:|onContext:)([\w.]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  for (const { media, completionEvents } of steps) {
    expect(existsSync(join(root, media.svg))).toBe(true);
    expect(completionEvents.length).toBeGreaterThan(0);
    const picture = readFileSync(join(root, media.svg), 'utf8');
    // Colours of its own would be lost in another theme, and the page takes no styles but attributes.
    expect(picture.replaceAll(/"(none|var\(--vscode-[\w-]+\))"/g, '')).not.toMatch(/(fill|stroke)="|style/);
  }
});

test('the pictures are there, and the icon is one the marketplace takes', () => {
  for (const file of [manifest.icon, contributes.viewsContainers.activitybar[0].icon]) expect(existsSync(join(root, file))).toBe(true);
  const png = readFileSync(join(root, manifest.icon));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(128);
  expect(png.length).toBeLessThan(20_000);
});
