/** What a GET on a SOAP service answers: its WSDL, or a page that says where that is. */
import type { Answer } from './answers.ts';
import { element, escaped } from './markup.ts';
import type { Service } from './soap-routes.ts';
import { wsdlOf } from './wsdl.ts';

/** The WSDL for the queries `wsdl` and `singleWsdl`, in any case; for anything else a page for people. */
export function pageOf(service: Service, query: string | undefined, baseUrl: string): Answer {
  const address = `${baseUrl}${service.path}`;
  return ['wsdl', 'singlewsdl'].includes(query?.toLowerCase() ?? '')
    ? page('text/xml', wsdlOf(service, address))
    : page('text/html', description(service, address));
}

function page(mediaType: string, body: string): Answer {
  return { status: 200, headers: { 'Content-Type': `${mediaType}; charset=utf-8` }, body };
}

function description({ agent, version, operations }: Service, address: string): string {
  const title = `Services${version} ${agent}`;
  const items = operations.map((name) => element('li', {}, escaped(name)));
  const html = element(
    'html',
    {},
    element('head', {}, element('title', {}, escaped(title))),
    element(
      'body',
      {},
      element('h1', {}, escaped(title)),
      element('p', {}, element('a', { href: `${address}?wsdl` }, escaped(`${address}?wsdl`))),
      element('ul', {}, ...items),
    ),
  );
  return `<!DOCTYPE html>\n${html}\n`;
}
