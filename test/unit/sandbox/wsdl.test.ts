/** The WSDLs against what is known of the published ones: operations, types, members and their order. */
import { describe, expect, test } from 'vitest';
import { serviceAt } from '../../../src/sandbox/soap-routes.ts';
import { wsdlOf } from '../../../src/sandbox/wsdl.ts';
import { readXmlDocument, type XmlElement } from '../../../src/sandbox/xml-document.ts';
import { open } from './sandbox-fixture.ts';
import { namespaceOf } from './soap-fixture.ts';

const xs = 'http://www.w3.org/2001/XMLSchema';
const wsdl = 'http://schemas.xmlsoap.org/wsdl/';

function documentOf(agent: string, version: number): XmlElement {
  const service = serviceAt(`/remote/services${version}/${agent}.svc`);
  if (service === undefined) throw new Error(`no service ${agent}`);
  const document = readXmlDocument(Buffer.from(wsdlOf(service, 'http://127.0.0.1/x')));
  if (document.kind === 'problem') throw new Error(document.problem);
  return document.root;
}

function* below(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    yield child;
    yield* below(child);
  }
}

function all(root: XmlElement, namespace: string, name: string): XmlElement[] {
  return [...below(root)].filter((element) => element.namespace === namespace && element.name === name);
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.find((one) => one.name === name)?.value ?? '';
}

/** The names of the complex types of a WSDL, without arrays. */
function typesOf(root: XmlElement): string[] {
  const names = all(root, xs, 'complexType').map((type) => attribute(type, 'name'));
  return names.filter((name) => name !== '' && !name.startsWith('ArrayOf')).sort();
}

/** The members of a named complex type: `name:type`, with `?` where it can be nil. */
function membersOf(root: XmlElement, name: string): string[] {
  const type = all(root, xs, 'complexType').find((one) => attribute(one, 'name') === name);
  const sequence = type && all(type, xs, 'sequence')[0];
  return (sequence?.children ?? []).map(
    (member) =>
      `${attribute(member, 'name')}:${attribute(member, 'type')}${attribute(member, 'nillable') ? '?' : ''}`,
  );
}

describe('contents', () => {
  // Types without arrays: the 28, 10, 13 and 17 of the published contracts (27 before ListItem came), and the
  // two or three that those hold inside others: FieldProperty, FieldRight, ArchiveColumnData.
  test.each([
    ['ErpSync', 86, 44, 29],
    ['ErpSync', 87, 44, 29],
    ['ErpSync', 88, 49, 30],
    ['Batch', 86, 11, 12],
    ['Batch', 87, 11, 12],
    ['Batch', 88, 15, 12],
    ['Archive', 86, 3, 16],
    ['Archive', 88, 3, 16],
    ['SoPrincipal', 86, 5, 19],
    ['SoPrincipal', 88, 5, 19],
  ])(
    'when it is that of %s of Services%i then it has %i operations and %i types',
    (agent, version, operations, types) => {
      const root = documentOf(agent, version);
      const [portType] = all(root, wsdl, 'portType');
      expect(portType?.children).toHaveLength(operations);
      expect(typesOf(root)).toHaveLength(types);
      expect(attribute(root, 'targetNamespace')).toBe(namespaceOf(version));
    },
  );

  test('when types refer to types then each of them is defined', () => {
    for (const agent of ['ErpSync', 'Batch', 'Archive', 'SoPrincipal']) {
      const root = documentOf(agent, 88);
      const elements = [...below(root)];
      const used = elements.flatMap((element) => [attribute(element, 'type'), attribute(element, 'base')]);
      const ofSchema = used.filter((name) => /^(?:tns|arr|ser):/.test(name) && name !== `tns:${agent}`);
      const types = ['complexType', 'simpleType'].flatMap((kind) => all(root, xs, kind));
      const defined = new Set(types.map((type) => attribute(type, 'name')));
      expect(ofSchema.filter((name) => !defined.has(name.split(':')[1] ?? ''))).toEqual([]);
    }
  });

  test.each([86, 88])(
    'when the members of carriers of Services%i are read then they stand in the known order',
    (version) => {
      const erpSync = documentOf('ErpSync', version);
      expect(membersOf(erpSync, 'ErpSyncEngineStatus')).toEqual([
        'IsRunning:xs:boolean',
        'StatusMessage:xs:string?',
        'Interval:ser:duration',
      ]);
      expect(membersOf(erpSync, 'PluginResponse')).toEqual([
        'IsOk:xs:boolean',
        'UserExplanation:xs:string?',
        'TechExplanation:xs:string?',
        'ErrorCode:xs:string?',
        'Changes:tns:ChangedData?',
        ...(version === 88 ? ['Status:tns:QuoteStatus'] : []),
      ]);
      expect(membersOf(erpSync, 'Carrier')).toEqual([
        'TableRight:tns:TableRight?',
        'FieldProperties:tns:FieldPropertyDictionary?',
      ]);
      expect(membersOf(erpSync, 'ErpConnection').slice(-5)).toEqual([
        'ConfigFields:tns:StringDictionary?',
        'Deleted:xs:boolean',
        'AllAccess:xs:boolean',
        'UserGroupAccessIds:arr:ArrayOfint?',
        'AssociateAccessIds:arr:ArrayOfint?',
      ]);
      const last = membersOf(documentOf('Batch', version), 'BatchTaskInfo').at(-1);
      expect(last).toBe(
        version === 88
          ? 'CancellationBehaviour:tns:BatchTaskCancellationBehaviour'
          : 'ProgressPercent:xs:short',
      );
    },
  );

  test('when an enumeration is read then its names stand in the known order', () => {
    const types = all(documentOf('Batch', 88), xs, 'simpleType');
    const state = types.find((type) => attribute(type, 'name') === 'BatchTaskState');
    const values = state && all(state, xs, 'enumeration').map((value) => attribute(value, 'value'));
    expect(values).toEqual([
      'Unknown',
      'New',
      'Aquired',
      'Started',
      'Succeeded',
      'Failed',
      'SucceededManualCleanup',
      'All',
    ]);
  });

  test('when the logins are read then they share their answer and ask for no ticket', () => {
    const root = documentOf('SoPrincipal', 86);
    const parts = all(root, wsdl, 'part').map((part) => attribute(part, 'element'));
    expect(parts.filter((element) => element === 'tns:AuthenticateResponse')).toHaveLength(4);
    expect(parts).not.toContain('tns:Credentials');
  });
});

describe('pages', () => {
  test.each(['?wsdl', '?WSDL', '?singleWsdl'])(
    'when a service is asked for %s then it names its own address',
    async (query) => {
      const sandbox = await open();
      const reply = await sandbox.send(`/remote/SERVICES86/erpsync.svc${query}`);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
      expect(reply.text).toContain(`<soap:address location="${sandbox.url}/Remote/Services86/ErpSync.svc"/>`);
      expect(sandbox.logLines()).toMatchObject([
        { method: 'GET', operation: null, status: 200, outcome: 'done' },
      ]);
    },
  );

  test('when a service is asked for nothing then a page says where its WSDL is', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/Remote/Services88/Batch.svc');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(reply.text).toContain(`href="${sandbox.url}/Remote/Services88/Batch.svc?wsdl"`);
  });
});
