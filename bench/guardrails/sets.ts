import { credsweeperSamples } from './credsweeper.ts';
import { detectSecretsSamples } from './detect-secrets.ts';
import { gitleaksSamples } from './gitleaks.ts';
import { presidioSamples } from './presidio.ts';
import { kingfisherSamples, noseyParkerSamples } from './rule-files.ts';
import type { Sample } from './sample.ts';
import { secretlintSamples } from './secretlint.ts';
import { trufflehogSamples } from './trufflehog.ts';

interface Set {
  readonly detector: 'secret' | 'pii';
  readonly read: (checkout: string) => readonly Sample[];
}

/** By the name of the folder that holds the checkout. */
export const sets: Readonly<Record<string, Set>> = {
  gitleaks: { detector: 'secret', read: gitleaksSamples },
  secretlint: { detector: 'secret', read: secretlintSamples },
  'detect-secrets': { detector: 'secret', read: detectSecretsSamples },
  noseyparker: { detector: 'secret', read: noseyParkerSamples },
  trufflehog: { detector: 'secret', read: trufflehogSamples },
  credsweeper: { detector: 'secret', read: credsweeperSamples },
  kingfisher: { detector: 'secret', read: kingfisherSamples },
  presidio: { detector: 'pii', read: presidioSamples },
};
