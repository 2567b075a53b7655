import type { Price } from '../engine/spend/price.ts';
import { readConfig, writeConfig } from './config.ts';
import type { Home } from './home.ts';

/** Puts the price of a model into `config.json`, in place of the one that is there. Throws on a file that cannot be understood. */
export function setPrice(home: Home, model: string, price: Price): void {
  const config = readConfig(home);
  const prices = 'prices' in config && typeof config.prices === 'object' ? config.prices : {};
  const changed = { ...config, prices: { ...prices, [model]: price } };
  writeConfig(home, changed);
}
