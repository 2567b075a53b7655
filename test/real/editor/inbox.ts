import type { Frame, Locator } from 'playwright-core';
import type { EditorWindow } from '../../lab/editor/window.ts';

/** The approvals view of a window, as a person uses it. */
export class Inbox {
  readonly frame: Frame;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Every card, or those with this text. */
  cards(text?: string): Locator {
    const cards = this.frame.locator('article');
    return text === undefined ? cards : cards.filter({ hasText: text });
  }

  /** The card with this text, once it answers: one that has just appeared does not, and shows it. */
  async card(text: string): Promise<Locator> {
    const card = this.cards(text);
    await card.locator('.choice:not(.inert)').waitFor();
    return card;
  }

  /** Presses a button of the card with this text. */
  async press(text: string, button: string): Promise<void> {
    await (await this.card(text)).getByRole('button', { name: button, exact: true }).click();
  }

  async giveReason(text: string, reason: string): Promise<void> {
    await (await this.card(text)).locator('vscode-textfield input').fill(reason);
  }

  /** By how many pixels something is wider than the view: whatever is there cannot be seen. */
  async overflow(): Promise<number> {
    return await this.frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  async isEmpty(): Promise<void> {
    await this.frame.getByText('No approvals waiting.').waitFor();
  }
}

export async function openInbox(window: EditorWindow): Promise<Inbox> {
  await window.command('countersign.showApprovals');
  return new Inbox(await window.webview('main[aria-label="Approvals"]'));
}
