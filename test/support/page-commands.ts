/** The command lines that pages show. */

/** The words of a line as a shell would read them; pages use plain words and double quotes alone. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);
}

/** The commands that stand on lines of their own, in order: indented, or in a block of no language. */
export function shownCommands(text: string): readonly string[] {
  return [...text.matchAll(/^ {4,}(?:sudo -u erpsync -H )?(erpsync .*)$/gm)].map(([, line = '']) => line);
}

/** Everything that begins with `erpsync` and a word in code, within sentences too; lines that go on are joined. */
export function namedCommands(text: string): readonly string[] {
  const joined = text.replace(/\n +(?=--)/g, ' ');
  const fenced = [...joined.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const indented = joined.match(/^ {4,}.*$/gm) ?? [];
  const inline = [...joined.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...fenced, ...indented, ...inline].flatMap((code) => {
    const [, line = ''] = /(?:^|[\s'"])(erpsync [a-z].*)$/.exec(code) ?? [];
    return line === '' ? [] : [line.split(/ >| 2>|'$/, 1)[0] ?? ''];
  });
}
