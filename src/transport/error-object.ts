/** Longer messages are cut (characters): an error is read by people, and kept in logs. */
const longestMessage = 2_000;

/** A server's own words, as far as anybody reads them. */
export function shortened(message: string): string {
  if (message.length <= longestMessage) return message;
  // Not through the middle of a character of two halves.
  return `${message.slice(0, longestMessage).replace(/[\ud800-\udbff]$/, '')}...`;
}

/**
 * What an error object of the server says, or undefined for anything that is none:
 * `{"Error":true,"ErrorType":...,"ErrorMessage":...}` of NetServer, `{"Message":...,"MessageDetail":...}` of
 * ASP.NET Web API before it, and the names of other stacks on the way.
 */
export function errorMessageIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(json, name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const message = text('Message');
  const detail = text('MessageDetail') ?? text('ExceptionMessage');
  const said =
    text('ErrorMessage') ??
    (message !== undefined && detail !== undefined ? `${message} ${detail}` : message) ??
    text('FriendlyText') ??
    text('error_description') ??
    text('ErrorType') ??
    (isFlagged(json) ? 'it does not say why' : undefined);
  return said && shortened(said);
}

/** Whether an answer says itself that it is an error, as NetServer does under any status. */
export function isFlagged(json: unknown): boolean {
  return typeof json === 'object' && json !== null && Reflect.get(json, 'Error') === true;
}
