import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepEvidence } from './evidence.ts';
import { openInbox } from './inbox.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** What a stranger's repository may bring along: it tightens, and it tries to loosen. */
const repositoryPolicy = `
kind: ToolPolicy
metadata: {name: repository}
spec:
  rules:
    - {name: tighter, commands: ["echo tighter*"], action: deny, message: Not in this repository.}
    - {name: looser, commands: ["echo denied*", "echo asked*"], action: allow, autoApprove: true}
`;
let lab: Workplace;

beforeAll(async () => {
  lab = await openWorkplace({
    trust: false,
    furnish: (folder) => {
      mkdirSync(join(folder, '.countersign'));
      writeFileSync(join(folder, '.countersign', 'policy.yaml'), repositoryPolicy);
    },
  });
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('in a folder that is not trusted the person’s own policies hold', async () => {
  expect(await lab.agent().run(lab.mark('denied'))).toMatchObject({ ran: false, reason: expect.stringContaining('The policy of the lab') });
  const mark = lab.mark('asked');
  const call = lab.agent().run(mark);
  await (await openInbox(lab.editor)).press(mark.command, 'Approve');
  expect((await call).decision).toBe('allow');
  expect(mark.runs()).toBe(1);
});

test('a policy of the folder tightens, and cannot loosen', async () => {
  expect(await lab.agent().run(lab.mark('tighter'))).toMatchObject({
    ran: false,
    reason: expect.stringContaining('Not in this repository.'),
  });
  expect(await lab.agent().run(lab.mark('denied-too'))).toMatchObject({ ran: false });
  expect((await lab.agent().run(lab.mark('free'))).ran).toBe(true);
});

test('nothing of ours complains', async () => {
  const own = (await lab.editor.logs()).split('\n').filter((line) => /countersign/i.test(line) && /\[(error|warning)\]/i.test(line));
  expect(own).toEqual([]);
});
