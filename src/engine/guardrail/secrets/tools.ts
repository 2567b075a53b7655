import { group, type Marked } from './marked-rule.ts';

// Every repetition has an end: each form is tried at one place, after its mark.
const netrc = /\S{1,200}\s{1,20}login\s{1,20}\S{1,200}\s{1,20}password\s{1,20}(\S{1,200})/y;
// Up to the end of the command, over lines that a backslash joins.
const curl =
  /(?:[^\n\\]|\\[^]){0,300}?(?<=\s)(?:-[a-zA-Z]{0,6}u|--user|--proxy-user)[ =]{0,3}["']?[^\s:"'$]{0,100}["']?:["']?([^\s"'$]{3,200})/y;
const psexec = /[^\n]{0,200}?\s-u\s{1,3}\S{1,100}\s{1,3}-p\s{1,3}([^\s"']{3,100})/iy;
const mosquitto = /[^\n]{0,200}?\s-u\s{1,3}["']?([A-Za-z0-9]{20})(?![A-Za-z0-9])/y;
const credential = /\s{0,3}@?["'][^"'\n]{1,100}["'],\s{0,4}@?["']([^"'\n]{6,100})(?=["'])/y;
const entry = /\s{0,3}["'][^"'\n]{1,200}["'],\s{0,20}["'][^"'\n]{1,100}["'],\s{0,20}["']([^"'\n]{6,100})(?=["'])/y;
const identified = /(?:WITH\s{1,4}["'`]?\w{1,40}["'`]?\s{1,4})?BY\s{1,4}(?:PASSWORD\s{1,4})?["']([^"'\s;`]{6,100})(?=["'])/iy;
const clearText = /["']\s{1,8}value=["']([^"'\n]{6,200})(?=["'])/y;
const initial = /\s{1,8}([a-f0-9]{32})(?![a-f0-9])/y;
const encrypted = /\{([^{}\n]{0,60}AQAAABAAA[^{}\n]{10,4000})(?=\}<)/y;

/** Passwords in the way in which one program alone writes them. */
export const tools: readonly Marked[] = [
  tool('netrc-password', 'The password of a host in .netrc.', ['machine '], netrc),
  // What stands before an option is a space, which may be the one that the mark ended with.
  tool('curl-password', 'The password in curl -u user:password.', ['curl '], curl, -1),
  tool('psexec-password', 'The password in psexec -u user -p password.', ['psexec'], psexec),
  tool('thingsboard-token', 'The token of a device of ThingsBoard in mosquitto_pub -u token.', ['v1/devices/me/'], mosquitto),
  tool('network-credential', 'The password that .NET’s NetworkCredential is made with.', ['NetworkCredential('], credential),
  tool('network-credential', 'The password that .NET’s DirectoryEntry is made with.', ['DirectoryEntry('], entry),
  tool('sql-password', 'The password of IDENTIFIED BY in SQL.', ['IDENTIFIED '], identified),
  tool('nuget-password', 'A password in the clear in NuGet’s configuration.', ['ClearTextPassword'], clearText),
  tool('jenkins-password', 'The first password that Jenkins prints.', ['password to proceed to installation:'], initial),
  tool('jenkins-secret', 'An encrypted secret in the configuration of Jenkins.', ['<secret>', '<password>', '<apiToken>'], encrypted),
];

function tool(kind: string, about: string, marks: readonly string[], form: RegExp, from = 0): Marked {
  return { kind, label: 'password', about, marks, find: (text, end) => group(form, text, end + from), confidence: 'sure', work: 16 };
}
