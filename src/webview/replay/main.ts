import { connectEditor } from '../editor.ts';
import { base } from '../look.ts';
import { look } from './look.ts';
import { type FromReplay, type ToReplay, toReplay } from './messages.ts';
import { Replay } from './replay.ts';

document.adoptedStyleSheets = [base, look];
const editor = connectEditor<ToReplay, FromReplay>(toReplay, (message) => replay.receive(message));
const replay = new Replay(document.body, editor);
editor.post({ type: 'ready' });
