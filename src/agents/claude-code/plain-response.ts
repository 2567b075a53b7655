import { member, PlainJson } from './plain-json.ts';
import type { Fields } from './usage-fields.ts';

/** Reads what a response's line says, where it is written as plainly as nearly all are. */
export class PlainResponse {
  readonly #short = member('ephemeral_5m_input_tokens');
  readonly #long = member('ephemeral_1h_input_tokens');
  readonly #searches = member('web_search_requests');
  readonly #split = member('cache_creation', [this.#long, this.#short]);
  readonly #tools = member('server_tool_use', [this.#searches]);
  readonly #input = member('input_tokens');
  readonly #output = member('output_tokens');
  readonly #read = member('cache_read_input_tokens');
  readonly #written = member('cache_creation_input_tokens');
  readonly #speed = member('speed');
  readonly #region = member('inference_geo');
  readonly #passes = member('iterations');
  readonly #usage = member('usage', [
    this.#input,
    this.#written,
    this.#read,
    this.#output,
    this.#tools,
    this.#split,
    this.#region,
    this.#passes,
    this.#speed,
  ]);
  readonly #id = member('id');
  readonly #model = member('model');
  readonly #stopReason = member('stop_reason');
  readonly #message = member('message', [this.#model, this.#id, this.#stopReason, this.#usage]);
  readonly #type = member('type');
  readonly #timestamp = member('timestamp');
  readonly #session = member('sessionId');
  readonly #origin = member('requestSessionId');
  readonly #requestId = member('requestId');
  readonly #requestRef = member('requestRef');
  readonly #isSidechain = member('isSidechain');
  readonly #subagent = member('agentId');
  readonly #cwd = member('cwd');
  readonly #uuid = member('uuid');
  readonly #parent = member('parentUuid');
  readonly #json = new PlainJson([
    this.#parent,
    this.#isSidechain,
    this.#subagent,
    this.#message,
    this.#requestId,
    this.#requestRef,
    this.#type,
    this.#uuid,
    this.#timestamp,
    this.#cwd,
    this.#session,
    this.#origin,
  ]);

  /** The fields that matter, as a JSON parser reads them; `undefined`: ask one. */
  read(line: string): Fields | undefined {
    if (!this.#json.read(line) || this.#message.value !== true || this.#usage.value !== true) return undefined;
    if (this.#passes.value !== undefined && !Array.isArray(this.#passes.value)) return undefined;
    return {
      type: this.#type.value,
      timestamp: this.#timestamp.value,
      sessionId: this.#session.value,
      requestSessionId: this.#origin.value,
      requestId: this.#requestId.value,
      requestRef: this.#requestRef.value,
      isSidechain: this.#isSidechain.value,
      agentId: this.#subagent.value,
      cwd: this.#cwd.value,
      uuid: this.#uuid.value,
      parentUuid: this.#parent.value,
      message: { id: this.#id.value, model: this.#model.value, stop_reason: this.#stopReason.value, usage: this.#usageFields() },
    };
  }

  #usageFields(): Fields {
    return {
      input_tokens: this.#input.value,
      output_tokens: this.#output.value,
      cache_read_input_tokens: this.#read.value,
      cache_creation_input_tokens: this.#written.value,
      cache_creation: { ephemeral_1h_input_tokens: this.#long.value, ephemeral_5m_input_tokens: this.#short.value },
      server_tool_use: { web_search_requests: this.#searches.value },
      inference_geo: this.#region.value,
      speed: this.#speed.value,
    };
  }
}
