/** The parameters of a query or a form, as OAuth reads them. */
import { type Body, formProblem, type RequestHead } from './request.ts';

/** Parameters by name; one that is empty counts as absent. */
export interface Parameters {
  get(name: string): string | undefined;
  /** A name that is given more than once, which OAuth forbids. */
  readonly repeated: string | undefined;
}

/** Reads `a=1&b=2`. */
export function readParameters(text: string): Parameters {
  const pairs = new URLSearchParams(text);
  const names = [...pairs.keys()];
  return {
    get: (name) => pairs.get(name) || undefined,
    repeated: names.find((name, index) => names.indexOf(name) !== index),
  };
}

/** A form that was posted, or the status and the words it is refused with. */
export type PostedForm =
  | { readonly kind: 'form'; readonly parameters: Parameters }
  | { readonly kind: 'problem'; readonly status: 413 | 415; readonly problem: string };

/** Reads the body of a request as a form. */
export function readForm(head: RequestHead, body: Body): PostedForm {
  const problem = formProblem(head);
  if (problem !== undefined) return { kind: 'problem', status: 415, problem };
  if (body === 'too large') return { kind: 'problem', status: 413, problem: 'The body is too large.' };
  return { kind: 'form', parameters: readParameters(Buffer.from(body).toString('utf8')) };
}
