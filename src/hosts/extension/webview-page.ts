import { randomBytes } from 'node:crypto';

export interface PageParts {
  readonly cspSource: string;
  readonly script: string;
  readonly codicons: string;
  readonly title: string;
}

/** The page of a panel: one script with what it imports, one style sheet, and a policy that lets nothing else in. */
export function webviewPage({ cspSource, script, codicons, title }: PageParts): string {
  const nonce = randomBytes(18).toString('base64url');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${codicons}" id="vscode-codicon-stylesheet" nonce="${nonce}">
<script nonce="${nonce}" src="${script}" type="module"></script>
</head>
<body></body>
</html>`;
}
