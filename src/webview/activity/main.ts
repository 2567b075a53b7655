import { connectEditor } from '../editor.ts';
import { base } from '../look.ts';
import { Activity } from './activity.ts';
import { look } from './look.ts';
import { toActivity, type FromActivity, type ToActivity } from './messages.ts';

document.adoptedStyleSheets = [base, look];
const editor = connectEditor<ToActivity, FromActivity>(toActivity, (message) => activity.receive(message));
const activity = new Activity(document.body, editor);
editor.post({ type: 'ready' });
