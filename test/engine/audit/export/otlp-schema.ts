import * as z from 'zod/mini';

const anyValue: z.ZodMiniType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string().check(z.refine((text) => text.isWellFormed())) }),
    z.strictObject({ intValue: z.string().check(z.regex(/^-?\d+$/)) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(anyValue) }) }),
    z.strictObject({ kvlistValue: z.strictObject({ values: z.array(z.strictObject({ key: z.string(), value: anyValue })) }) }),
    z.strictObject({}),
  ]),
);
const keyValue = z.strictObject({ key: z.string(), value: anyValue });
const nanoseconds = z.string().check(z.regex(/^\d{19}$/));
const logRecord = z.strictObject({
  timeUnixNano: nanoseconds,
  observedTimeUnixNano: nanoseconds,
  severityNumber: z.int().check(z.gte(1), z.lte(24)),
  severityText: z.string(),
  eventName: z.string(),
  body: z.strictObject({ stringValue: z.string() }),
  attributes: z.array(keyValue),
});

/** What opentelemetry-proto says an ExportLogsServiceRequest is in JSON, as far as we use it: strict, so that nothing else gets in. */
const otlpRequestSchema = z.strictObject({
  resourceLogs: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(keyValue) }),
      scopeLogs: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string(), attributes: z.array(keyValue) }),
          logRecords: z.array(logRecord),
        }),
      ),
    }),
  ),
});

export interface DecodedRecord {
  readonly body: string;
  readonly severity: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The records of a request; throws on one that a collector would not take. */
export function decodeOtlp(body: string): readonly DecodedRecord[] {
  const { resourceLogs } = z.parse(otlpRequestSchema, JSON.parse(body));
  return resourceLogs
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    .map((record) => ({
      body: record.body.stringValue,
      severity: record.severityNumber,
      attributes: Object.fromEntries(record.attributes.map(({ key, value }) => [key, Object.values(value as object)[0]])),
    }));
}
