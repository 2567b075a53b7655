import { readConfig, writeConfig } from './config.ts';
import type { Home } from './home.ts';
import type { ReviewConfig } from './review-config.ts';

const bounds: readonly string[] = ['mostCharacters', 'atOnce', 'perDay'];

/** Puts the model for reviews into `config.json`, in place of the one that is there; its bounds stay. Throws on a file that cannot be understood. */
export function setReview(home: Home, model: Pick<ReviewConfig, 'vscode'> | undefined): void {
  const config = readConfig(home);
  const before = 'review' in config && typeof config.review === 'object' ? (config.review ?? {}) : {};
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => bounds.includes(name)));
  const others = Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'review'));
  const changed = model === undefined ? others : { ...others, review: { ...kept, ...model } };
  writeConfig(home, changed);
}
