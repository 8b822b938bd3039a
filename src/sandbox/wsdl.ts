/**
 * The WSDL of a service, written from the contract: document/literal wrapped with a SOAP 1.1 binding, as each of
 * NetServer's published WSDLs is, but in one document without imports.
 */
import type { OperationName } from '../agent/contract.ts';
import type { Fields } from '../agent/wire-types.ts';
import { element } from './markup.ts';
import { requestHeadersOf, responseHeaders } from './soap-carriers.ts';
import { responseElement } from './soap-elements.ts';
import { arraysNamespace, serializationNamespace } from './soap-names.ts';
import { actionOf, type Service } from './soap-routes.ts';
import { typesOf } from './wsdl-types.ts';

/** The WSDL; `address` is the URL under which the service is called. */
export function wsdlOf(service: Service, address: string): string {
  const { agent, namespace, operations } = service;
  const attributes = {
    name: `Wcf${agent}Service`,
    targetNamespace: namespace,
    'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
    'xmlns:soap': 'http://schemas.xmlsoap.org/wsdl/soap/',
    'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:tns': namespace,
    'xmlns:arr': arraysNamespace,
    'xmlns:ser': serializationNamespace,
  };
  const document = element(
    'wsdl:definitions',
    attributes,
    typesOf(service),
    ...operations.flatMap((name) => messages(service, name)),
    element('wsdl:portType', { name: agent }, ...operations.map(portOperation)),
    binding(service),
    element('wsdl:service', { name: `Wcf${agent}Service` }, port(agent, address)),
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n${document}\n`;
}

/** The parameters and headers of an operation, and of its answer. */
function messages(service: Service, name: OperationName): string[] {
  const body = (message: string, bodyElement: string) =>
    element(
      'wsdl:message',
      { name: message },
      element('wsdl:part', { name: 'parameters', element: `tns:${bodyElement}` }),
    );
  const headers = (message: string, fields: Fields) => {
    const parts = Object.keys(fields).map((field) =>
      element('wsdl:part', { name: field, element: `tns:${field}` }),
    );
    return element('wsdl:message', { name: message }, ...parts);
  };
  return [
    body(`${name}Request`, name),
    headers(`${name}Request_Headers`, requestHeadersOf(service.agent)),
    body(`${name}Response`, responseElement(name)),
    headers(`${name}Response_Headers`, responseHeaders),
  ];
}

function portOperation(name: OperationName): string {
  return element(
    'wsdl:operation',
    { name },
    element('wsdl:input', { name: `${name}Request`, message: `tns:${name}Request` }),
    element('wsdl:output', { name: `${name}Response`, message: `tns:${name}Response` }),
  );
}

function binding(service: Service): string {
  const part = (direction: 'input' | 'output', message: string, fields: Fields) => {
    const headers = Object.keys(fields).map((field) =>
      element('soap:header', { message: `tns:${message}_Headers`, part: field, use: 'literal' }),
    );
    return element(
      `wsdl:${direction}`,
      { name: message },
      ...headers,
      element('soap:body', { use: 'literal' }),
    );
  };
  const operations = service.operations.map((name) =>
    element(
      'wsdl:operation',
      { name },
      element('soap:operation', { soapAction: actionOf(service, name), style: 'document' }),
      part('input', `${name}Request`, requestHeadersOf(service.agent)),
      part('output', `${name}Response`, responseHeaders),
    ),
  );
  return element(
    'wsdl:binding',
    { name: `BasicHttpBinding_${service.agent}`, type: `tns:${service.agent}` },
    element('soap:binding', { transport: 'http://schemas.xmlsoap.org/soap/http' }),
    ...operations,
  );
}

function port(agent: string, address: string): string {
  const name = `BasicHttpBinding_${agent}`;
  return element(
    'wsdl:port',
    { name, binding: `tns:${name}` },
    element('soap:address', { location: address }),
  );
}
