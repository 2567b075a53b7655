import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { replaceFile } from '../../storage/install/backup.ts';
import { couldNot, withoutLinks } from './complaints.ts';
import { fixedText } from './fixed-text.ts';
import { openAt } from './open-file.ts';
import type { ShowChange } from './show-change.ts';

/** Repairs a settings file: shows the difference, and writes it only when a person says so. */
export class FixFile {
  readonly #showChange: ShowChange;

  constructor(showChange: ShowChange) {
    this.#showChange = showChange;
  }

  async fix({ file, line, fix }: Problem): Promise<void> {
    if (file === undefined) return;
    try {
      // What takes more than taking out a member, a person does.
      if (fix?.edit === undefined) return await openAt(file, line);
      const before = await readFile(file, 'utf8');
      const after = fixedText(before, fix.edit);
      await this.#showChange.compare(file, before, after, `${visibleText(basename(file))}: now ↔ fixed`);
      const pressed = await vscode.window.showWarningMessage(
        `Change ${withoutLinks(file)}?`,
        { modal: true, detail: withoutLinks(fix.say) },
        'Apply',
      );
      if (pressed === undefined) return;
      if ((await readFile(file, 'utf8')) !== before) throw new Error('the file was changed meanwhile; look again');
      replaceFile(file, after);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('fix the file', cause));
    }
  }
}
