/** Loaded for each file of tests: what its tests leave in the temporary directory is taken away. */
import { afterAll } from 'vitest';
import { removeTemporaryDirectories } from './program.ts';

afterAll(removeTemporaryDirectories);
