import { createHash } from 'node:crypto';
import { type Content, html, styleSheet } from './html.ts';
import { style } from './style.ts';

/** A whole file. It loads nothing and runs nothing: its own style is all that a browser is allowed to use. */
export function page(title: string, body: Content): string {
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return String(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${policy}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="referrer" content="no-referrer" />
          <title>${title}</title>
          ${styleSheet(style)}
        </head>
        <body>
          ${body}
        </body>
      </html> `,
  );
}
