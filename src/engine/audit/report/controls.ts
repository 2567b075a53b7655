import type { Evidence } from './evidence.ts';

/** A requirement of a framework, and what of this file an assessor of it will want to see. */
export interface Control {
  readonly framework: string;
  readonly control: string;
  /** What it is about, in our words. */
  readonly about: string;
  readonly evidence: string;
  readonly count: (evidence: Evidence) => number;
  /** The section that lists it. */
  readonly section: string;
}

const soc = 'SOC 2';
const iso = 'ISO/IEC 27001:2022';
const nist = 'NIST AI RMF 1.0';
const act = 'EU AI Act';

const decisions = { evidence: 'Tool calls decided by policy', count: (of: Evidence) => of.decisions, section: 'activity' };
const entries = { evidence: 'Entries in the chained log', count: (of: Evidence) => of.entries, section: 'verification' };
const versions = { evidence: 'Policy versions in force', count: (of: Evidence) => of.policies.all().length, section: 'policies' };
const denials = listed('denials', 'Calls denied');
const starts = listed('starts', 'Starts of MCP servers, with the scans they were decided on');
const approvals = listed('approvals', 'Questions to a person, with their answers');
const incidents = listed('incidents', 'Incidents');
const kills = listed('kills', 'Sessions ended or revived by a person');
const configuration = listed('configuration', 'Changes of agents’ configuration');

/** Which part of the evidence which control asks for. It says where to look, not that anything is fulfilled. */
export const controls: readonly Control[] = [
  { framework: soc, control: 'CC6.1', about: 'Logical access is restricted', ...decisions },
  { framework: soc, control: 'CC6.3', about: 'Access is authorised, with the least privilege', ...approvals },
  { framework: soc, control: 'CC6.8', about: 'Unauthorised software and actions are prevented or detected', ...denials },
  { framework: soc, control: 'CC9.2', about: 'Risks of vendors are assessed and managed', ...starts },
  { framework: soc, control: 'CC7.1', about: 'Changes of configuration are detected', ...configuration },
  { framework: soc, control: 'CC7.2', about: 'Operation is monitored for anomalies', ...incidents },
  { framework: soc, control: 'CC7.4', about: 'Incidents are responded to', ...kills },
  { framework: iso, control: 'A.5.15', about: 'Rules for access are established and implemented', ...versions },
  { framework: iso, control: 'A.5.21', about: 'Security in the supply chain of information technology is managed', ...starts },
  { framework: iso, control: 'A.8.15', about: 'Logs are produced, kept and protected', ...entries },
  { framework: iso, control: 'A.8.16', about: 'Anomalous behaviour is monitored and acted on', ...incidents },
  { framework: 'HIPAA', control: '164.312(b)', about: 'Activity in systems is recorded and can be examined', ...entries },
  { framework: 'GDPR', control: 'Art. 30', about: 'Processing activities are recorded', ...decisions },
  { framework: 'GDPR', control: 'Art. 32', about: 'Processing is secured by technical measures', ...denials },
  { framework: act, control: 'Art. 12', about: 'Events are recorded automatically over the system’s life', ...entries },
  { framework: act, control: 'Art. 26(2)', about: 'People oversee the system’s use', ...approvals },
  { framework: act, control: 'Art. 26(6)', about: 'Logs are kept by the deployer', ...entries },
  { framework: nist, control: 'GOVERN 3.2', about: 'Oversight of human–AI configurations is defined', ...approvals },
  { framework: nist, control: 'MEASURE 2.4', about: 'Behaviour is monitored in production', ...decisions },
  { framework: nist, control: 'MANAGE 2.4', about: 'Systems can be disengaged or deactivated', ...kills },
  { framework: nist, control: 'MANAGE 4.3', about: 'Incidents and errors are tracked', ...incidents },
];

type Sort = Parameters<Evidence['listing']>[0];

function listed(section: Sort, evidence: string): Pick<Control, 'evidence' | 'count' | 'section'> {
  return { evidence, count: (of) => of.listing(section).total, section };
}
