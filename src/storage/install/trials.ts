import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memberOf, parsedSettings } from '../../agents/gemini/hooks-config.ts';
import { chatModel, geminiModel } from '../../agents/trial-models.ts';
import { readIfThere } from './rendered-files.ts';
import type { Trial } from './trial.ts';

const prompt = 'Countersign checks its hooks.';
const background = { is_background: false, description: prompt };

/** Whatever a person has signed in with: settings of a folder stand above theirs, and the folder is one of ours. */
export const geminiTrial: Trial = {
  title: 'Gemini CLI',
  model: geminiModel,
  shell: { tool: 'run_shell_command', input: background },
  start: (url, folder, project) => {
    writeSettings(folder, '.gemini', {
      ...silencing(project, '.gemini', 'hooksConfig'),
      security: { auth: { selectedType: 'gemini-api-key' } },
      telemetry: { enabled: false },
      privacy: { usageStatisticsEnabled: false },
    });
    const environment = {
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: 'trial',
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_CLI_NO_RELAUNCH: 'true',
    };
    return { client: { program: 'gemini', environment, cwd: folder }, args: ['-y', '-m', 'gemini-2.5-pro', '-p', prompt] };
  },
};

/** What stands on its command line is above all settings. */
export const qwenTrial: Trial = {
  title: 'Qwen Code',
  model: chatModel,
  shell: { tool: 'run_shell_command', input: background },
  start: (url, folder, project) => {
    writeSettings(folder, '.qwen', silencing(project, '.qwen', 'disableAllHooks'));
    const trusted = join(folder, 'trusted.json');
    writeFileSync(trusted, JSON.stringify({ [folder]: 'TRUST_FOLDER' }));
    const environment = { QWEN_CODE_TRUSTED_FOLDERS_PATH: trusted, QWEN_CODE_NO_RELAUNCH: 'true', OPENAI_MODEL: 'trial' };
    const model = ['--auth-type', 'openai', '--openai-api-key', 'trial', '--openai-base-url', `${url}/v1`, '--model', 'trial'];
    return {
      client: { program: 'qwen', environment, cwd: folder },
      args: [...model, '--chat-recording=false', '--approval-mode', 'yolo', '-p', prompt],
    };
  },
};

/** Offline, it asks nobody but the model that it is given. */
export const copilotTrial: Trial = {
  title: 'GitHub Copilot CLI',
  model: chatModel,
  shell: { tool: 'bash', input: { description: prompt } },
  start: (url, _, cwd) => {
    const environment = {
      COPILOT_OFFLINE: 'true',
      COPILOT_AUTO_UPDATE: 'false',
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_MODEL: 'trial',
    };
    return { client: { program: 'copilot', environment, cwd }, args: ['-p', prompt, '--allow-all-tools', '--allow-all-paths'] };
  },
};

/** With a folder of its own for its state it needs nobody who is signed in, and leaves nothing running; its hooks are still the person's. */
export const clineTrial: Trial = {
  title: 'Cline',
  model: chatModel,
  shell: { tool: 'run_commands', input: {}, argument: 'commands' },
  endsSilently: true,
  start: (url, folder) => {
    const settings = { provider: 'openai-compatible', apiKey: 'trial', model: 'trial', baseUrl: `${url}/v1` };
    const providers = { 'openai-compatible': { settings, updatedAt: new Date().toISOString(), tokenSource: 'manual' } };
    mkdirSync(join(folder, 'settings'));
    writeFileSync(join(folder, 'settings', 'providers.json'), JSON.stringify({ version: 1, modes: {}, providers }));
    const args = ['--json', '--data-dir', folder, '-P', 'openai-compatible', '-m', 'trial', prompt];
    return { client: { program: 'cline', environment: {}, cwd: folder }, args };
  },
};

/** A project may switch hooks off. Nothing else of its settings counts here: they could start programs, and nobody need have trusted it. */
function silencing(project: string, name: string, member: string): Readonly<Record<string, unknown>> {
  const found = memberOf(parsedSettings(readIfThere(join(project, name, 'settings.json')) ?? '{}'), member);
  return found === undefined ? {} : { [member]: found };
}

function writeSettings(folder: string, name: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'settings.json'), JSON.stringify(settings));
}
