import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ArgumentsOf, agents, type OperationName, operationNamed } from '../../../src/agent/contract.ts';
import { WireValueError } from '../../../src/agent/wire-json.ts';
import {
  arraysNamespace,
  instanceNamespace,
  isIn,
  type ServicesVersion,
  serviceNamespace,
} from '../../../src/agent/wire-xml.ts';
import { readXml, XmlError } from '../../../src/agent/xml-document.ts';
import { XmlValueReader } from '../../../src/agent/xml-reader.ts';
import { writeRequest } from '../../../src/agent/xml-writer.ts';
import { membersOf } from './contract-values.ts';

const versions: readonly ServicesVersion[] = [86, 87, 88];
const names = Object.values(agents).flatMap((agent) => Object.keys(agent)) as OperationName[];

/** Reads the parameters of an operation from its element, which is all of the document. */
function readArguments(
  name: OperationName,
  element: string,
  version: ServicesVersion,
  how: 'strict' | 'lenient',
) {
  const declared = [
    `xmlns:n="${serviceNamespace(version)}"`,
    `xmlns:a="${arraysNamespace}"`,
    `xmlns:i="${instanceNamespace}"`,
  ];
  const text = element.replace(/^<(n:\w+)/, `<$1 ${declared.join(' ')}`);
  const reader = new XmlValueReader(name, Object.entries(operationNamed(name).parameters), { version, how });
  let depth = 0;
  readXml(Buffer.from(text), {
    open(opened) {
      if (depth++ > 0) reader.open(opened);
    },
    text(piece) {
      if (depth > 0) reader.text(piece);
    },
    close() {
      if (--depth > 0) reader.close();
    },
  });
  return reader.values;
}

function written(name: OperationName, given: unknown, version: ServicesVersion): string {
  // The value was made from the parameters of this very operation.
  return writeRequest(name, given as ArgumentsOf<typeof name>, version);
}

describe('what is written and read again', () => {
  test.each(names)('when %s is given any arguments then they come back, in every version', (name) => {
    const { parameters } = operationNamed(name);
    for (const version of versions.filter((each) => isIn(name, each))) {
      const given = fc.record(membersOf(Object.entries(parameters), version, 3), { noNullPrototype: true });
      fc.assert(
        fc.property(given, (values) => {
          const element = written(name, values, version);
          expect(readArguments(name, element, version, 'strict')).toEqual(values);
        }),
        { numRuns: 25 },
      );
    }
  });
});

const task = 'ForceResyncBatchTask';
function element(content: string): string {
  return `<n:${task}>${content}</n:${task}>`;
}
const id = '<n:ErpConnectionId>124</n:ErpConnectionId>';
const keys = '<n:InternalKeyIds><a:int>100</a:int><a:int>959</a:int></n:InternalKeyIds>';

describe('a strict reader', () => {
  test('when all is as it should be then it reads the arguments', () => {
    expect(readArguments(task, element(id + keys), 88, 'strict')).toEqual({
      ErpConnectionId: 124,
      InternalKeyIds: [100, 959],
    });
  });

  test('when comments, blanks and xsi:type stand in between then they do not matter', () => {
    const spaced = element(
      `\n <!-- x --> <n:ErpConnectionId i:type="x"> 124 </n:ErpConnectionId>\n<n:InternalKeyIds> <a:int>1</a:int> </n:InternalKeyIds>`,
    );
    expect(readArguments(task, spaced, 88, 'strict')).toEqual({ ErpConnectionId: 124, InternalKeyIds: [1] });
  });

  test.each<[string, string, string]>([
    ['members are in the wrong order', keys + id, 'ErpConnectionId stands behind'],
    [
      'a key is in the wrong namespace',
      `${id}<n:InternalKeyIds><n:int>1</n:int></n:InternalKeyIds>`,
      'where int in',
    ],
    [
      'a member is in the wrong namespace',
      `<ErpConnectionId>1</ErpConnectionId>${keys}`,
      'is in namespace ""',
    ],
    ['a member is not known', `${id}${keys}<n:Other/>`, 'Other is not a known element'],
    ['a member stands twice', `${id}${id}${keys}`, 'ErpConnectionId stands twice'],
    ['a number is none', `<n:ErpConnectionId>1e3</n:ErpConnectionId>${keys}`, 'no whole number'],
    ['a number is too large', `<n:ErpConnectionId>2147483648</n:ErpConnectionId>${keys}`, 'no whole number'],
    ['a number is nil', `<n:ErpConnectionId i:nil="true"/>${keys}`, 'ErpConnectionId is nil'],
    [
      'text stands among the keys',
      `${id}<n:InternalKeyIds>1,2</n:InternalKeyIds>`,
      'text where elements are due',
    ],
    [
      'an element stands in a number',
      `<n:ErpConnectionId><a:int>1</a:int></n:ErpConnectionId>`,
      'where a value is due',
    ],
  ])('when %s then that is told', (_, content, words) => {
    expect(() => readArguments(task, element(content), 88, 'strict')).toThrow(WireValueError);
    expect(() => readArguments(task, element(content), 88, 'strict')).toThrow(words);
  });

  test('when a member came with a later version then an older one does not know it', () => {
    const carrier = '<n:BatchTaskInfo><n:Id>1</n:Id><n:FileName>x</n:FileName></n:BatchTaskInfo>';
    const request = `<n:UpdateBatchTask>${carrier}</n:UpdateBatchTask>`;
    expect(readArguments('UpdateBatchTask', request, 88, 'strict')).toEqual({
      BatchTaskInfo: { Id: 1, FileName: 'x' },
    });
    expect(() => readArguments('UpdateBatchTask', request, 87, 'strict')).toThrow(
      'FileName is not a known element',
    );
  });

  test('when base members stand first then they are passed over, and refused anywhere else', () => {
    const right = '<n:TableRight i:nil="true"/><n:FieldProperties/>';
    const request = (before: string, after: string) =>
      `<n:SaveErpSyncConnectorEntity><n:ErpSyncConnectorEntity>${before}<n:ErpConnectorId>1</n:ErpConnectorId>${after}</n:ErpSyncConnectorEntity></n:SaveErpSyncConnectorEntity>`;
    const read = (text: string) => readArguments('SaveErpSyncConnectorEntity', text, 86, 'strict');
    expect(read(request(right, ''))).toEqual({ ErpSyncConnectorEntity: { ErpConnectorId: 1 } });
    expect(() => read(request('', right))).toThrow('TableRight is not a known element');
  });
});

describe('a request that was damaged', () => {
  const request = written(
    'CreateErpActorFromCrm',
    {
      ConnectionId: 124,
      CrmEntityId: 959,
      ErpActorType: 'Customer',
      CrmActorType: 'Contact',
      ErpFieldKeyValues: { Name: 'Ødegård & Co', Empty: null },
    },
    88,
  );

  test('when it is read strictly or leniently then nothing but the errors of reading comes', () => {
    const pieces = fc.constantFrom(
      '',
      '<',
      '>',
      '/',
      'n:',
      'a:',
      '"',
      '&',
      '&amp;',
      ' i:nil="true"',
      '\ud800',
    );
    fc.assert(
      fc.property(
        fc.nat(request.length),
        fc.nat(12),
        pieces,
        fc.constantFrom('strict' as const, 'lenient' as const),
        (at, cut, put, how) => {
          const damaged = request.slice(0, at) + put + request.slice(at + cut);
          try {
            readArguments('CreateErpActorFromCrm', damaged, 88, how);
          } catch (error) {
            expect(error instanceof XmlError || error instanceof WireValueError).toBe(true);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('what is not carried', () => {
  test.each(['\u0000', '\u000b', '\ufffe', '\ud800'])(
    'when a text holds %j then that is told before anything is sent',
    (bad) => {
      const given = { Url: `https://x/${bad}` };
      expect(() => written('TestConnectorUrl', given, 88)).toThrow(
        /^TestConnectorUrl\.Url: the character U\+/,
      );
    },
  );

  test('when a parameter is missing or of another type then that is told', () => {
    expect(() => written(task, { ErpConnectionId: 1 }, 88)).toThrow('InternalKeyIds: is missing');
    expect(() => written(task, { ErpConnectionId: 1, InternalKeyIds: ['1'] }, 88)).toThrow(
      'InternalKeyIds[0]',
    );
  });
});

describe('a document', () => {
  const ignore = { open: () => undefined, text: () => undefined, close: () => undefined };
  const deep = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);

  test.each<[string, string | Uint8Array, string]>([
    ['has a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'document type'],
    ['has an entity that is not known', '<a>&nbsp;</a>', 'entity'],
    ['is cut off', '<a><b>', 'unclosed tag'],
    ['is empty', '', 'document must contain a root element'],
    ['is no XML', '{"a":1}', 'text data outside of root node'],
    ['has two roots', '<a/><b/>', 'may contain only one root'],
    ['has a prefix that is not declared', '<x:a/>', 'unbound namespace prefix'],
    ['nests too deep', deep(65), 'deeper than 64 levels'],
    ['is not UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c]), 'not UTF-8'],
    ['has another encoding', '<?xml version="1.0" encoding="iso-8859-1"?><a/>', 'encoding is iso-8859-1'],
  ])('when it %s then that is an error of its own', (_, text, words) => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    expect(() => readXml(bytes, ignore)).toThrow(XmlError);
    expect(() => readXml(bytes, ignore)).toThrow(words);
  });

  test('when it is in UTF-16 with a byte order mark, or just as deep as may be, then it is read', () => {
    const utf16 = Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><a>é</a>', 'utf16le');
    const texts: string[] = [];
    readXml(utf16, { ...ignore, text: (piece) => texts.push(piece) });
    expect(texts.join('')).toBe('é');
    expect(() => readXml(Buffer.from(deep(64)), ignore)).not.toThrow();
  });

  test('when it is any bytes then nothing but that error comes', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<',
      '>',
      '&amp;',
      '&#x0;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      'é',
      '="',
      ' ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          readXml(Buffer.from(given), ignore);
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
      }),
    );
  });
});
