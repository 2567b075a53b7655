import type { DetectorName } from './finding.ts';
import { personalNumbers } from './personal/find.ts';
import { assignedKinds } from './secrets/assigned-kinds.ts';
import { shapes } from './secrets/find.ts';
import { marked } from './secrets/marked.ts';

/** A kind of finding, for schemas, completion, documentation and placeholders. */
export interface Kind {
  readonly detector: DetectorName;
  readonly name: string;
  /** A few words, as in `[redacted: GitHub token]`. */
  readonly label: string;
  /** One sentence. */
  readonly about: string;
}

/** Every kind that a detector can find, each once, in the order of the detectors. */
export function allKinds(): readonly Kind[] {
  const rows = [...secretKinds(), ...personalKinds(), ...injectionKinds, ...exfiltrationKinds];
  return [...new Map(rows.toReversed().map((kind) => [`${kind.detector}/${kind.name}`, kind])).values()].toReversed();
}

export function labelOf(detector: DetectorName, name: string): string {
  labels ??= new Map(allKinds().map((kind) => [`${kind.detector}/${kind.name}`, kind.label]));
  return labels.get(`${detector}/${name}`) ?? name;
}

let labels: ReadonlyMap<string, string> | undefined;

function secretKinds(): readonly Kind[] {
  return [
    ...shapes.map(({ kind, label, marks }) =>
      secret(kind, label, `A ${label}: it has ${marks.map((mark) => `"${mark}"`).join(' or ')} in it.`),
    ),
    ...marked.map(({ kind, label, about }) => secret(kind, label, about)),
    ...assignedKinds.map(({ kind, label, names }) =>
      secret(kind, label, `A ${label}: the value of a name with ${names.map((name) => `"${name}"`).join(' or ')} in it.`),
    ),
    secret(
      'basic-auth',
      'user and password',
      'A user with a password, encoded in base64 as HTTP’s basic authentication and Docker’s configuration hold it.',
    ),
    secret('authorization-header', 'authorization header', 'The token of an Authorization header.'),
    secret('session-cookie', 'session cookie', 'The value of a cookie that stands for a session.'),
    secret('password', 'password', 'The value of a name that says it is a password.'),
    secret('generic-token', 'token', 'A value that looks random, of a name that says it is a key, token or secret.'),
  ];
}

function secret(name: string, label: string, about: string): Kind {
  return { detector: 'secret', name, label, about };
}

function personalKinds(): readonly Kind[] {
  return [
    ...personalNumbers.map(({ kind, label, alone }) =>
      personal(kind, label, `A valid ${label}${alone === 'never' ? ' near a word for it' : ''}.`),
    ),
    personal('email', 'e-mail address', 'An e-mail address of a person.'),
    personal('phone', 'telephone number', 'A telephone number: with its country code, or written as one, or near a word for it.'),
  ];
}

function personal(name: string, label: string, about: string): Kind {
  return { detector: 'pii', name, label, about };
}

const injection = (name: string, label: string, about: string): Kind => ({ detector: 'prompt-injection', name, label, about });

const injectionKinds: readonly Kind[] = [
  injection(
    'instruction-override',
    'order to ignore instructions',
    'Words that tell a model to ignore its instructions, in one of several languages.',
  ),
  injection('secrecy', 'order to keep something from the user', 'Words that tell a model not to tell its user.'),
  injection('role-change', 'order to be another', 'Words that tell a model that it is now another, or without limits.'),
  injection('prompt-leak', 'order to reveal the prompt', 'Words that ask a model for its system prompt.'),
  injection('addressed-to-model', 'text addressed to a model', 'Text that says it is meant for an AI.'),
  injection('order-to-send', 'order to send secrets', 'Words that tell somebody to send credentials or a conversation to an address.'),
  injection('fake-turn', 'imitated turn', 'Marks that imitate a turn of the system, the user or a tool.'),
  injection('hidden-comment', 'order in a comment', 'Any of these in a comment of HTML or Markdown, which a page does not show.'),
  injection('hidden-style', 'order in a hidden element', 'Any of these in an element that its style hides.'),
  injection('tag-characters', 'invisible tag characters', 'Unicode tag characters: invisible, and read by models as letters.'),
  injection(
    'variation-selectors',
    'invisible variation selectors',
    'Variation selectors in a row: invisible, and able to carry any bytes.',
  ),
  injection('zero-width', 'zero-width characters', 'Zero-width characters between Latin letters, or many in a row.'),
  injection('bidi-control', 'bidirectional control', 'Characters that make text appear in another order than it has.'),
  injection('terminal-escape', 'terminal escape', 'Terminal sequences that hide, move, erase or link text, or set the clipboard.'),
];

const exfiltration = (name: string, label: string, about: string): Kind => ({ detector: 'exfiltration', name, label, about });

const exfiltrationKinds: readonly Kind[] = [
  exfiltration(
    'command-in-address',
    'command in an address',
    'An address whose query a shell would fill with a file, the environment or a secret.',
  ),
  exfiltration('data-in-address', 'data in an address', 'An address that carries encoded text, or more than a signature is long.'),
  exfiltration('data-in-host-name', 'data in a host name', 'A host name with an encoded label, as data leaves through DNS.'),
  exfiltration('image-with-data', 'image that carries data', 'An image whose address has a long value in its query: showing it sends it.'),
  exfiltration(
    'encoded-beside-address',
    'encoded data beside an address',
    'Long base64 or hexadecimal near an address that is not on the list.',
  ),
];
