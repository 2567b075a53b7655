import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { Method, Methods, SearchState } from '../../../src/channel/messages.ts';
import type { Connection } from '../../../src/hosts/extension/connection.ts';
import { exportFormatOf } from '../../../src/hosts/extension/export-format.ts';
import { LogQuestions } from '../../../src/hosts/extension/log-questions.ts';
import type { ToActivityEditor } from '../../../src/webview/activity-editor/messages.ts';
import { FakeLog } from '../../webview/activity-editor/fake-log.ts';

/** The governor's end of the line, in memory: a log whose searches are opened, read and closed by name. */
class Governor {
  readonly log = new FakeLog(100);
  readonly open = new Set<string>();
  readonly events: Connection['events'] = new EventEmitter();

  readonly call = async <M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> =>
    JSON.parse(JSON.stringify(this.#answer(method, params)));

  state(id: string): SearchState {
    return { ...this.log.state, id };
  }

  #answer(method: Method, params: unknown): unknown {
    const asked = JSON.parse(JSON.stringify(params));
    if (method === 'search') {
      this.open.add(asked.id);
      return this.state(asked.id);
    }
    if (!this.open.has(asked.id)) throw new Error(`there is no search "${asked.id}"`);
    if (method === 'closeSearch') return this.open.delete(asked.id);
    if (method === 'rows') return this.log.rows({ from: asked.from, end: asked.from + asked.limit });
    return { entries: 100 };
  }
}

function page() {
  const governor = new Governor();
  const heard: ToActivityEditor[] = [];
  const questions = new LogQuestions(governor, 'activity', (message) => heard.push(message));
  return { governor, heard, questions };
}

test('a page gets the first rows with the answer to its search, and others by their place', async () => {
  const { heard, questions } = page();
  await questions.ask({ type: 'search', search: 1, wanted: {} });
  await questions.ask({ type: 'rows', search: 1, from: 98, limit: 2 });
  const said = heard.map((message) => (message.type === 'rows' ? [message.from, message.rows.length, message.rows[0]?.seq] : message.type));
  expect(said).toEqual([[0, 100, 100], 'found', [98, 2, 2]]);
});

test('the next search ends the one before, and closing ends the last', async () => {
  const { governor, questions } = page();
  await questions.ask({ type: 'search', search: 1, wanted: {} });
  await questions.ask({ type: 'search', search: 2, wanted: { text: 'x' } });
  expect([...governor.open]).toEqual(['activity-2']);
  questions.close();
  expect([...governor.open]).toEqual([]);
});

test('what is heard of an earlier search is not passed on', async () => {
  const { governor, heard, questions } = page();
  await questions.ask({ type: 'search', search: 1, wanted: {} });
  await questions.ask({ type: 'search', search: 2, wanted: {} });
  heard.length = 0;
  governor.events.emit('search', governor.state('activity-1'));
  governor.events.emit('search', governor.state('activity-2'));
  await questions.ask({ type: 'rows', search: 1, from: 0, limit: 2 });
  expect(heard).toEqual([{ type: 'found', search: 2, state: governor.state('activity-2') }]);
});

test('what comes to nothing is said, with its reason', async () => {
  const { governor, heard, questions } = page();
  await questions.ask({ type: 'search', search: 1, wanted: {} });
  governor.open.clear();
  await questions.ask({ type: 'rows', search: 1, from: 0, limit: 2 });
  expect(heard.at(-1)).toEqual({ type: 'failed', what: 'rows', search: 1, message: 'there is no search "activity-1"' });
});

test('only what a page has searched for can be exported', async () => {
  const { questions } = page();
  const file = { format: 'csv', file: '/tmp/x.csv' } as const;
  await expect(questions.export(file)).rejects.toThrow('nothing has been searched');
  await questions.ask({ type: 'search', search: 1, wanted: {} });
  expect(await questions.export(file)).toBe(100);
});

test.each([
  ['a.jsonl', 'jsonl'],
  ['A.CSV', 'csv'],
  ['a.ocsf.jsonl', 'ocsf'],
  ['a.otlp.jsonl', 'otlp'],
  ['a.txt', undefined],
])('%s is written as %s', (file, format) => {
  expect(exportFormatOf(file)).toBe(format);
});
