import type { ResponseFact } from './fact.ts';
import { hashOf } from './hash.ts';
import { bandOf, type Terms, type Tokens } from './usage.ts';

/** A response of the model, as far as the records read so far tell. */
export interface Response {
  readonly agent: string;
  readonly session: string;
  readonly subagent: string;
  /** An absolute folder; '' where the record does not say. */
  readonly workspace: string;
  readonly at: number;
  /** When the file began that the claim was read in. */
  readonly begun: number;
  readonly claim: number;
  /** A hash of the request's id; 0 where it is not known. */
  readonly request: number;
  readonly terms: Terms;
  /** The prompt's size that decided the band. */
  readonly prompt: number;
  readonly tokens: Tokens;
  readonly webSearches: number;
  readonly isFinal: boolean;
}

export function responseOf(agent: string, fact: ResponseFact, workspace: string, begun: number): Response {
  const { session, subagent, at, claim, model, speed, region, tokens, webSearches, isFinal } = fact;
  const prompt = fact.prompt ?? promptOf(tokens);
  const terms = { model, band: bandOf(prompt), speed, region };
  const request = fact.request === '' ? 0 : hashOf(fact.request);
  return { agent, session, subagent, workspace, at, begun, claim, request, terms, prompt, tokens, webSearches, isFinal };
}

/** Two records with one id that are of two responses: a gateway repeats its ids. */
export function isAnother(known: Response, next: Response): boolean {
  if (known.request === 0 || next.request === 0 || known.request === next.request) return false;
  return known.tokens.input !== next.tokens.input || known.tokens.cacheRead !== next.tokens.cacheRead || written(known) !== written(next);
}

/**
 * What two records of one response say together. Each number is at its largest, since records are written while it is still growing.
 * Again with the same gives `known` itself; the order in which records come does not matter.
 */
export function merged(known: Response, next: Response): Response {
  const owner = isStronger(next, known) ? next : known;
  const larger = sizeOf(next) > sizeOf(known) ? next : known;
  const both: Response = {
    agent: known.agent,
    session: owner.session,
    subagent: owner.subagent,
    workspace: owner.workspace === '' ? known.workspace || next.workspace : owner.workspace,
    at: owner.at,
    begun: owner.begun,
    claim: owner.claim,
    request: owner.request,
    terms: larger.terms,
    prompt: larger.prompt,
    tokens: largest(known, next, larger),
    webSearches: Math.max(known.webSearches, next.webSearches),
    isFinal: known.isFinal || next.isFinal,
  };
  return isSame(known, both) ? known : both;
}

export function promptOf({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens): number {
  return input + cacheRead + cacheWrite5m + cacheWrite1h;
}

function isStronger(next: Response, known: Response): boolean {
  if (next.claim !== known.claim) return next.claim > known.claim;
  if (next.at !== known.at) return next.at < known.at;
  return next.begun < known.begun;
}

function largest({ tokens: a }: Response, { tokens: b }: Response, { tokens: split }: Response): Tokens {
  const write = Math.max(a.cacheWrite5m + a.cacheWrite1h, b.cacheWrite5m + b.cacheWrite1h);
  const cacheWrite1h = Math.min(split.cacheWrite1h, write);
  return {
    input: Math.max(a.input, b.input),
    output: Math.max(a.output, b.output),
    cacheRead: Math.max(a.cacheRead, b.cacheRead),
    cacheWrite5m: write - cacheWrite1h,
    cacheWrite1h,
  };
}

function sizeOf({ tokens }: Response): number {
  return promptOf(tokens) + tokens.output;
}

function written({ tokens }: Response): number {
  return tokens.cacheWrite5m + tokens.cacheWrite1h;
}

function isSame(a: Response, b: Response): boolean {
  return (
    a.session === b.session &&
    a.subagent === b.subagent &&
    a.workspace === b.workspace &&
    a.at === b.at &&
    a.begun === b.begun &&
    a.claim === b.claim &&
    isSameTerms(a.terms, b.terms) &&
    a.webSearches === b.webSearches &&
    a.isFinal === b.isFinal &&
    a.tokens.input === b.tokens.input &&
    a.tokens.output === b.tokens.output &&
    a.tokens.cacheRead === b.tokens.cacheRead &&
    a.tokens.cacheWrite5m === b.tokens.cacheWrite5m &&
    a.tokens.cacheWrite1h === b.tokens.cacheWrite1h
  );
}

function isSameTerms(a: Terms, b: Terms): boolean {
  return a.model === b.model && a.band === b.band && a.speed === b.speed && a.region === b.region;
}
