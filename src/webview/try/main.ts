import { connectEditor } from '../editor.ts';
import { base } from '../look.ts';
import { look } from './look.ts';
import { type FromTry, type ToTry, toTry } from './messages.ts';
import { Try } from './try.ts';

document.adoptedStyleSheets = [base, look];
const editor = connectEditor<ToTry, FromTry>(toTry, (message) => page.receive(message));
const page = new Try(document.body, editor);
