import { countTests, notRun, startReport } from './test-report.ts';
import { insideEditor, inTurn, preparation, real, unit, vitest } from './test-runs.ts';

// Everything: unit tests, the real client, the real editor, and the extension's own tests inside an editor.
startReport();
const chosen = process.argv.slice(2);
// What a person chose to run is all that is run.
const broken = chosen.length > 0 ? await only(chosen) : await everything();
const left = notRun();
for (const name of left) console.log(`not run here: ${name}`);
const strict = process.env['CI_STRICT'] === '1' && left.length > 0;
if (strict) console.error(`CI_STRICT=1: ${left.length} test(s) could not run here.`);
for (const name of broken) console.error(`Failed: ${name}; see above.`);
const { passed, failed, skipped } = countTests();
// A step may fail without a test that says so, such as a package that cannot be made.
console.log(`\n${passed} passed, ${Math.max(failed, broken.length)} failed, ${skipped} skipped`);
process.exit(broken.length > 0 || strict ? 1 : 0);

async function only(args: readonly string[]): Promise<readonly string[]> {
  const missing = await inTurn(preparation);
  return missing.length > 0 ? missing : inTurn([vitest('what was chosen', args)]);
}

/** Unit tests need nothing prepared. Real ones run one file at a time, by themselves: what they drive takes most of a machine with two cores. */
async function everything(): Promise<readonly string[]> {
  const [missing, wrong] = await Promise.all([inTurn(preparation), inTurn([unit])]);
  return [...wrong, ...(missing.length > 0 ? missing : await inTurn([real, insideEditor]))];
}
