/**
 * Makes the pictures of the README from real runs: each command line is typed in a pseudo-terminal, against a sandbox,
 * and what stands on the screen then becomes an SVG in docs/pictures.
 */
import { spawn as spawnProgram } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const program = path.resolve('bin/erpsync.js');
const home = mkdtempSync(path.join(tmpdir(), 'erpsync-pictures-'));
const size = { cols: 124, rows: 60 };

/** What is typed for each picture. */
const pictures = {
  resync: [
    'erpsync connections list',
    'erpsync force-resync --connection 124 --ids 100,959 --wait',
    'echo $?',
    'erpsync runs list',
  ],
  help: ['erpsync --help'],
  error: ['erpsync force-resync --connection 999 --ids 100', 'echo $?', 'erpsync force-resnyc --all'],
};

/** Width and height of a character, and the colours of the sixteen that programs name (ends of the light ones). */
const cell = { width: 8.4, height: 19 };
const colours = ['#1f2328', '#e5534b', '#57ab5a', '#c69026', '#539bf5', '#b083f0', '#39c5cf', '#adbac7'];

/** Types the lines one after the other, each when the shell is ready; returns the screen. */
async function typed(lines) {
  const terminal = new xterm.Terminal({ ...size, allowProposedApi: true });
  const shell = spawn('bash', ['--norc', '--noprofile'], {
    ...size,
    name: 'xterm-256color',
    cwd: home,
    env: {
      PATH: `${home}/bin:${process.env.PATH}`,
      HOME: home,
      PS1: '$ ',
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
    },
  });
  let written = Promise.resolve();
  const ready = () =>
    new Promise((resolve) => {
      const look = shell.onData(() => {
        written = written.then(async () => {
          const { active } = terminal.buffer;
          const line = active
            .getLine(active.baseY + active.cursorY)
            ?.translateToString(true)
            .trimEnd();
          if (line !== '$') return;
          look.dispose();
          resolve(undefined);
        });
      });
    });
  shell.onData((data) => {
    written = written.then(() => new Promise((resolve) => terminal.write(data, resolve)));
  });
  let prompt = ready();
  for (const line of lines) {
    await prompt;
    prompt = ready();
    shell.write(`${line}\r`);
  }
  await prompt;
  shell.kill();
  return terminal.buffer.active;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The characters of a line, those of the same look together. */
function spans(line) {
  const found = [];
  for (let x = 0; x < size.cols; x++) {
    const at = line.getCell(x);
    if (!at || at.getWidth() === 0) continue;
    const look = [
      ...(at.isBold() ? ['font-weight="bold"'] : []),
      ...(at.isDim() ? ['opacity="0.7"'] : []),
      ...(at.isFgPalette() ? [`fill="${colours[at.getFgColor() % 8]}"`] : []),
    ].join(' ');
    const last = found.at(-1);
    if (last?.look === look) last.text += at.getChars() || ' ';
    else found.push({ look, x, text: at.getChars() || ' ' });
  }
  return found
    .map(({ look, x, text }) => ({ look, x, text: text.trimEnd() }))
    .filter(({ text }) => text !== '');
}

/** The screen as a picture, without the prompt that waits at its end. */
function svg(screen, title) {
  const lines = Array.from({ length: screen.baseY + screen.cursorY }, (_, y) => screen.getLine(y));
  const columns = Math.max(80, ...lines.map((line) => line.translateToString(true).length));
  const width = Math.ceil(columns * cell.width) + 24;
  const height = lines.length * cell.height + 24;
  const texts = lines.flatMap((line, y) =>
    spans(line).map(
      ({ look, x, text }) =>
        `<text x="${(12 + x * cell.width).toFixed(1)}" y="${(12 + (y + 0.78) * cell.height).toFixed(1)}" ${look} textLength="${(text.length * cell.width).toFixed(1)}" xml:space="preserve">${escaped(text)}</text>`,
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height.toFixed(0)}" width="${width}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#adbac7">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#22272e"/>
${texts.join('\n')}
</svg>
`;
}

const sandbox = spawnProgram(process.execPath, [program, 'sandbox'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [line] = await once(createInterface({ input: sandbox.stdout }), 'line');
  const { url, username, password } = JSON.parse(line);
  writeFileSync(path.join(home, 'password.txt'), password, { mode: 0o600 });
  const bin = path.join(home, 'bin');
  await typed([
    `mkdir ${bin} && ln -s ${program} ${bin}/erpsync`,
    `erpsync profile add prod --url ${url} --username ${username} --password-file password.txt`,
  ]);
  for (const [name, lines] of Object.entries(pictures)) {
    writeFileSync(
      path.join('docs', 'pictures', `${name}.svg`),
      svg(await typed(lines), `At a terminal: ${lines.join('; ')}`),
    );
  }
} finally {
  sandbox.kill();
  rmSync(home, { recursive: true, force: true });
}
