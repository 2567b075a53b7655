import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';

const folder = dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'));

/** What the official schema of CycloneDX 1.6 has against it. */
export function faultsOfBom(bom: unknown): readonly unknown[] {
  // The schema says more of texts than JSON Schema knows (IRIs); none of them stands in ours.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const validate = ajv.compile(schema('bom-1.6'));
  validate(bom);
  return validate.errors ?? [];
}

function schema(name: string): object {
  return JSON.parse(readFileSync(join(folder, 'res/schema', `${name}.SNAPSHOT.schema.json`), 'utf8'));
}
