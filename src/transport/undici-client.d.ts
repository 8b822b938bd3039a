/** undici publishes this file but no types for its path. */
declare module 'undici/lib/dispatcher/client.js' {
  export { default } from 'undici/types/client.d.ts';
}
