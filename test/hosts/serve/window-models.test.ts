import { expect, test } from 'vitest';
import type { Push, ReviewTask } from '../../../src/channel/messages.ts';
import type { Peer } from '../../../src/channel/operations.ts';
import { WindowModels } from '../../../src/hosts/serve/window-models.ts';

const question = { id: 'k7', question: 'Is it?', text: 'hello' };

/** A client; what it was asked. */
function client(window: Peer['window']) {
  const asked: ReviewTask[] = [];
  const line = new AbortController();
  const push = (one: Push): void => void (one.push === 'review' && asked.push(one.task));
  const peer: Peer = { client: window === undefined ? 'cli' : 'window', pid: 1, version: '1', window, closed: line.signal, push };
  return { peer, asked, close: () => line.abort() };
}
const window = (focused = false) => client({ folders: [], focused });

function models(...clients: readonly { readonly peer: Peer }[]) {
  const all = new WindowModels();
  all.use(() => clients.map(({ peer }) => peer));
  const late = new AbortController();
  return { all, late, ask: all.asker({ vendor: 'v' }) };
}

test('the window that a person uses is asked, and its answer counts', async () => {
  const [first, second, third] = [window(), window(true), window()];
  const { all, ask, late } = models(first, second, third);
  const reply = ask(question, late.signal);
  expect([first.asked, third.asked]).toEqual([[], []]);
  const [task] = second.asked;
  expect(task).toMatchObject({
    model: { vendor: 'v' },
    instructions: expect.stringContaining('Question: Is it?'),
    text: 'BEGIN k7\nhello\nEND k7',
  });
  all.answered({ id: task?.id ?? '', text: 'from another' }, first.peer);
  all.answered({ id: 'another', text: 'to another' }, second.peer);
  all.answered({ id: task?.id ?? '', text: 'yes' }, second.peer);
  expect(await reply).toEqual({ text: 'yes' });
});

test.each<[string, Parameters<WindowModels['answered']>[0], RegExp]>([
  ['it has no such model', { id: '', problem: 'no-model' }, /no such language model/],
  ['nobody allowed it', { id: '', problem: 'no-consent' }, /never allowed .* "Countersign: Review by a Language Model…"/],
  ['the model fails', { id: '', problem: 'failed' }, /could not answer/],
  ['it says nothing', { id: '' }, /could not answer/],
])('a window without an answer: %s', async (_, answer, why) => {
  const one = window();
  const { all, ask, late } = models(one);
  const reply = ask(question, late.signal);
  all.answered({ ...answer, id: one.asked[0]?.id ?? '' }, one.peer);
  await expect(reply).rejects.toThrow(why);
});

test('without a window nobody is asked', async () => {
  const { ask, late } = models(client(undefined));
  await expect(ask(question, late.signal)).rejects.toThrow('no window of VS Code is open');
});

test('a window that goes away, and a time that is over, are no answers', async () => {
  const one = window();
  const { ask, late } = models(one);
  const [gone, slow] = [ask(question, new AbortController().signal), ask(question, late.signal)];
  late.abort();
  await expect(slow).rejects.toThrow('took too long');
  one.close();
  await expect(gone).rejects.toThrow('has gone');
});
