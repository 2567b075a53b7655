import { basename } from 'node:path';
import type { Problem } from '../../channel/messages.ts';
import { commandModel } from '../../channel/review/command-model.ts';
import { anthropicModel, openAiModel, type HttpModel } from '../../channel/review/http-model.ts';
import { messageOf } from '../../governor/fault.ts';
import type { ReviewModel, ReviewSource } from '../../governor/review/model.ts';
import type { Home } from '../../storage/home.ts';
import { readReviewConfig, type ReviewConfig } from '../../storage/review-config.ts';
import type { WindowModels } from './window-models.ts';

/** The model that `config.json` names; read anew each time, because a review takes much longer. */
export function reviewsOf(home: Home, windows: WindowModels): ReviewSource {
  return {
    model: () => {
      const config = readReviewConfig(home);
      return config && modelOf(config, windows);
    },
  };
}

/** Why no model can be asked although one may be meant, for a person to see before a call is refused for it. */
export function reviewProblems(home: Home): readonly Problem[] {
  try {
    readReviewConfig(home);
    return [];
  } catch (error) {
    return [{ id: 'review', message: `No model is asked for reviews. ${messageOf(error)}`, file: home.config }];
  }
}

const usual = { mostCharacters: 20_000, atOnce: 2, callsPerDay: 1_000 };

function modelOf(config: ReviewConfig, windows: WindowModels): ReviewModel {
  const { mostCharacters = usual.mostCharacters, atOnce = usual.atOnce, perDay = {} } = config;
  return { ...askerOf(config, windows), mostCharacters, atOnce, perDay: { calls: usual.callsPerDay, ...perDay } };
}

function askerOf({ openai, anthropic, command, vscode }: ReviewConfig, windows: WindowModels): Pick<ReviewModel, 'name' | 'ask'> {
  if (openai !== undefined) return { name: nameOf(openai), ask: openAiModel(endpoint(openai)) };
  if (anthropic !== undefined) return { name: nameOf(anthropic), ask: anthropicModel(endpoint(anthropic)) };
  if (command !== undefined) return { name: `command ${basename(command[0])}`, ask: commandModel(command) };
  const { vendor, family, id } = vscode ?? {};
  return { name: ['vscode', vendor, family, id].filter((part) => part !== undefined).join(' '), ask: windows.asker(vscode ?? {}) };
}

function nameOf({ model, url }: { readonly model: string; readonly url: string }): string {
  return `${model} at ${new URL(url).host}`;
}

function endpoint({ url, headers = {}, body = {}, model }: NonNullable<ReviewConfig['openai']>): HttpModel {
  return { url: url.replace(/\/+$/, ''), model, headers, body };
}
