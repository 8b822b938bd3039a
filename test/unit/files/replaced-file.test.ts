import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { replaceFile } from '../../../src/files/replaced-file.ts';
import { temporaryDirectory } from '../../support/program.ts';

test('when there is a file then it has the new text and the mode', async () => {
  const file = path.join(temporaryDirectory(), 'a');
  writeFileSync(file, 'old');
  await replaceFile(file, 'new');
  expect([readFileSync(file, 'utf8'), lstatSync(file).mode & 0o777]).toEqual(['new', 0o600]);
});

test('when it is a link then what it leads to is replaced', async () => {
  const folder = temporaryDirectory();
  writeFileSync(path.join(folder, 'target'), 'old');
  symlinkSync('target', path.join(folder, 'link'));
  await replaceFile(path.join(folder, 'link'), 'new');
  expect(lstatSync(path.join(folder, 'link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(path.join(folder, 'target'), 'utf8')).toBe('new');
});

test('when it is a pipe then it is written to, and stays one', async () => {
  const folder = temporaryDirectory();
  const pipe = path.join(folder, 'pipe');
  execaSync('mkfifo', [pipe]);
  const reader = import('node:fs/promises').then(({ readFile }) => readFile(pipe, 'utf8'));
  await replaceFile(pipe, 'new');
  expect([await reader, lstatSync(pipe).isFIFO()]).toEqual(['new', true]);
});

test('when it is a device then it stays one', async () => {
  await replaceFile('/dev/null', 'new');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('when it is a directory then it fails, and nothing is left beside it', async () => {
  const folder = temporaryDirectory();
  mkdirSync(path.join(folder, 'a'));
  await expect(replaceFile(path.join(folder, 'a'), 'new')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(readdirSync(folder)).toEqual(['a']);
});
