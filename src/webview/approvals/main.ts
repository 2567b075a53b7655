import { connectEditor } from '../editor.ts';
import { base } from '../look.ts';
import { Inbox } from './inbox.ts';
import { look } from './look.ts';
import { toInbox, type FromInbox, type ToInbox } from './messages.ts';

document.adoptedStyleSheets = [base, look];
const editor = connectEditor<ToInbox, FromInbox>(toInbox, (message) => inbox.receive(message));
const inbox = new Inbox(document.body, editor);
editor.post({ type: 'ready' });
