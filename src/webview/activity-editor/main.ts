import { connectEditor } from '../editor.ts';
import { base } from '../look.ts';
import { ActivityEditor } from './activity-editor.ts';
import { detailsLook } from './details-look.ts';
import { listLook } from './list-look.ts';
import { look } from './look.ts';
import { toActivityEditor, type FromActivityEditor, type ToActivityEditor } from './messages.ts';

document.adoptedStyleSheets = [base, look, listLook, detailsLook];
const editor = connectEditor<ToActivityEditor, FromActivityEditor>(toActivityEditor, (message) => activity.receive(message));
editor.post({ type: 'ready' });
const activity = new ActivityEditor(document.body, editor);
