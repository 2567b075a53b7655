export type KeeperName = 'keyring' | 'keychain' | 'dpapi' | 'file';

/** Where secrets can be kept. Values are base64 there, because not every keeper takes every text. */
export interface Keeper {
  readonly name: KeeperName;
  /** As a person knows it. */
  readonly title: string;
  /** Answers with what has to be remembered beside it, '' mostly. Rejects where it cannot keep it. */
  readonly put: (id: string, value: string) => Promise<string>;
  /** `undefined`: it has none of that name. Rejects where it cannot say. */
  readonly get: (id: string, remembered: string) => Promise<string | undefined>;
  readonly remove: (id: string) => Promise<void>;
}
