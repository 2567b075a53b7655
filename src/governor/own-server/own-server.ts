import type { ToolCall } from '../../engine/tool-call.ts';
import type { StartAsked } from '../artifact/decide-start.ts';
import { messageOf } from '../fault.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';
import { sessionOf, type AskedCall, type Asker } from './asker.ts';
import { explainAsked, explainDecided } from './explain.ts';
import { explainStart } from './explain-start.ts';
import { NotTold } from './not-told.ts';
import { requestApproval } from './request.ts';
import { searchOwnLog, type OwnSearch } from './search.ts';
import { statusText } from './status.ts';

export interface OwnAnswer {
  readonly text: string;
  readonly failed: boolean;
}

/** What an agent may ask about itself. Nothing here decides on a call, and nothing loosens a policy. */
export class OwnServer {
  readonly #office: Office;

  constructor(office: Office) {
    this.#office = office;
  }

  /** What would become of the call. Nothing is recorded or counted. */
  explain(asker: Asker, asked: AskedCall): Promise<OwnAnswer> {
    return answered(() => {
      const session = sessionOf(this.#office, asker);
      return explainAsked(this.#office, makeCall(asker, session, asked), session);
    });
  }

  /** Whether a server may start, as it is configured. `call`: its start, as its gateway would tell of it. */
  explainStart(asker: Asker, call: ToolCall, wish: StartAsked): Promise<OwnAnswer> {
    return answered(() => {
      const session = sessionOf(this.#office, asker);
      const about = { ...call, agent: asker.agent, session: { id: session?.id ?? asker.claims }, cwd: asker.cwd };
      return explainStart(this.#office, about, wish, session);
    });
  }

  /** What became of a call of the session. */
  explainDecided(asker: Asker, about: string): Promise<OwnAnswer> {
    return this.#ofSession(asker, (session) => explainDecided(this.#office, session, about, (asked) => makeCall(asker, session, asked)));
  }

  status(asker: Asker): Promise<OwnAnswer> {
    return answered(() => statusText(this.#office, asker.cwd, sessionOf(this.#office, asker)));
  }

  request(asker: Asker, asked: AskedCall, reason: string): Promise<OwnAnswer> {
    return this.#ofSession(asker, (session) => requestApproval(this.#office, makeCall(asker, session, asked), session, reason));
  }

  search(asker: Asker, wanted: OwnSearch): Promise<OwnAnswer> {
    return this.#ofSession(asker, (session) => searchOwnLog(this.#office, session, wanted));
  }

  #ofSession(asker: Asker, tell: (session: SessionRecord) => string | Promise<string>): Promise<OwnAnswer> {
    return answered(() => {
      const session = sessionOf(this.#office, asker);
      if (session === undefined) throw new NotTold(unknownSession);
      return tell(session);
    });
  }
}

const unknownSession =
  'Countersign cannot tell which session this is: no call of it was judged yet, or its client does not say. Only "explain" with a call, and "status", work here.';

/** As the session would make it now. */
function makeCall({ agent, claims, cwd, make }: Asker, session: SessionRecord | undefined, asked: AskedCall): ToolCall {
  const call = make({ agent, session: session?.id ?? claims, cwd: session?.cwd ?? cwd, ...asked });
  return session === undefined ? call : { ...call, session: { ...call.session, mode: session.mode, interactive: session.interactive } };
}

async function answered(tell: () => string | Promise<string>): Promise<OwnAnswer> {
  try {
    return { text: await tell(), failed: false };
  } catch (error) {
    return { text: messageOf(error), failed: true };
  }
}
