export { shellWord } from '../files/shell-word.ts';
