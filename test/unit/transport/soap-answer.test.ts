import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agents, type OperationName, operationNamed } from '../../../src/agent/contract.ts';
import { readJson } from '../../../src/agent/wire-json.ts';
import type { CarrierType } from '../../../src/agent/wire-types.ts';
import { isIn, membersIn, type ServicesVersion, soapPath } from '../../../src/agent/wire-xml.ts';
import { envelopeAnswer } from '../../../src/sandbox/soap-answers.ts';
import { responseElement, responseMembers } from '../../../src/sandbox/soap-elements.ts';
import { serviceAt } from '../../../src/sandbox/soap-routes.ts';
import { prefixes, writeMembers } from '../../../src/sandbox/soap-writer.ts';
import { readSoapAnswer } from '../../../src/transport/soap-answer.ts';
import { anyValueOf, membersOf } from '../agent/contract-values.ts';

const versions: readonly ServicesVersion[] = [86, 87, 88];
const names = Object.values(agents).flatMap((agent) => Object.keys(agent)) as OperationName[];

/** An answer as the sandbox writes it, whose writer shares no code with the reader. */
function written(name: OperationName, value: unknown, version: ServicesVersion): Buffer {
  const service = serviceAt(soapPath(name, version));
  if (service === undefined) throw new Error('no such service');
  const { soap, result } = operationNamed(name);
  const members = soap?.result === 'members' ? value : { [soap?.result ?? 'Response']: value };
  const content = result.kind === 'nothing' ? '' : writeMembers(service, responseMembers(name), members);
  const body = `<n:${responseElement(name)}>${content}</n:${responseElement(name)}>`;
  return Buffer.from(envelopeAnswer('1.1', undefined, body, prefixes(service)).body ?? '');
}

describe('results', () => {
  test.each(names.filter((name) => operationNamed(name).result.kind !== 'nothing'))(
    'when %s answers anything then it is read as the same in JSON is, in every version',
    (name) => {
      const { result, soap } = operationNamed(name);
      for (const version of versions.filter((each) => isIn(name, each))) {
        const values =
          soap?.result === 'members'
            ? fc.record(membersOf(membersIn(result as CarrierType, version), version, 3), {
                noNullPrototype: true,
              })
            : anyValueOf(result, version);
        fc.assert(
          fc.property(values, (value) => {
            const expected = value === null ? undefined : readJson(result, value, 'answer', 'lenient');
            const reading = readSoapAnswer(name, written(name, value, version), version);
            if (value === null) expect(reading).toEqual({ kind: 'null' });
            else
              expect(withoutNulls(reading, soap?.result === 'members')).toEqual({
                kind: 'value',
                value: expected,
              });
          }),
          { numRuns: 20 },
        );
      }
    },
  );

  test('when an operation has no result then its response element is empty', () => {
    for (const version of versions) {
      const reading = readSoapAnswer(
        'ForceResyncBatchTask',
        written('ForceResyncBatchTask', null, version),
        version,
      );
      expect(reading).toEqual({ kind: 'empty' });
    }
  });

  test('when text is cut into entities, CDATA and comments then it is one text', () => {
    const text = '&#xD;&#10;a<![CDATA[<&]]><!-- x -->&lt;é&#x1F600;';
    const body = `<GetConnectionResponse xmlns="http://www.superoffice.net/ws/crm/NetServer/Services88"><Response><DisplayName>${text}</DisplayName></Response></GetConnectionResponse>`;
    const answer = envelopeAnswer('1.2', undefined, body).body ?? '';
    expect(readSoapAnswer('GetConnection', Buffer.from(answer), 88)).toEqual({
      kind: 'value',
      value: { DisplayName: '\r\na<&<é😀' },
    });
  });

  test('when an answer comes in many pieces of the parser then no letter is broken', () => {
    const names = Array.from({ length: 40_000 }, (_, index) => `Ødegård ${index} 😀`);
    const reading = readSoapAnswer(
      'ToggleErpConnectionActive',
      written('ToggleErpConnectionActive', names, 88),
      88,
    );
    expect(reading).toEqual({ kind: 'value', value: names });
  });
});

/** Of a response element whose members are the result, those that are nil are null. */
function withoutNulls(reading: unknown, members: boolean): unknown {
  if (!members || typeof reading !== 'object' || reading === null || !('value' in reading)) return reading;
  const entries = Object.entries(reading.value as object).filter(([, value]) => value !== null);
  return { ...reading, value: Object.fromEntries(entries) };
}

describe('an answer that was damaged', () => {
  const whole = written(
    'GetConnection',
    { ErpConnectionId: 124, DisplayName: 'Ødegård', ConfigFields: { Url: 'x' }, UserGroupAccessIds: [1, 2] },
    88,
  );
  const kinds = ['empty', 'null', 'value', 'refusal', 'unreadable'];
  const pieces = fc.oneof(
    fc.constantFrom('<', '>', '</', '&', '&amp;', ']]>', '<!DOCTYPE x>', '<s:Fault>', ' i:nil="true"', '\0'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );

  test('when any bytes of it are others then there is a reading all the same', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(40), pieces, fc.boolean(), (at, cut, put, invalid) => {
        const middle = invalid ? Buffer.from([0xc3, 0x28]) : Buffer.from(put);
        const damaged = Buffer.concat([whole.subarray(0, at), middle, whole.subarray(at + cut)]);
        expect(kinds).toContain(readSoapAnswer('GetConnection', damaged, 88).kind);
      }),
      { numRuns: 1_000 },
    );
  });

  test('when it is cut off anywhere then it is unreadable', () => {
    for (let at = 1; at < whole.length; at++) {
      expect(readSoapAnswer('GetConnection', whole.subarray(0, at), 88).kind).toBe('unreadable');
    }
  });
});
