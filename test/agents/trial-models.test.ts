import { expect, test } from 'vitest';
import { chatModel, geminiModel, type TrialModel } from '../../src/agents/trial-models.ts';

const call = { id: 'call_1', tool: 'sh', input: { command: 'cat x' } };
const chat = (messages: readonly object[], tool = 'sh') => ({ tools: [{ type: 'function', function: { name: tool } }], messages });
const gemini = (contents: readonly object[], tool = 'sh') => ({ tools: [{ functionDeclarations: [{ name: tool }] }], contents });
const told = { functionResponse: { name: 'sh', response: { error: 'No.' } } };

test.each<[string, TrialModel, object, string | undefined]>([
  ['chat: nothing was said of the call', chatModel, chat([{ role: 'user', content: 'sh' }]), undefined],
  ['chat: what was said of another call', chatModel, chat([{ role: 'tool', tool_call_id: 'call_2', content: 'Yes.' }]), undefined],
  ['chat: what was said of the call', chatModel, chat([{ role: 'tool', tool_call_id: 'call_1', content: 'No.' }]), '"No."'],
  ['Gemini: nothing was said of the call', geminiModel, gemini([{ role: 'user', parts: [{ text: 'sh' }] }]), undefined],
  ['Gemini: what was said of the call', geminiModel, gemini([{ role: 'user', parts: [told] }]), '{"error":"No."}'],
])('a stand-in hears what the client told it. %s', (_, model, body, heard) => {
  expect(model.heard(JSON.stringify(body), call)).toBe(heard);
});

test.each<[string, TrialModel, object, boolean, boolean]>([
  ['chat: the tool is there', chatModel, chat([]), false, true],
  ['chat: it was called already', chatModel, chat([]), true, false],
  ['chat: a request for a title has no tools', chatModel, chat([], 'other'), false, false],
  ['Gemini: the tool is there', geminiModel, gemini([]), false, true],
  ['Gemini: it was called already', geminiModel, gemini([]), true, false],
  ['Gemini: a request without the tool', geminiModel, gemini([], 'other'), false, false],
])('a stand-in makes one call where it can. %s', (_, model, body, isOver, isCall) => {
  expect(model.answer(JSON.stringify(body), call, isOver, '/v1/m:streamGenerateContent').includes('cat x')).toBe(isCall);
});
