import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { PackAtHand } from './packs-at-hand.ts';
import { labelText } from './label-text.ts';

export interface PickedPack {
  readonly pack: PackAtHand;
  readonly layer: 'user' | 'workspace';
}

interface PackItem extends vscode.QuickPickItem {
  /** Left out for what cannot be picked. */
  readonly pack?: PackAtHand;
}

/** One pick: Enter means the folder, where there is one; a button means the person's own policies. */
export async function pickPack(packs: readonly PackAtHand[], alwaysOn: number, hasFolder: boolean): Promise<PickedPack | undefined> {
  const picker = vscode.window.createQuickPick<PackItem>();
  const { promise, resolve } = Promise.withResolvers<PickedPack | undefined>();
  const end = (pack: PackAtHand | undefined, layer: PickedPack['layer']): void => {
    if (pack === undefined) return;
    resolve({ pack, layer });
    picker.hide();
  };
  picker.title = hasFolder ? 'Add a policy pack to this folder, for everybody who works in it' : 'Add a policy pack to your policies';
  picker.placeholder = 'Packs only tighten: they ask or deny more, and never allow';
  picker.matchOnDetail = true;
  picker.items = itemsFor(packs, alwaysOn, hasFolder);
  picker.onDidAccept(() => end(picker.selectedItems[0]?.pack, hasFolder ? 'workspace' : 'user'));
  picker.onDidTriggerItemButton(({ item }) => end(item.pack, 'user'));
  picker.onDidHide(() => {
    resolve(undefined);
    picker.dispose();
  });
  picker.show();
  return promise;
}

const toMine: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('account'),
  tooltip: 'Add it to your own policies, for every folder',
};

function itemsFor(packs: readonly PackAtHand[], alwaysOn: number, hasFolder: boolean): readonly PackItem[] {
  return [
    ...packs.map((pack): PackItem => ({
      label: pack.namedBy.length > 0 ? `$(check) ${pack.name}` : pack.name,
      description: [pack.size, ...pack.namedBy.map(whereNamed)].join(' · '),
      detail: pack.description,
      pack,
      ...(hasFolder ? { buttons: [toMine] } : {}),
    })),
    { label: 'Always in force', kind: vscode.QuickPickItemKind.Separator },
    {
      label: '$(check) baseline',
      description: `${alwaysOn} rules`,
      detail: 'What nobody wants is denied, what a careful colleague would ask about asks.',
    },
  ];
}

function whereNamed({ path, layer }: PackAtHand['namedBy'][number]): string {
  return labelText(`in ${layer === 'workspace' ? 'this folder’s' : 'your'} ${basename(path)}`);
}
