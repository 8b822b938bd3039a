/** The schemas of a WSDL: what stands in the bodies and headers of a service's messages. */
import { operationNamed } from '../agent/contract.ts';
import type { Fields } from '../agent/wire-types.ts';
import { element } from './markup.ts';
import { requestHeadersOf, responseHeaders } from './soap-carriers.ts';
import { responseElement, responseMembers } from './soap-elements.ts';
import { arraysNamespace, serializationNamespace } from './soap-names.ts';
import type { Service } from './soap-routes.ts';
import { createSchema, type Schema } from './wsdl-schema.ts';

/** The types of a service: a schema of its own, and the two that .NET brings along. */
export function typesOf(service: Service): string {
  const schema = createSchema(service.version);
  const bodies = new Map<string, Fields>();
  for (const name of service.operations) {
    bodies.set(name, operationNamed(name).parameters);
    bodies.set(responseElement(name), responseMembers(name));
  }
  const wrappers = [...bodies].map(([name, fields]) => wrapper(schema, name, fields));
  const headers = schema.globals({ ...requestHeadersOf(service.agent), ...responseHeaders });
  const imports = [arraysNamespace, serializationNamespace].map((namespace) =>
    element('xs:import', { namespace }),
  );
  return element(
    'wsdl:types',
    {},
    schemaElement(arraysNamespace, ...schema.simpleArrays().map(simpleArray)),
    schemaElement(serializationNamespace, duration),
    schemaElement(service.namespace, ...imports, ...wrappers, ...headers, ...schema.definitions()),
  );
}

function schemaElement(targetNamespace: string, ...content: readonly string[]): string {
  return element('xs:schema', { elementFormDefault: 'qualified', targetNamespace }, ...content);
}

/** The element around the parameters of an operation or around its result. */
function wrapper(schema: Schema, name: string, fields: Fields): string {
  const sequence = element('xs:sequence', {}, ...schema.members(fields));
  return element('xs:element', { name }, element('xs:complexType', {}, sequence));
}

function simpleArray(item: string): string {
  const attributes = {
    minOccurs: '0',
    maxOccurs: 'unbounded',
    name: item,
    ...(item === 'string' ? { nillable: 'true' } : {}),
    type: `xs:${item}`,
  };
  return element(
    'xs:complexType',
    { name: `ArrayOf${item}` },
    element('xs:sequence', {}, element('xs:element', attributes)),
  );
}

/** .NET's TimeSpan: days, hours, minutes and seconds, since months and years have no fixed length. */
const duration = element(
  'xs:simpleType',
  { name: 'duration' },
  element(
    'xs:restriction',
    { base: 'xs:duration' },
    element('xs:pattern', { value: String.raw`\-?P(\d*D)?(T(\d*H)?(\d*M)?(\d*(\.\d*)?S)?)?` }),
    element('xs:minInclusive', { value: '-P10675199DT2H48M5.4775808S' }),
    element('xs:maxInclusive', { value: 'P10675199DT2H48M5.4775807S' }),
  ),
);
