import { describe, expect, it } from 'vitest';
import { asyncApi } from '../../../protocols/asyncapi.ts';
import { BOOKED } from '../../../protocols/attribution.ts';
import { COMMAND_SCHEMAS } from '../../../protocols/commands.ts';
import { readCommand } from '../../../protocols/read-command.ts';
import { type QueryWorld, queryEndpoints } from '../../../supervisor/node/queries.ts';
import { ASKED_QUERIES } from '../../../supervisor/node/query-contract.ts';
import { VIEWED } from '../../../supervisor/node/viewed-entities.ts';
import type { ReportWorld } from '../../../supervisor/report/question.ts';
import { QUESTIONS, reportEndpoint } from '../../../supervisor/report/questions.ts';

interface Document {
  asyncapi: string;
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  operations: Record<string, { channel: { $ref: string } }>;
  components: {
    messages: Record<string, { payload: unknown; headers?: { properties: Record<string, { maxLength?: number }> } }>;
  };
}

const document = JSON.parse(JSON.stringify(asyncApi('1.2.3', ASKED_QUERIES))) as Document;

/** Follows `#/a/b` from the root. */
function resolve(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((node, name) => (node as Record<string, unknown>)?.[name], document);
}

describe('the AsyncAPI document', () => {
  it('has every command at its subject, with the schema that it is checked with', () => {
    for (const [entity, commands] of Object.entries(COMMAND_SCHEMAS)) {
      for (const [name, schema] of Object.entries(commands)) {
        const id = `${entity}.${name}`;
        expect(document.channels[id]?.address).toBe(`in.{origin}.${entity}.{id}.${name}`);
        expect(document.components.messages[id]?.payload).toEqual(JSON.parse(JSON.stringify(schema)));
        expect(document.operations[id]).toBeDefined();
      }
    }
  });

  it('has the rows of the report to the ERP at their subject', () => {
    expect(document.channels.attribution?.address).toBe('event.attribution.{order}.booked');
    expect(document.components.messages.booked?.payload).toEqual(JSON.parse(JSON.stringify(BOOKED)));
  });

  it('allows the command ids that a node takes, and no longer ones', () => {
    const { maxLength } = document.components.messages['order.place']?.headers?.properties['Nats-Msg-Id'] ?? {};
    const read = (length: number) =>
      readCommand({
        address: { origin: 'channel-web', entity: 'order', id: 'A1', name: 'cancel' },
        bytes: Buffer.from('{}'),
        messageId: 'x'.repeat(length),
        contentType: undefined,
        sequence: 1,
      });
    expect(read(maxLength ?? 0).kind).toBe('command');
    expect(read((maxLength ?? 0) + 1)).toMatchObject({ kind: 'refused', refusal: { code: 'invalid-id' } });
  });

  it('has every query that a node answers', () => {
    const world = {} as QueryWorld & ReportWorld;
    const answered = queryEndpoints(world, VIEWED).map(({ subject }) => subject);
    const ofReport = Object.keys(QUESTIONS).map((name) => reportEndpoint(world).subject.replace('*', name));
    expect(ASKED_QUERIES.map(({ subject }) => subject).sort()).toEqual([...answered, ...ofReport].sort());
    expect(document.channels['query.gateway.journal']?.address).toBe('query.gateway.{id}.journal');
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(resolve(reference ?? ''), reference).toBeDefined();
  });
});
