import { type Html, html } from './html.ts';
import type { PolicyVersion } from './policy-versions.ts';
import { numberText, timeText } from './words.ts';

/** Every version that was in force, with its text. */
export function policySection(versions: readonly PolicyVersion[], textOf: (digest: string) => string | undefined): Html {
  if (versions.length === 0) return html`<p class="soft">None was recorded in this period.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Policy versions">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Entry</th>
            <th scope="col">Recorded (UTC)</th>
            <th scope="col">File</th>
            <th scope="col">Layer</th>
            <th scope="col">Version</th>
            <th scope="col" class="number">Decisions</th>
          </tr>
        </thead>
        <tbody>
          ${versions.map(row)}
        </tbody>
      </table>
    </div>
    <p class="soft">
      “Decisions” are those of this period that rest on a rule of that version. A version marked as earlier is the last one that was
      recorded for its file before the period began. A text that is opened is printed.
    </p>
    ${[...new Map(versions.map((version) => [version.digest, version])).values()].map((version) => policyText(version, textOf(version.digest)))}`;
}

function row({ seq, since, path, layer, digest, decisions, beforePeriod }: PolicyVersion): Html {
  return html`<tr>
    <th scope="row" class="number">${seq}</th>
    <td class="time">${timeText(since)}${beforePeriod && html` <span class="soft">earlier</span>`}</td>
    <td>${path}</td>
    <td>${layer}</td>
    <td>
      <a href="${`#${idOf(digest)}`}"><code>${short(digest)}</code></a>
    </td>
    <td class="number">${numberText(decisions)}</td>
  </tr> `;
}

function policyText({ digest, path }: PolicyVersion, text: string | undefined): Html {
  return html`<details id="${idOf(digest)}">
    <summary>Text of <code>${short(digest)}</code> <span class="soft">${path}</span></summary>
    <p><code>${digest}</code></p>
    ${text === undefined ? html`<p class="soft">The text was not kept.</p>` : html`<pre>${text}</pre>`}
  </details> `;
}

function short(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 12);
}

function idOf(digest: string): string {
  return `policy-${digest.replaceAll(/[^0-9a-z]/g, '-')}`;
}
