import { describe, expect, test } from 'vitest';
import type { OperationName } from '../../../src/agent/contract.ts';
import type { Answer } from '../../../src/transport/http.ts';
import { readAnswer } from '../../../src/transport/rest.ts';

function answered(status: number, body: string, contentType?: string): Answer {
  const headers = new Map(contentType === undefined ? [] : [['content-type', contentType]]);
  return { kind: 'answer', status, headers, body: Buffer.from(body), durationMs: 1 };
}
const read = (body: unknown, { name = 'GetConnection' as OperationName, status = 200 } = {}) =>
  readAnswer(name, answered(status, typeof body === 'string' ? body : JSON.stringify(body)));

describe('bodies', () => {
  test.each([
    ['no body', ''],
    ['blanks', ' \r\n\t'],
    ['a BOM alone', '\uFEFF'],
  ])('when there is %s then it is empty', (_, body) => {
    expect(read(body)).toEqual({ kind: 'empty' });
  });

  test.each([
    ['null', 'null'],
    ['null behind a BOM and blanks', '\uFEFF null\r\n'],
  ])('when it is %s then it is null', (_, body) => {
    expect(read(body)).toEqual({ kind: 'null' });
  });

  test('when it is not JSON then the problem names the content type', () => {
    expect(readAnswer('GetConnection', answered(200, '<html>', 'text/html'))).toEqual({
      kind: 'unreadable',
      problem: 'it is not JSON (text/html)',
    });
  });

  test.each(['[', '{"ErpConnectionId":'])(
    'when it nests beyond all reason with %s then it cannot be read',
    (opening) => {
      const body = `${opening.repeat(50_000)}1${(opening === '[' ? ']' : '}').repeat(50_000)}`;
      expect(read(body)).toEqual({ kind: 'unreadable', problem: 'it nests too deep' });
    },
  );

  test('when a value has the wrong type then the problem names its place', () => {
    expect(read({ Active: 'yes' })).toEqual({
      kind: 'unreadable',
      problem: expect.stringContaining('answer.Active'),
    });
  });

  test('when names differ in case then they are the names of the contract', () => {
    expect(read({ erpConnectionId: 124, ACTIVE: true })).toEqual({
      kind: 'value',
      value: { ErpConnectionId: 124, Active: true },
    });
  });

  test('when members are unknown, null or of the base type then they are passed over', () => {
    expect(read({ Active: true, Brand: 'new', DisplayName: null, TableRight: null })).toEqual({
      kind: 'value',
      value: { Active: true },
    });
  });

  test('when text is not ASCII then it is read as UTF-8', () => {
    expect(read({ DisplayName: 'Leverandør 供应商' })).toMatchObject({
      value: { DisplayName: 'Leverandør 供应商' },
    });
  });

  test.each([
    ['missing', {}],
    ['null', { IsOk: null }],
  ])('when IsOk of a PluginResponse is %s then it is unreadable', (_, body) => {
    expect(read(body, { name: 'ForceResync' })).toMatchObject({ kind: 'unreadable' });
  });
});

describe("the server's own errors", () => {
  test.each([
    ['ErrorMessage', { Error: true, ErrorType: 'SoException', ErrorMessage: 'Gone' }, 'Gone'],
    ['ErrorType, for want of more', { Error: true, ErrorType: 'SoException' }, 'SoException'],
    ['a flag alone', { Error: true }, 'it does not say why'],
    ['Message and MessageDetail', { Message: 'Invalid.', MessageDetail: 'Key 1.' }, 'Invalid. Key 1.'],
  ])('when a 200 holds %s then it is a refusal', (_, body, message) => {
    expect(read(body)).toEqual({ kind: 'refusal', message });
  });

  test.each([
    ['Message alone', { Message: 'An error has occurred.' }, 'An error has occurred.'],
    ['ExceptionMessage', { Message: 'Failed.', ExceptionMessage: 'Timeout.' }, 'Failed. Timeout.'],
    ['FriendlyText', { FriendlyText: 'Try later' }, 'Try later'],
    ['error_description', { error: 'invalid', error_description: 'Expired' }, 'Expired'],
    ['ErrorMessage, blanks trimmed', { ErrorMessage: ' Gone ' }, 'Gone'],
  ])('when a 400 holds %s then it is a refusal', (_, body, message) => {
    expect(read(body, { status: 400 })).toEqual({ kind: 'refusal', message });
  });

  test.each([
    ['no known member', { code: 17 }],
    ['a blank message', { Message: ' ' }],
    ['a message that is no text', { Message: 17 }],
    ['a list', [{ Message: 'x' }]],
    ['a text', '"x"'],
    ['false', false],
  ])('when a 500 holds %s then it is no refusal', (_, body) => {
    expect(read(body, { status: 500 })).toMatchObject({ kind: 'value' });
  });

  test.each([
    ['Message', { Message: 'a' }],
    ['three names', { Message: 'a', MessageDetail: 'b', More: 'c' }],
    ['Error that is no flag', { Error: 'true', ErrorMessage: 'a' }],
  ])('when a map in a 200 has a member %s then it is a value', (_, body) => {
    expect(read(body, { name: 'GetErpConnectionConfigFields' })).toEqual({ kind: 'value', value: body });
  });
});
