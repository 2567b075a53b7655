import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';
import type { LabelFact, UsageFact } from '../../engine/spend/fact.ts';
import { countOf, fieldsOf, jsonOf, textOf, timeOf, type Fields } from './usage-fields.ts';
import { Glance } from './glance.ts';
import { responsesOf, type Marks } from './usage-response.ts';
import { totalOf } from './usage-total.ts';

const requestStart = '{"type":"api-request","';

/**
 * Claude Code's transcripts, as 1.0.31 to 2.1.329 write them. An answer of the model is written one block a line, each with a usage
 * that may not be its last; forks and resumed sessions copy lines of others; since 2.1.300 a line says which requests a file made
 * itself, and since 2.1.285 one at the end what the session cost with everything that is written nowhere.
 */
export const claudeUsage: UsageReader = {
  agent: 'claude-code',
  marks: ['"type":"assistant"'],
  starts: [requestStart, '{"type":"queue-operation"', '{"type":"cost-state"'],
  open: (file, state) => new Lines(file, marksOf(state)),
  aside: (file, text) => labelOf(file, fieldsOf(jsonOf(text))),
};

/** Of the lines that begin with their type. */
const firstOfType = 0x74;

/** Requests under way at the same time in one file are few. */
const keptRequests = 8;

class Lines implements UsageLines {
  readonly #file: UsageFile;
  readonly #glance: Glance;
  #marks: Marks;

  constructor(file: UsageFile, marks: Marks) {
    this.#file = file;
    this.#glance = new Glance();
    this.#marks = marks;
  }

  readonly glance = (bytes: Buffer, start: number, end: number): readonly UsageFact[] | undefined => {
    // A queue's, a request's, a session's sum.
    if (bytes[start + 2] === firstOfType) return undefined;
    const fields = this.#glance.read(bytes, start, end);
    if (fields === undefined) return undefined;
    return fields === 'repeated' ? [] : this.#read(fields);
  };

  readonly read = (line: string): readonly UsageFact[] => {
    if (line.startsWith(requestStart)) return this.#request(line);
    const fields = fieldsOf(jsonOf(withoutContent(line)));
    return fields === undefined ? [] : this.#read(fields);
  };

  readonly state = (): string => JSON.stringify(this.#marks);

  #read(fields: Fields): readonly UsageFact[] {
    const at = timeOf(fields['timestamp']);
    this.#passed(at);
    switch (textOf(fields['type'])) {
      case 'assistant':
      case 'progress':
        return this.#response(fields, at);
      case 'queue-operation':
        if (this.#marks.begun === 0) this.#marks = { ...this.#marks, begun: at };
        return [];
      case 'cost-state':
        return totalOf(fields, this.#file, this.#marks.time, this.#marks.begun);
      default:
        return [];
    }
  }

  /** The line of a request is long, and only its beginning matters: neither of the two has anything that would be escaped. */
  #request(line: string): readonly UsageFact[] {
    const id = textAfter(line, '"id":"');
    this.#passed(timeOf(textAfter(line, '"timestamp":"')));
    if (id !== '') this.#marks = { ...this.#marks, requests: [...this.#marks.requests, id].slice(-keptRequests) };
    return [];
  }

  #passed(at: number): void {
    if (at > this.#marks.time) this.#marks = { ...this.#marks, time: at };
  }

  #response(fields: Fields, at: number): readonly UsageFact[] {
    const { facts, chain } = responsesOf(fields, at, this.#file, this.#marks);
    if (chain !== this.#marks.chain) this.#marks = { ...this.#marks, chain };
    return facts;
  }
}

const longLine = 2_000;
const contentStart = '"content":[';
const contentEnd = '],"stop_reason":';

/**
 * What the model said is most of a line, and says nothing of its usage. The first `"content":[` is the message's own, and so is the
 * last `"stop_reason":` after it, whatever the text between says: within a text quotes are escaped.
 */
function withoutContent(line: string): string {
  if (line.length < longLine) return line;
  const start = line.indexOf(contentStart);
  const end = line.lastIndexOf(contentEnd);
  return start < 0 || end < start ? line : line.slice(0, start + contentStart.length) + line.slice(end);
}

function textAfter(line: string, mark: string): string {
  const at = line.indexOf(mark);
  return at < 0 ? '' : line.slice(at + mark.length, line.indexOf('"', at + mark.length));
}

/** What an earlier reader left. Anything else is as if the file began here: copies may be taken for originals, nothing is lost. */
function marksOf(state: string | undefined): Marks {
  const fields = state === undefined || state === '' ? {} : (fieldsOf(jsonOf(state)) ?? {});
  const { requests } = fields;
  const chain = fieldsOf(fields['chain']) ?? {};
  return {
    begun: countOf(fields['begun']),
    time: countOf(fields['time']),
    requests: Array.isArray(requests) ? requests.map(textOf) : [],
    chain: { uuid: textOf(chain['uuid']), key: textOf(chain['key']), usage: textOf(chain['usage']) },
  };
}

function labelOf(file: UsageFile, fields: Fields = {}): readonly LabelFact[] {
  const words = [textOf(fields['agentType']), textOf(fields['description'])].filter((word) => word !== '');
  if (words.length === 0 || file.subagent === '') return [];
  return [{ kind: 'label', session: file.session, subagent: file.subagent, label: words.join(': ').slice(0, 200) }];
}
