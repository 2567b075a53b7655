import { describe, expect, test } from 'vitest';
import { reaches } from '../../src/agents/reaches.ts';
import { agents } from '../../src/agents/registry.ts';
import { claudeSubject } from './claude-code/subject.ts';
import { clineSubject } from './cline/subject.ts';
import { codexSubject } from './codex/subject.ts';
import { describeAgent } from './contract.ts';
import { copilotSubject } from './copilot-cli/subject.ts';
import { geminiSubject } from './gemini/subject.ts';
import { qwenSubject } from './qwen/subject.ts';
import { cursorSubject } from './cursor/subject.ts';
import { kiroSubject } from './kiro/subject.ts';
import { opencodeSubject } from './opencode/subject.ts';
import type { Subject } from './subject.ts';
import { vscodeSubject } from './vscode/subject.ts';
import { windsurfSubject } from './windsurf/subject.ts';

const subjects: readonly Subject[] = [
  claudeSubject,
  codexSubject,
  copilotSubject,
  vscodeSubject,
  geminiSubject,
  qwenSubject,
  opencodeSubject,
  clineSubject,
  cursorSubject,
  windsurfSubject,
  kiroSubject,
];

test('every agent is held to the contract, and says how far it can be governed', () => {
  const names = [...agents.keys()];
  expect(subjects.map(({ agent }) => agent.name)).toEqual(names);
  expect(reaches.map(({ agent }) => agent)).toEqual(names);
});

describe.each(subjects.map((subject) => ({ name: subject.agent.name, subject })))('$name', ({ subject }) => {
  describeAgent(subject);
});
