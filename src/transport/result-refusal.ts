/** The refusal that a result itself expresses, if it does: the same facts in JSON and in XML. */
export function refusalIn(isRead: boolean, value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'IsOk' in value && value.IsOk === false) {
    return pluginMessage(value);
  }
  if (isRead) return undefined;
  if (value === false) return 'it answers false: it was not done';
  if (typeof value === 'string' && value !== 'NoError') return `it answers ${value}`;
  if (Array.isArray(value) && value.length > 0 && value.every((reason) => typeof reason === 'string')) {
    return value.join('; ');
  }
  return undefined;
}

function pluginMessage(response: object): string {
  const member = (name: string): string | undefined => {
    const text: unknown = Reflect.get(response, name);
    return typeof text === 'string' && text.trim() !== '' ? text : undefined;
  };
  const explanation = member('UserExplanation') ?? member('TechExplanation') ?? 'it does not say why';
  const code = member('ErrorCode');
  return code === undefined ? explanation : `${explanation} (${code})`;
}
