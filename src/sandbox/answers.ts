/** What the sandbox says over HTTP: results, and the shapes in which NetServer reports errors. */

/** One HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for an answer without a body. */
  readonly body: string | undefined;
  /** Set where it says no although its status does not. */
  readonly isRefusal?: true;
}

/** A value as JSON, the way NetServer labels it. */
export function jsonAnswer(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** 204: what an operation without result answers. */
export const noContent: Answer = { status: 204, headers: {}, body: undefined };

/** The error object of NetServer's REST endpoints; it never holds a stack trace. */
export function errorAnswer(
  status: number,
  type: string,
  message: string,
  headers: Answer['headers'] = {},
): Answer {
  const error = {
    Error: true,
    ErrorType: type,
    ErrorMessage: message,
    ErrorSource: 'SuperOffice.Services.Implementation',
  };
  return jsonAnswer(status, error, headers);
}

/** What ASP.NET answers when a body or a query cannot be bound to the parameters. */
export function invalidRequest(detail: string): Answer {
  return jsonAnswer(400, { Message: 'The request is invalid.', MessageDetail: detail });
}
