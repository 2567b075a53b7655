import type { MenuName } from './view.ts';

/** Brings the open menu below its button, within the page. */
export function placeMenu(root: HTMLElement): void {
  const menu = root.querySelector<HTMLElement>('.menu');
  const button = menu?.closest('.menu-place')?.querySelector('.menu-button')?.getBoundingClientRect();
  if (!menu || !button) return;
  menu.style.top = `${button.bottom + 2}px`;
  menu.style.left = `${Math.max(8, Math.min(button.left, window.innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.maxHeight = `${window.innerHeight - button.bottom - 12}px`;
}

/** Into the menu that has opened, or back to the button of the one that was closed. */
export function focusMenu(root: HTMLElement, name: MenuName | undefined, isOpen: boolean): void {
  const place = root.querySelector(`[data-menu="${name ?? ''}"]`);
  place?.querySelector<HTMLElement>(isOpen ? '.menu input, .menu button' : '.menu-button')?.focus();
}

/** Up and down go through the values of a menu. Whether it was such a key. */
export function stepInMenu({ key, target }: KeyboardEvent): boolean {
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  const menu = target instanceof Element ? target.closest('.menu') : null;
  // In a group of radio buttons the browser does it.
  if (step === 0 || menu === null || (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'search'))
    return false;
  const inputs = [...menu.querySelectorAll<HTMLElement>('input')];
  const at = inputs.findIndex((input) => input === target);
  inputs[Math.max(0, Math.min(at + step, inputs.length - 1))]?.focus();
  return true;
}

export function isOutsideMenu({ target }: Event): boolean {
  return target instanceof Element && target.closest('.menu-place') === null;
}
