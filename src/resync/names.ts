/** Names that a server gives in several languages at once. */

/**
 * The English text of a multi-language string (`NO:"Leverandør";US:"Supplier"`), else its first text;
 * any other string as it is. NetServer answers so when no Accept-Language reaches it.
 */
export function inEnglish(text: string): string {
  const texts = [...text.matchAll(/([A-Z]{2}):"([^"]*)";?\s*/g)];
  // Only a string that consists of such pairs is one.
  if (texts.length === 0 || texts.map(([pair]) => pair).join('') !== text) return text;
  const english = texts.find(([, language]) => language === 'US' || language === 'EN' || language === 'GB');
  return (english ?? texts[0])?.[2] ?? text;
}
