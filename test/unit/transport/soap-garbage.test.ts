/** SOAP answers of any kind: each is read as something, and nothing but a whole answer as a value. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSoapAnswer } from '../../../src/transport/soap-answer.ts';
import { hostileBodies } from '../../support/hostile-answers.ts';

const names = [
  'ForceResyncBatchTask',
  'GetConnection',
  'GetAllConnections',
  'GetErpConnectionConfigFields',
] as const;
const kinds = ['empty', 'null', 'value', 'refusal', 'unreadable'];
const namespace = 'http://www.superoffice.net/ws/crm/NetServer/Services88';
const whole = [
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>',
  `<n:Succeeded xmlns:n="${namespace}">true</n:Succeeded></s:Header><s:Body>`,
  `<GetErpConnectionConfigFieldsResponse xmlns="${namespace}"><Response>`,
  '<StringKeyValuePair><Key>__proto__</Key><Value>x</Value></StringKeyValuePair>',
  '<StringKeyValuePair><Key>a</Key><Value>y</Value></StringKeyValuePair>',
  '</Response></GetErpConnectionConfigFieldsResponse></s:Body></s:Envelope>',
].join('');

/** A whole answer with a piece taken out and another put in. */
const changed = fc
  .tuple(
    fc.nat(whole.length),
    fc.nat(60),
    fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('<', '</', '&', '>', ']]>')),
  )
  .map(([at, length, put]) => Buffer.from(whole.slice(0, at) + put + whole.slice(at + length)));

describe('a SOAP answer', () => {
  test('when it is anything then it is read as something', { timeout: 60_000 }, () => {
    const bytes = fc.oneof(hostileBodies, changed, fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(fc.constantFrom(...names), bytes, fc.constantFrom(86, 88), (name, body, services) => {
        const reading = readSoapAnswer(name, body, services as 86 | 88);
        expect(kinds).toContain(reading.kind);
        if (reading.kind === 'refusal') expect(reading.message).not.toBe('');
        if (reading.kind === 'unreadable') expect(reading.problem).not.toBe('');
      }),
      { numRuns: 1_500 },
    );
  });

  test('when keys are names that objects have already then they are keys like others', () => {
    const reading = readSoapAnswer('GetErpConnectionConfigFields', Buffer.from(whole), 88);
    const value = reading.kind === 'value' ? reading.value : undefined;
    expect(Object.entries(value ?? {})).toEqual([
      ['__proto__', 'x'],
      ['a', 'y'],
    ]);
  });

  test('when it is cut off anywhere then it is no value', () => {
    for (let end = 0; end < whole.length; end += 3) {
      const reading = readSoapAnswer('GetErpConnectionConfigFields', Buffer.from(whole.slice(0, end)), 88);
      expect(['empty', 'unreadable']).toContain(reading.kind);
    }
  });
});
