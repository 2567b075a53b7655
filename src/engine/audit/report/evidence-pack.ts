import { controls } from './controls.ts';
import { approvalColumns, configurationColumns, denialColumns, exemptionColumns, incidentColumns, killColumns } from './entry-columns.ts';
import type { Evidence } from './evidence.ts';
import { startColumns } from './start-columns.ts';
import { type Content, type Html, html } from './html.ts';
import { page } from './page.ts';
import { type Origin, facts, verification, type Verification } from './origin-facts.ts';
import { policySection } from './policy-section.ts';
import { entryLinks, entryTable, figureList, tallyTable } from './tables.ts';
import { numberText, timeText } from './words.ts';

export interface PackFacts {
  readonly origin: Origin;
  /** Milliseconds since the epoch; `until` is exclusive, and the moment of writing where none was given. */
  readonly since: number;
  readonly until: number;
  readonly verification: Verification;
  /** The text of a policy version by its digest, where it was kept. */
  readonly policyText: (digest: string) => string | undefined;
}

/** The evidence for a period as one HTML file: nothing is loaded, nothing runs, everything can be read on paper. */
export function evidencePack(evidence: Evidence, given: PackFacts): string {
  const title = `Evidence of agents’ tool calls, ${timeText(given.since).slice(0, 10)} to ${timeText(given.until).slice(0, 10)}`;
  return page(title, [
    html`<header>
      <h1>Evidence of agents’ tool calls</h1>
      <p class="lead">From ${timeText(given.since)} until ${timeText(given.until)}. All times are UTC.</p>
      ${facts(given.origin, [
        ['Entries', numberText(evidence.entries)],
        ['Their numbers', evidence.span && `${evidence.span.first.seq} to ${evidence.span.last.seq}`],
        ['Sessions', numberText(evidence.sessions)],
      ])}
      <p class="notice">
        This file lists what Countersign recorded. It does not say that any requirement is met: that is for whoever assesses it.
      </p>
    </header>`,
    contents(),
    html`<main>${figures(evidence)}${sections(evidence, given)}</main>`,
  ]);
}

const titles: readonly (readonly [id: string, title: string])[] = [
  ['verification', 'Whether the log holds'],
  ['controls', 'Where controls find their evidence'],
  ['activity', 'What ran'],
  ['policies', 'Under which policies'],
  ['denials', 'What was denied'],
  ['starts', 'Which MCP servers were to start, and what scanners had said of them'],
  ['approvals', 'What people were asked'],
  ['exemptions', 'Exemptions used'],
  ['incidents', 'Incidents'],
  ['kills', 'Sessions ended by a person'],
  ['configuration', 'Changes of agents’ configuration'],
];

function sections(evidence: Evidence, given: PackFacts): Content {
  const bodies: Readonly<Record<string, Content>> = {
    verification: [verification(given.verification), evidence.checkpoints.section(), faults(evidence)],
    controls: controlTable(evidence),
    activity: activity(evidence),
    policies: policySection(evidence.policies.all(), given.policyText),
    denials: entryTable('denials', evidence.listing('denials'), denialColumns),
    starts: entryTable('starts', evidence.listing('starts'), startColumns),
    approvals: [tallies(evidence), entryTable('approvals', evidence.listing('approvals'), approvalColumns)],
    exemptions: entryTable('exemptions', evidence.listing('exemptions'), exemptionColumns),
    incidents: entryTable('incidents', evidence.listing('incidents'), incidentColumns),
    kills: entryTable('kills', evidence.listing('kills'), killColumns),
    configuration: entryTable('configuration', evidence.listing('configuration'), configurationColumns),
  };
  return titles.map(
    ([id, title]) =>
      html`<section aria-labelledby="${id}">
        <h2 id="${id}">${title}</h2>
        ${bodies[id]}
      </section>`,
  );
}

/** What the log says of itself that went wrong: entries that it lost, signatures and anchors that did not come about. */
function faults(evidence: Evidence): Html {
  return html`<h3 id="faults">What went wrong with the log itself</h3>
    ${entryTable('faults', evidence.listing('faults'), incidentColumns)}`;
}

function figures(evidence: Evidence): Html {
  return figureList([
    [evidence.decisions, 'call decided', 'calls decided'],
    [evidence.listing('denials').total, 'denied', 'denied'],
    [evidence.listing('approvals').total, 'question to a person', 'questions to people'],
    [evidence.listing('incidents').total, 'incident', 'incidents'],
    [evidence.listing('kills').records.filter(({ entry }) => entry.kind === 'session-killed').length, 'session ended', 'sessions ended'],
  ]);
}

function contents(): Html {
  return html`<nav aria-label="Contents">
    <ul>
      ${titles.map(([id, title]) => html`<li><a href="${`#${id}`}">${title}</a></li>`)}
    </ul>
  </nav>`;
}

function activity(evidence: Evidence): Html {
  return html`<div class="counts">
    ${tallyTable('Agent', evidence.agents)}${tallyTable('Tool', evidence.tools)}${tallyTable('Decision', evidence.actions)}${tallyTable('Rule', evidence.rules)}
  </div>`;
}

function tallies(evidence: Evidence): Content {
  return evidence.people.rows().length > 0 && html`<div class="counts">${tallyTable('Person', evidence.people, 'Answers')}</div>`;
}

function controlTable(evidence: Evidence): Html {
  return html`<p>Frameworks ask for evidence of different kinds. This table says where in this file it is, and how much of it there is.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Controls">
      <table>
        <thead>
          <tr>
            <th scope="col">Framework</th>
            <th scope="col">Control</th>
            <th scope="col">Is about</th>
            <th scope="col">Evidence here</th>
            <th scope="col" class="number">Count</th>
            <th scope="col">Entries</th>
          </tr>
        </thead>
        <tbody>
          ${controls.map(
            ({ framework, control, about, evidence: what, count, section }) =>
              html`<tr>
                <td>${framework}</td>
                <th scope="row">${control}</th>
                <td>${about}</td>
                <td>${what}</td>
                <td class="number">${numberText(count(evidence))}</td>
                <td>${linksTo(section, evidence)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
}

function linksTo(section: string, evidence: Evidence): Html {
  const titled = titles.find(([id]) => id === section)?.[1];
  const lists = ['denials', 'approvals', 'incidents', 'kills', 'configuration'] as const;
  const list = lists.find((name) => name === section);
  return list === undefined ? html`<a href="${`#${section}`}">${titled}</a>` : entryLinks(list, evidence.listing(list));
}
