import { pathToFileURL } from 'node:url';
import type * as languageDesk from './language-desk.ts';

/** Loaded when a policy is opened. Not bundled with the extension, as in load-rule-desk.ts. */
export function languageDeskLoader(program: string, shipped: string): () => Promise<languageDesk.LanguageDesk> {
  let desk: Promise<languageDesk.LanguageDesk> | undefined;
  const load = async (): Promise<languageDesk.LanguageDesk> => {
    const bundle: typeof languageDesk = await import(pathToFileURL(program).href);
    return new bundle.LanguageDesk(shipped);
  };
  return async () => (desk ??= load());
}
