import type { IncomingMessage } from 'node:http';
import { knownValues, type KnownValues } from '../../engine/guardrail/known-values.ts';
import { openHome } from '../../storage/home.ts';
import { personHere } from '../../storage/install/person-environment.ts';
import { challengeIn, loginCommand } from '../../storage/secrets/oauth-challenge.ts';
import { loginAt, loginName, type Login as KeptLogin } from '../../storage/secrets/oauth-tokens.ts';
import { SecretStore } from '../../storage/secrets/secret-store.ts';
import { checkAddress, exchange, type Exchange } from './http-exchange.ts';
import type { Judge } from './judge.ts';
import type { Speaker } from './speaker.ts';
import { withoutKnown } from './without-known.ts';

/** So long a token is used again without asking the keyring for it, which is a program of its own. */
const keptMs = 30_000;

/** What a person's login gives, as far as it is used here. */
type Given = Pick<KeptLogin, 'access' | 'resource' | 'scopes'>;

/** A person's login at a remote server: the server gets no token that is not on record. */
export class Login {
  readonly #address: string;
  readonly #judge: Pick<Judge, 'ask'>;
  readonly #speaker: Speaker;
  readonly #store = new SecretStore(openHome(), personHere());
  readonly #given = new Map<string, string>();
  #known: KnownValues | undefined;
  #asked: { readonly at: number; readonly given: Promise<Given | undefined> } | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(address: string, judge: Pick<Judge, 'ask'>, speaker: Speaker) {
    this.#address = address;
    this.#judge = judge;
    this.#speaker = speaker;
  }

  /**
   * Asks the server, with the login where the configuration has no authorization of its own. Where that is refused, once more with another token, if there
   * is one by now: a person may have logged in (again), and one that was withdrawn can be renewed. What was refused has not run.
   */
  readonly exchange = async (wanted: Exchange): Promise<IncomingMessage> => {
    if (wanted.headers['authorization'] !== undefined) return exchange(wanted);
    const first = await this.#token();
    const response = await exchange(authorized(wanted, first));
    const { statusCode } = response;
    // Nobody waits for a good-bye.
    if ((statusCode !== 401 && statusCode !== 403) || wanted.method === 'DELETE') return response;
    const other = await this.#another(statusCode, first).catch((error: unknown) => {
      response.destroy();
      throw error;
    });
    if (other === undefined || other.access === first?.access) return response;
    response.destroy();
    return exchange(authorized(wanted, other));
  };

  /** What a person can do where the server refuses with 401 or 403. `instead`: what else would help. */
  readonly refusal = async ({ statusCode, headers }: IncomingMessage, instead: string): Promise<string> => {
    const { error, scopes } = challengeIn(headers['www-authenticate']);
    const given = await this.#token().catch(() => undefined);
    const missing = scopes.filter((scope) => given?.scopes?.includes(scope) !== true);
    if (statusCode === 401 || error !== 'insufficient_scope' || given === undefined)
      return `it answers ${statusCode}: it wants a login (${loginCommand(this.#address)}), or ${instead}`;
    if (missing.length === 0) return `it answers 403, though the login has the scopes that it asks for: who runs it has to allow more`;
    return `it answers 403: the login does not reach so far. A person can widen it (${loginCommand(this.#address, missing)})`;
  };

  /** A line of the server's without the token that it was given. */
  readonly without = (line: Buffer): Buffer => (this.#known === undefined ? line : withoutKnown(line, this.#known));

  /** `undefined`: nobody has logged in there. */
  #token(): Promise<Given | undefined> {
    const asked = this.#asked;
    return asked === undefined || performance.now() - asked.at > keptMs ? this.#ask() : asked.given;
  }

  async #another(status: 401 | 403, refused: Given | undefined): Promise<Given | undefined> {
    // Several may have been refused at once.
    const now = await this.#token();
    if (now?.access !== refused?.access) return now;
    const mayRenew = status === 401 && performance.now() - this.#renewedAt > keptMs;
    if (mayRenew) this.#renewedAt = performance.now();
    return this.#ask(mayRenew ? refused?.access : undefined);
  }

  #ask(refused?: string): Promise<Given | undefined> {
    const given = this.#recorded(refused);
    const asked = { at: performance.now(), given };
    this.#asked = asked;
    // Asked again by the next request.
    given.catch(() => {
      if (this.#asked === asked) this.#asked = undefined;
    });
    return given;
  }

  async #recorded(refused: string | undefined): Promise<Given | undefined> {
    const login = await loginAt(this.#store, this.#address, refused);
    if (login === undefined) return undefined;
    const given = this.#given;
    if ([...given.values()].includes(login.access)) return login;
    const name = loginName(this.#address);
    await this.#judge.ask('mcpSecrets', { ...this.#speaker.from(), names: [name] });
    given.set(given.size === 0 ? name : `${name} (${given.size + 1})`, login.access);
    this.#known = knownValues(given);
    return login;
  }
}

/** Throws where a token must not be sent. */
function authorized(wanted: Exchange, given: Given | undefined): Exchange {
  if (given === undefined) return wanted;
  const headers = { ...wanted.headers, authorization: `Bearer ${given.access}` };
  checkAddress(wanted.url, headers);
  return { ...wanted, headers, resource: new URL(given.resource) };
}
