import * as vscode from 'vscode';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { Price } from '../../engine/spend/price.ts';
import { withoutLinks } from './complaints.ts';
import { openAt } from './open-file.ts';
import { readAmount, readCacheRates } from './price-input.ts';

const perMillion = 'US dollars per million tokens';
const noAmount = 'Give a number, such as 2.50.';

/** Asks what a model costs and writes it into `config.json`; resolves with whether a price was set. */
export async function askPrice(environment: Readonly<Record<string, string | undefined>>, model: string): Promise<boolean> {
  const price = await ask(visibleText(model));
  if (price === undefined) return false;
  const [{ homeOf }, { setPrice }] = await Promise.all([import('../../storage/home.ts'), import('../../storage/set-price.ts')]);
  const home = homeOf(environment);
  setPrice(home, model, price);
  const open = 'Open config.json';
  void vscode.window
    .showInformationMessage(`The price of ${withoutLinks(model)} is set. It counts for what was used before, too.`, open)
    .then((pressed) => (pressed === open ? openAt(home.config) : undefined));
  return true;
}

async function ask(model: string): Promise<Price | undefined> {
  const input = await amount(`${model}: input`, `${perMillion} read (1 of 3)`);
  const output = input === undefined ? undefined : await amount(`${model}: output`, `${perMillion} written (2 of 3)`);
  if (input === undefined || output === undefined) return undefined;
  const cache = await vscode.window.showInputBox({
    title: `${model}: cache`,
    prompt: `${perMillion}: reading the cache, writing it for 5 minutes, writing it for an hour (3 of 3). Empty: as the input.`,
    placeHolder: '0.20 2.50 4.00',
    ignoreFocusOut: true,
    validateInput: (text) => (readCacheRates(text) ? undefined : 'Give up to three numbers, such as 0.20 2.50 4.00, or nothing.'),
  });
  return cache === undefined ? undefined : { input, output, ...readCacheRates(cache) };
}

async function amount(title: string, prompt: string): Promise<number | undefined> {
  const validateInput = (text: string): string | undefined => (readAmount(text) === undefined ? noAmount : undefined);
  const text = await vscode.window.showInputBox({ title, prompt, placeHolder: '2.50', ignoreFocusOut: true, validateInput });
  return text === undefined ? undefined : readAmount(text);
}
