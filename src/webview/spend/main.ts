import { connectEditor } from '../editor.ts';
import { base } from '../look.ts';
import { look } from './look.ts';
import { plotLook } from './plot-look.ts';
import { toSpend, type FromSpend, type ToSpend } from './messages.ts';
import { Spend } from './spend.ts';

document.adoptedStyleSheets = [base, plotLook, look];
const editor = connectEditor<ToSpend, FromSpend>(toSpend, (message) => spend.receive(message));
const spend = new Spend(document.body, editor);
editor.post({ type: 'ready' });
