import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import type { Result } from 'axe-core';
import { accessibilityFaults } from './accessibility.ts';
import { until } from './until.ts';

export type Theme = 'dark' | 'light' | 'hc-dark' | 'hc-light';

/** The ones a new installation has: how the settings, the picker and the page call them. */
export const themes: Readonly<Record<Theme, { readonly id: string; readonly label: string; readonly mark: string }>> = {
  dark: { id: 'Dark 2026', label: 'Dark 2026', mark: 'vs-dark' },
  light: { id: 'Light 2026', label: 'Light 2026', mark: 'vs' },
  'hc-dark': { id: 'Default High Contrast', label: 'Dark High Contrast', mark: 'hc-black' },
  'hc-light': { id: 'Default High Contrast Light', label: 'Light High Contrast', mark: 'hc-light' },
};

export interface StatusItem {
  /** Of an extension: `<publisher>.<extension>.<item>`. */
  readonly id: string;
  /** What one sees, without the icons. */
  readonly text: string;
  /** What a screen reader says. */
  readonly label: string;
}

/** One window of the editor, and what a person can do and see in it. */
export class EditorWindow {
  readonly page: Page;
  /** Everything of level `error` that the window and the webviews in it have said on their consoles. */
  readonly consoleErrors: readonly string[];
  readonly #screenshots: string;

  constructor(page: Page, screenshots: string) {
    this.page = page;
    this.#screenshots = screenshots;
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    this.consoleErrors = errors;
  }

  /** Returns when the workbench is drawn; extensions may still be starting. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor();
  }

  /** The extension host ends and starts anew. */
  async reload(): Promise<void> {
    // By the command, since it saves first what the window remembers, such as trust.
    await Promise.all([this.page.waitForEvent('load'), this.command('workbench.action.reloadWindow')]);
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor();
  }

  /** Runs a command by its id, or by its title as the palette shows it ("View: Toggle Terminal"). */
  async command(name: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    const row = this.#quickPick(name).first();
    // Again and again: the key does nothing until the workbench has started, and an editor that is
    // just opening takes the focus, on which the list closes between its being seen and the click. A window behind another draws about
    // once a second, and a click waits until what it is for stands still.
    await until(`the command "${name}"`, async () => {
      await this.page.keyboard.press('F1');
      await input.fill(`>${name}`, { timeout: 1000 }).catch(() => undefined);
      return (await appears(row, 1000)) && (await isClicked(row, 5000));
    });
  }

  /** Opens and focuses a view, given its id. */
  async focusView(id: string): Promise<void> {
    await this.command(`${id}.focus`);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label, mark } = themes[theme];
    await this.command('workbench.action.selectTheme');
    await this.page.locator('.quick-input-widget input.input').fill(label);
    await this.#quickPick(label).first().click();
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  /** Returns the path of the picture. */
  async screenshot(name: string): Promise<string> {
    const path = join(this.#screenshots, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** A notification that pops up, by a part of its text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  async answerToast(text: string | RegExp, button: string): Promise<void> {
    await this.toast(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** Opens the notification centre and returns it; notifications whose toast has gone can still be answered there. */
  async notificationCenter(): Promise<Locator> {
    const center = this.page.locator('.notifications-center.visible');
    if (!(await center.isVisible())) await this.page.locator('[id="status.notifications"]').click();
    await center.waitFor();
    return center;
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-center.visible .notification-list-item', { hasText: text });
  }

  /** A modal message, such as the one of `showWarningMessage` with `modal: true`. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  async answerDialog(text: string | RegExp, button: string | RegExp): Promise<void> {
    const dialog = this.dialog(text);
    await dialog.getByRole('button', { name: button }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Answers the question of an editor that was started with `trust: false`. */
  async answerTrust(answer: 'trust' | 'restrict'): Promise<void> {
    await this.answerDialog(/trust the authors/, answer === 'trust' ? /^Yes/ : /^No/);
  }

  /** Trusts the folder after it was restricted. */
  async grantTrust(): Promise<void> {
    await this.command('workbench.trust.manage');
    const page = this.page.locator('.workspace-trust-editor');
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    await this.page.locator('[id="status.workspaceTrust"]').waitFor({ state: 'hidden' });
    await this.closeModalEditor();
  }

  /** Closes what lies over the whole window (settings, trust). No command can be run while it is there. */
  async closeModalEditor(): Promise<void> {
    await this.page.getByRole('button', { name: /^Close Modal Editor/ }).click();
    await this.page.locator('.modal-editor-part').waitFor({ state: 'hidden' });
  }

  async statusItems(): Promise<readonly StatusItem[]> {
    return await this.page.locator('.statusbar-item').evaluateAll((items) =>
      items.map((item) => ({
        id: item.id,
        text: (item.textContent ?? '').trim(),
        label: item.getAttribute('aria-label') ?? '',
      })),
    );
  }

  /** An item of the status bar, by its id or else by a part of its text. */
  statusItem(id: string | RegExp): Locator {
    const items = this.page.locator('.statusbar-item');
    return typeof id === 'string' ? this.page.locator(`.statusbar-item[id="${id}"]`) : items.filter({ hasText: id });
  }

  /** A view, by its name. */
  view(name: string): Locator {
    return this.page.locator('.pane', { has: this.page.locator(`.pane-header[aria-label="${name} Section"]`) });
  }

  /** The visible rows of a tree view, by the name of the view. */
  treeRows(view: string): Locator {
    return this.view(view).getByRole('treeitem');
  }

  /** The document of a webview, found by something in it (a CSS selector). It goes stale when the view is hidden. */
  async webview(selector: string): Promise<Frame> {
    return await until(`a webview with "${selector}"`, async () => {
      for (const frame of this.page.frames()) {
        // A frame may go away while it is asked.
        if (await holds(frame, selector).catch(() => false)) return frame;
      }
      return undefined;
    });
  }

  /** What axe-core objects to in a webview, or in the workbench itself below a selector. */
  async accessibilityFaults(frame: Frame = this.page.mainFrame(), below?: string): Promise<readonly Result[]> {
    return await accessibilityFaults(frame, below);
  }

  #quickPick(name: string): Locator {
    const rows = this.page.locator('.quick-input-widget .monaco-list-row');
    const byId = this.page.locator(`[data-quick-input-id="${name}"]`);
    const byTitle = this.page.locator('.label-name', { hasText: new RegExp(`^${escape(name)}$`) });
    return rows.filter({ has: byId.or(byTitle) });
  }
}

async function appears(locator: Locator, timeout: number): Promise<boolean> {
  return await locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

async function isClicked(locator: Locator, timeout: number): Promise<boolean> {
  return await locator.click({ timeout }).then(
    () => true,
    () => false,
  );
}

// While a webview gets a new document, the old one is still there, and the new one is called "pending-frame".
async function holds(frame: Frame, selector: string): Promise<boolean> {
  if (frame.parentFrame() === null || (await frame.locator(selector).count()) === 0) return false;
  return (await (await frame.frameElement()).getAttribute('id')) === 'active-frame';
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
